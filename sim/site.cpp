#include "sim/site.h"

#include <algorithm>
#include <utility>

#include "sim/simulation.h"

namespace parallax::sim {

Site::Site(Simulation& simulation, SiteId id, std::string name, LogicalProcess& process)
    : simulation_{simulation},
      process_{process},
      id_{id},
      name_{std::move(name)},
      view_{simulation.network(), id},
      link_streams_(simulation.network().links().size()),
      disturbance_streams_(simulation.network().disturbances().size()) {}

Site::~Site() = default;

Stream Site::stream(std::string_view entity, std::string_view purpose) const {
  return Stream{simulation_.seed(), entity, purpose};
}

Site::LinkStreams& Site::streams_of(LinkId link) {
  auto& streams = link_streams_[index(link)];
  if (!streams) {
    const std::string path = path_over(link);
    streams.emplace(LinkStreams{stream(path, "delay"), stream(path, "loss")});
  }
  return *streams;
}

// Of its own, by name: what a link does by itself is drawn as it would be without.
Site::LinkStreams& Site::streams_of_disturbance(std::uint32_t disturbance) {
  auto& streams = disturbance_streams_[disturbance];
  if (!streams) {
    const Disturbance& spec = simulation_.network().disturbances()[disturbance];
    const std::string path = path_over(spec.link);
    streams.emplace(LinkStreams{stream(path, "delay by " + spec.name), stream(path, "loss by " + spec.name)});
  }
  return *streams;
}

std::string Site::path_over(LinkId link) const {
  const LinkSpec& spec = simulation_.network().links()[index(link)];
  return name_ + " over " + simulation_.site(spec.from).name() + "->" + simulation_.site(spec.to).name();
}

bool Site::loses(std::uint64_t threshold, std::uint32_t packets, LinkStreams& streams) {
  if (threshold == 0) return false;
  for (; packets > 0; --packets) {
    if (streams.loss.chance(threshold)) return true;
  }
  return false;
}

Duration Site::slowest(const NetworkView::Hop& hop, std::uint32_t packets, LinkStreams& streams) {
  Duration delay = hop.delay->sample(streams.delay);
  for (; packets > 1; --packets) delay = std::max(delay, hop.delay->sample(streams.delay));
  return delay;
}

// How long the link takes; nothing if it loses the message.
std::optional<Duration> Site::cross(const NetworkView::Hop& hop, VirtualTime entered, std::uint32_t packets) {
  LinkStreams& streams = streams_of(hop.link);
  if (loses(hop.loss_threshold, packets, streams)) return std::nullopt;
  if (!hop.is_ever_disturbed) return slowest(hop, packets, streams);
  return cross_disturbed(hop, entered, packets);
}

// Each packet has its own draw of what is added. A message is charged to what delays it, and to what loses it; one that
// the link loses by itself is nobody's.
std::optional<Duration> Site::cross_disturbed(const NetworkView::Hop& hop, VirtualTime entered, std::uint32_t packets) {
  std::vector<Duration> delays(packets);
  for (Duration& delay : delays) delay = hop.delay->sample(streams_of(hop.link).delay);
  for (const std::uint32_t place : simulation_.network().disturbances_of(hop.link)) {
    const Disturbance& disturbance = simulation_.network().disturbances()[place];
    if (!disturbance.is_on(entered)) continue;
    LinkStreams& streams = streams_of_disturbance(place);
    const bool is_lost = loses(chance_threshold(disturbance.loss), packets, streams);
    bool is_delayed = false;
    for (Duration& delay : delays) {
      const Duration added = disturbance.adds.sample(streams.delay);
      is_delayed = is_delayed || added.ns > 0;
      delay += added;
    }
    if (is_lost || is_delayed) ++process_.touched[disturbance.fault];
    if (is_lost) return std::nullopt;
  }
  return *std::max_element(delays.begin(), delays.end());
}

// A leg over several links is one sum as long as their state is known here: up to a link of another site that a fault
// on a condition may cut, where the message becomes an event.
std::optional<Site::Leg> Site::travel(SiteId to, VirtualTime departure, std::uint32_t packets, Sent& sent) {
  VirtualTime t = departure;
  if (to == id_) return Leg{t, to};
  const auto hops = view_.hops(to, t);
  if (hops.empty()) {
    sent.fault = view_.cut_at(to, t);
    if (sent.fault) ++process_.touched[*sent.fault];
    return std::nullopt;
  }
  for (const NetworkView::Hop& hop : hops) {
    if (hop.depends_on_condition && hop.from != id_) return Leg{t, hop.from};
    sent.fault = view_.fault_on(hop.link, t);
    if (sent.fault) {
      ++process_.touched[*sent.fault];
      return std::nullopt;
    }
    const std::optional<Duration> taken = cross(hop, t, packets);
    if (!taken) return std::nullopt;
    t = t + *taken;
  }
  return Leg{t, to};
}

void Site::send_at(VirtualTime departure, SiteId to, const Action& action) {
  assert(departure >= now());
  if (departure == now() || view_.is_known(now(), departure)) {
    send_along(to, departure, action, 1);
    return;
  }
  Parcel& parcel = process_.parcel(*this, to, action, 1);
  wake_at(departure, parcel);
}

Sent Site::send_along(SiteId to, VirtualTime departure, const Action& action, std::uint32_t packets) {
  Sent sent;
  if (const std::optional<Leg> leg = travel(to, departure, packets, sent)) {
    hand_over({next_key(leg->end), action, leg->reached, to, packets});
    sent.on_its_way = true;
  }
  return sent;
}

std::optional<std::uint32_t> Site::refusal_by(SiteId to) const {
  return simulation_.network().refusal_at(id_, to, now());
}

std::optional<std::uint32_t> Site::refusal_of(SiteId from) const {
  return simulation_.network().refusal_at(from, id_, now());
}

std::optional<std::uint32_t> Site::fault_on_connecting_to(SiteId to) {
  const auto cut = fault_on_way_to(to);
  return cut ? cut : refusal_by(to);
}

std::optional<std::uint32_t> Site::fault_on_connecting_from(SiteId from) {
  const auto cut = fault_on_way_to(from);
  return cut ? cut : refusal_of(from);
}

void Site::hand_over(const Message& message) {
  LogicalProcess& target = simulation_.process_of(message.at);
  if (&target == &process_) return process_.accept(message, simulation_.site(message.at));
  simulation_.pass(process_, target, message);
}

void Site::spread_fault(std::uint32_t fault, FaultState state) {
  view_.set_fault(fault, state);
  const VirtualTime known = now() + simulation_.lookahead();
  for (std::size_t i = 0; i < simulation_.site_count(); ++i) {
    const auto other = static_cast<SiteId>(i);
    if (other == id_) continue;
    NetworkView& view = simulation_.site(other).view_;
    hand_over({next_key(known), [&view, fault, state] { view.set_fault(fault, state); }, other, other, 1});
  }
}

}  // namespace parallax::sim
