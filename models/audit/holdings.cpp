#include "models/audit/holdings.h"

#include <algorithm>
#include <utility>

namespace parallax::audit {

namespace {

std::uint64_t place(domain::LayerId layer, domain::ObjectRef object) {
  return static_cast<std::uint64_t>(layer) << 32 | object.packed;
}

domain::Version version_before_run(const domain::Catalog& catalog, domain::ObjectRef object) {
  using domain::ObjectKind;
  switch (object.kind()) {
    case ObjectKind::kToken:
      return domain::initial_version(object.id() < catalog.tokens.size() ? domain::Standing::kActive
                                                                         : domain::Standing::kAbsent);
    case ObjectKind::kApi:
      return domain::initial_version(catalog.apis[object.id()].initially);
    case ObjectKind::kSubscription:
      return domain::initial_version(catalog.subscriptions[object.id()].initially);
  }
  return {};
}

}  // namespace

sim::RecordId Holdings::put(const domain::EntryPut& entry, sim::RecordId id) {
  Entries& entries = by_place_[place(entry.layer, entry.object)];
  for (Holding& holding : entries) {
    if (holding.variant != entry.variant) continue;
    holding.version = entry.version;
    return std::exchange(holding.put, id);
  }
  entries.push_back({entry.variant, entry.version, id});
  return {};
}

sim::RecordId Holdings::drop(const domain::EntryDropped& entry) {
  const auto found = by_place_.find(place(entry.layer, entry.object));
  if (found == by_place_.end()) return {};
  Entries& entries = found->second;
  const auto dropped = std::find_if(entries.begin(), entries.end(),
                                    [&](const Holding& holding) { return holding.variant == entry.variant; });
  if (dropped == entries.end()) return {};
  const sim::RecordId put = dropped->put;
  entries.erase(dropped);
  if (entries.empty()) by_place_.erase(found);
  return put;
}

const Holdings::Entries* Holdings::entries(domain::LayerId layer, domain::ObjectRef object) const {
  const auto found = by_place_.find(place(layer, object));
  return found == by_place_.end() ? nullptr : &found->second;
}

std::optional<Holding> Holdings::deciding(domain::NodeId observer, domain::ObjectRef object) const {
  const auto kind = static_cast<std::size_t>(object.kind());
  for (const domain::LayerId layer : setup_.observers[domain::index(observer)].chains[kind]) {
    if (const Entries* held = entries(layer, object)) {
      return *std::min_element(held->begin(), held->end(),
                               [](const Holding& a, const Holding& b) { return a.version < b.version; });
    }
  }
  return std::nullopt;
}

domain::Version Holdings::version(domain::NodeId observer, domain::ObjectRef object) const {
  const std::optional<Holding> holding = deciding(observer, object);
  return holding ? holding->version : version_before_run(*setup_.catalog, object);
}

}  // namespace parallax::audit
