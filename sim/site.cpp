#include "sim/site.h"

#include <cassert>
#include <utility>

#include "sim/simulation.h"

namespace parallax::sim {

Site::Site(Simulation& simulation, SiteId id, std::string name, LogicalProcess& process)
    : simulation_{simulation},
      process_{process},
      id_{id},
      name_{std::move(name)},
      link_streams_(simulation.network().links().size()) {}

Site::~Site() = default;

EventKey Site::next_key(VirtualTime when) { return {when, static_cast<std::uint64_t>(id_) << 48 | ++scheduled_}; }

Timer Site::at(VirtualTime when, const Action& action) {
  assert(when >= now());
  return process_.queue.push(next_key(when), action);
}

Stream Site::stream(std::string_view entity, std::string_view purpose) const {
  return Stream{simulation_.seed(), entity, purpose};
}

RecordId Site::record(const RecordBody& body, RecordId cause) {
  const RecordId id = RecordId::of(id_, ++recorded_);
  process_.journal.push_back({now(), id, cause, body});
  return id;
}

Site::LinkStreams& Site::streams_of(LinkId link) {
  auto& streams = link_streams_[static_cast<std::size_t>(link)];
  if (!streams) {
    const LinkSpec& spec = simulation_.network().links()[static_cast<std::size_t>(link)];
    const std::string path =
        name_ + " over " + simulation_.site(spec.from).name() + "->" + simulation_.site(spec.to).name();
    streams.emplace(LinkStreams{stream(path, "delay"), stream(path, "loss")});
  }
  return *streams;
}

std::optional<VirtualTime> Site::arrival(SiteId to, Sent& sent) {
  const Network& network = simulation_.network();
  VirtualTime t = now();
  if (to == id_) return t;
  const auto& hops = network.hops(id_, to, t);
  if (hops.empty()) {
    sent.fault = network.cut_at(id_, to, t);
    if (sent.fault) ++process_.touched[*sent.fault];
    return std::nullopt;
  }
  for (const Network::Hop& hop : hops) {
    sent.fault = network.outage_at(hop.link, t);
    if (sent.fault) {
      ++process_.touched[*sent.fault];
      return std::nullopt;
    }
    LinkStreams& streams = streams_of(hop.link);
    if (hop.loss_threshold > 0 && streams.loss.chance(hop.loss_threshold)) return std::nullopt;
    t = t + network.delay(hop.link).sample(streams.delay);
  }
  return t;
}

Sent Site::send(SiteId to, const Action& action) {
  Sent sent;
  const std::optional<VirtualTime> when = arrival(to, sent);
  if (!when) return sent;
  LogicalProcess& target = simulation_.process_of(to);
  if (&target == &process_) {
    process_.queue.push(next_key(*when), action);
  } else {
    process_.outbox.push_back({next_key(*when), action, to});
  }
  sent.on_its_way = true;
  return sent;
}

}  // namespace parallax::sim
