// Brokers, subscribers and senders in three data centers, 40 ms apart each way, with exact timers; and what they wrote.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/broker/broker.h"
#include "models/propagation/broker/subscriber.h"
#include "sim/simulation.h"

namespace parallax::propagation::broker::testing {

inline sim::VirtualTime at_ms(std::int64_t ms) { return sim::VirtualTime{} + sim::milliseconds(ms); }
inline std::int64_t ms_of(sim::VirtualTime t) { return t.ns / 1'000'000; }

inline sim::ConnectionSpec exact() {
  sim::ConnectionSpec spec;
  spec.tick = {};
  return spec;
}

/// Event numbers by the ms in which they were acted upon.
using Acted = std::vector<std::pair<std::int64_t, std::uint64_t>>;

struct Host final : SubscriberHost {
  explicit Host(sim::Site& where) : site{where} {}
  void act_on(const Event& event) override {
    acted.emplace_back(ms_of(site.now()), event.id);
    events.push_back(event);
  }
  void connected(const Absence& absence) override {
    connects.push_back(ms_of(site.now()));
    absences.push_back(absence);
  }

  sim::Site& site;
  Acted acted;
  std::vector<Event> events;
  std::vector<std::int64_t> connects;
  std::vector<Absence> absences;
};

/// Data centers 0 and `to` do not reach each other in these ms.
struct Cut {
  std::uint16_t to;
  std::int64_t from;
  std::int64_t until;
};

inline sim::SimulationSpec three_centers(const std::vector<Cut>& cuts, std::uint64_t seed, const sim::Distribution& way,
                                         double loss) {
  sim::SimulationSpec spec{.seed = seed, .sites = {"dc0", "dc1", "dc2"}, .links = {}, .outages = {}, .faults = 1};
  const auto site = [](int i) { return static_cast<sim::SiteId>(i); };
  for (int from = 0; from < 3; ++from) {
    for (int to = 0; to < 3; ++to) {
      if (from != to) spec.links.push_back({site(from), site(to), way, loss});
    }
  }
  // So that nothing takes the way round.
  spec.end_sites = {site(0), site(1), site(2)};
  for (const Cut& cut : cuts) {
    for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
      const sim::LinkSpec& link = spec.links[i];
      const bool is_there = link.from == site(0) && link.to == site(cut.to);
      const bool is_back = link.to == site(0) && link.from == site(cut.to);
      if (!is_there && !is_back) continue;
      spec.outages.push_back({static_cast<sim::LinkId>(i), at_ms(cut.from), at_ms(cut.until), 0});
    }
  }
  return spec;
}

struct Centers {
  explicit Centers(const std::vector<Cut>& cuts = {}, std::uint64_t seed = 1,
                   const sim::Distribution& way = sim::Distribution::constant(sim::milliseconds(40)), double loss = 0)
      : Centers{three_centers(cuts, seed, way, loss)} {}

  explicit Centers(const sim::SimulationSpec& spec) : simulation{spec} {
    simulation.add_reader([this](std::span<const sim::Record> journal) {
      for (const sim::Record& record : journal) {
        if (domain::kind_of(record.body) == domain::RecordKind::kEventLost) {
          lost.push_back(domain::EventLost::unpack(record.body));
          lost_at.push_back(ms_of(record.time));
        }
        if (domain::kind_of(record.body) == domain::RecordKind::kHop) {
          hops.push_back(domain::Hop::unpack(record.body).passage);
        }
      }
    });
  }

  sim::Site& site(int i) { return simulation.site(static_cast<sim::SiteId>(i)); }

  Broker& broker_at(int i, const sim::Power& power) {
    const auto node = static_cast<domain::NodeId>(100 + brokers.size());
    brokers.push_back(std::make_unique<Broker>(site(i), power, node, StagesOfFaults{domain::Stage::kLinkDown}));
    return *brokers.back();
  }
  Broker& broker_at(int i) { return broker_at(i, on); }

  Host& subscribe(int i, const SubscriberSpec& spec, const std::vector<Broker*>& urls) {
    hosts.push_back(std::make_unique<Host>(site(i)));
    const auto node = static_cast<domain::NodeId>(subscribers.size());
    subscribers.push_back(std::make_unique<Subscriber>(
        site(i), node, "subscriber " + std::to_string(subscribers.size()), spec, urls, *hosts.back()));
    site(i).at({}, [to = subscribers.back().get()] { to->start(); });
    return *hosts.back();
  }

  static Event event(std::uint64_t id, const sim::Site& site) {
    Event event;
    event.id = id;
    event.published = const_cast<sim::Site&>(site).now();
    event.topic = domain::TopicId{3};
    return event;
  }

  /// Receivers are told in `receivers`.
  void publish_at(std::int64_t ms, Broker& broker, std::uint64_t id) {
    broker.site().at(at_ms(ms), [this, to = &broker, id] { receivers.push_back(to->publish(event(id, to->site()))); });
  }
  template <typename Callable>
  void at(int where, std::int64_t ms, Callable what) {
    site(where).at(at_ms(ms), what);
  }
  void run(std::int64_t until_ms) { simulation.run(at_ms(until_ms)); }

  sim::Simulation simulation;
  sim::Power on;
  std::vector<std::unique_ptr<Broker>> brokers;
  std::vector<std::unique_ptr<Host>> hosts;
  std::vector<std::unique_ptr<Subscriber>> subscribers;
  std::vector<std::uint32_t> receivers;
  std::vector<domain::EventLost> lost;
  std::vector<std::int64_t> lost_at;
  std::vector<domain::Passage> hops;
};

inline SubscriberSpec plain() {
  SubscriberSpec spec;
  spec.connection = exact();
  return spec;
}

/// Asks every second and waits a second for the answer.
inline SubscriberSpec watchful() {
  SubscriberSpec spec = plain();
  spec.liveness = LivenessSpec{sim::seconds(1), sim::seconds(1)};
  return spec;
}

}  // namespace parallax::propagation::broker::testing
