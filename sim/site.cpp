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
      link_streams_(simulation.network().links().size()) {}

Site::~Site() = default;

Stream Site::stream(std::string_view entity, std::string_view purpose) const {
  return Stream{simulation_.seed(), entity, purpose};
}

Site::LinkStreams& Site::streams_of(LinkId link) {
  auto& streams = link_streams_[index(link)];
  if (!streams) {
    const LinkSpec& spec = simulation_.network().links()[index(link)];
    const std::string path =
        name_ + " over " + simulation_.site(spec.from).name() + "->" + simulation_.site(spec.to).name();
    streams.emplace(LinkStreams{stream(path, "delay"), stream(path, "loss")});
  }
  return *streams;
}

bool Site::loses(const NetworkView::Hop& hop, std::uint32_t packets, LinkStreams& streams) {
  if (hop.loss_threshold == 0) return false;
  for (; packets > 0; --packets) {
    if (streams.loss.chance(hop.loss_threshold)) return true;
  }
  return false;
}

Duration Site::slowest(const NetworkView::Hop& hop, std::uint32_t packets, LinkStreams& streams) {
  Duration delay = hop.delay->sample(streams.delay);
  for (; packets > 1; --packets) delay = std::max(delay, hop.delay->sample(streams.delay));
  return delay;
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
    LinkStreams& streams = streams_of(hop.link);
    if (loses(hop, packets, streams)) return std::nullopt;
    t = t + slowest(hop, packets, streams);
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
