#include "models/propagation/artifacts/file_replica.h"

#include <cassert>
#include <utility>

#include "models/propagation/artifacts/stages.h"
#include "models/propagation/ticks.h"

namespace parallax::propagation::artifacts {

FileReplica::FileReplica(const Place& from, const Place& to, const std::string& name, const FileReplicaSpec& spec,
                         std::vector<domain::Stage> stage_of_fault)
    : from_{from},
      to_{to},
      spec_{spec},
      stage_of_fault_{std::move(stage_of_fault)},
      name_{name},
      delays_{from.site.stream(name, "file delays")} {
  assert(!spec.files.empty() && spec.files.size() <= 32);
}

void FileReplica::add_scanner(Scanner& gateway, const std::string& name) {
  const sim::Duration phase = draw_phase(to_.site, name + " deployment scan", spec_.scan_interval);
  readers_.push_back(std::make_unique<Reader>(Reader{&gateway, phase}));
}

std::uint32_t FileReplica::all() const { return 0xffff'ffffU >> (32 - spec_.files.size()); }

Completeness FileReplica::completeness(domain::ApiId api) const {
  if (domain::index(api) >= copies_.size()) return {0, all()};
  return {copies_[domain::index(api)].present, all()};
}

// --- Where they are written

void FileReplica::write(Parcel parcel) {
  parcel.enter(kTransfer, from_);
  for (std::uint32_t file = 0; file < spec_.files.size(); ++file) {
    const auto& delay = spec_.delay[static_cast<std::size_t>(spec_.files[file])];
    if (!delay) continue;
    from_.site.after(delay->sample(delays_), [this, parcel, file] { send(parcel, file); });
  }
}

// What a fault has kept back is charged to it until it is there.
void FileReplica::send(Parcel parcel, std::uint32_t file) {
  const sim::Sent sent = from_.site.send(to_.site.id(), [this, parcel, file] { arrive(parcel, file); });
  if (sent) return;
  if (sent.fault) parcel.enter(stage_of_fault_[*sent.fault], from_);
  from_.site.after(spec_.retry, [this, parcel, file] { send(parcel, file); });
}

// --- At the replica

void FileReplica::arrive(Parcel parcel, std::uint32_t file) {
  if (domain::index(parcel.api) >= copies_.size()) copies_.resize(domain::index(parcel.api) + 1);
  Copy& copy = copies_[domain::index(parcel.api)];
  if (parcel.facts.version < copy.version) return;
  if (parcel.facts.version > copy.version) copy = {parcel.facts.version, 0, {}};
  copy.present |= 1U << file;
  copy.last = parcel;
  copy.last.enter(kPollWait, to_);
  for (const auto& reader : readers_) {
    const sim::VirtualTime next = next_tick(to_.site.now(), reader->phase, spec_.scan_interval);
    to_.site.at(next, [this, reader = reader.get(), api = parcel.api] { scan(*reader, api); });
  }
}

void FileReplica::scan(Reader& reader, domain::ApiId api) {
  if (reader.seen.size() < copies_.size()) {
    reader.seen.resize(copies_.size());
    reader.of.resize(copies_.size());
  }
  const Copy& copy = copies_[domain::index(api)];
  const Completeness now = completeness(api);
  const bool has_seen = reader.of[domain::index(api)] == copy.version && reader.seen[domain::index(api)] == now;
  if (has_seen) return;
  reader.of[domain::index(api)] = copy.version;
  reader.seen[domain::index(api)] = now;
  reader.gateway->found(copy.last, now);
}

}  // namespace parallax::propagation::artifacts
