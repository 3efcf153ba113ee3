// Three data centers, 40 ms apart each way, with gateways that write down what they are given, and what became of each
// publication: when which gateway had it, and what its time was spent on, as the audit reads it from the journal.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/audit/journeys.h"
#include "models/propagation/artifacts/artifact_source.h"
#include "models/propagation/artifacts/deployer.h"
#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/stages.h"
#include "sim/simulation.h"
#include "tests/models/propagation/broker/nodes.h"

namespace parallax::propagation::artifacts::testing {

using broker::testing::at_ms;
using broker::testing::Cut;
using broker::testing::ms_of;
using domain::ApiId;
using domain::Stage;
using domain::Standing;
using domain::Version;
using sim::milliseconds;
using sim::seconds;

inline constexpr ApiId kApi{0};
inline constexpr ApiId kOtherApi{1};

/// The n-th revision.
inline logic::gateway::ApiFacts revision(std::uint32_t n) {
  return {.version = Version::of(n, sim::SiteId{0}), .standing = Standing::kActive};
}

struct Served {
  std::int64_t ms;
  ApiId api;
  std::uint32_t revision;
  friend bool operator==(const Served&, const Served&) = default;
};

/// Writes down in ms what it serves and since when.
class Gateway final : public Deployer {
 public:
  Gateway(sim::Site& site, domain::NodeId node) : site_{site}, node_{node} {}

  Place place() { return {site_, node_}; }
  Version deployed(ApiId api) const override {
    const auto found = versions_.find(api);
    return found == versions_.end() ? Version{} : found->second;
  }
  sim::RecordId deploy(ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause,
                       const domain::Passage& passage) override {
    versions_[api] = facts.version;
    served.push_back({ms_of(site_.now()), api, facts.version.ordinal()});
    const domain::LayerId layer{static_cast<std::uint16_t>(node_)};
    return site_.record(domain::EntryPut{layer, domain::ObjectRef::of(api), 0, facts.version, passage}.pack(), cause);
  }
  void undeploy(ApiId, sim::RecordId, const domain::Passage&) override { undeployed.push_back(ms_of(site_.now())); }

  /// It has it already.
  void begin_with(ApiId api, std::uint32_t revision) { versions_[api] = testing::revision(revision).version; }

  std::vector<Served> served;
  std::vector<std::int64_t> undeployed;

 private:
  sim::Site& site_;
  domain::NodeId node_;
  std::map<ApiId, Version> versions_;
};

using Pieces = std::vector<std::pair<Stage, sim::Duration>>;

/// Stretches of no length are none, and two of one stage in succession are one.
inline Pieces merged(const Pieces& pieces) {
  Pieces result;
  for (const auto& [stage, length] : pieces) {
    if (length.ns == 0) continue;
    if (!result.empty() && result.back().first == stage) {
      result.back().second += length;
    } else {
      result.emplace_back(stage, length);
    }
  }
  return result;
}

/// A publication on its way to one gateway.
struct Trip {
  domain::NodeId gateway;
  ApiId api;
  std::uint32_t revision;
  sim::VirtualTime published;
  sim::VirtualTime served;
  Pieces pieces;

  sim::Duration window() const { return served - published; }
  sim::Duration spent_on(Stage stage) const {
    sim::Duration sum{};
    for (const auto& [other, length] : pieces) sum += other == stage ? length : sim::Duration{};
    return sum;
  }
};

struct Sites {
  explicit Sites(const std::vector<Cut>& cuts = {}, std::uint64_t seed = 1)
      : Sites{broker::testing::three_centers(cuts, seed, sim::Distribution::constant(milliseconds(40)), 0)} {}

  explicit Sites(const sim::SimulationSpec& spec) : simulation{spec} {
    simulation.add_reader([this](std::span<const sim::Record> journal) {
      for (const sim::Record& record : journal) read(record);
    });
  }

  sim::Site& site(int i) { return simulation.site(static_cast<sim::SiteId>(i)); }
  Place place(int i) { return {site(i), domain::NodeId{static_cast<std::uint16_t>(100 + i)}}; }

  Gateway& gateway(int i) {
    gateways.push_back(std::make_unique<Gateway>(site(i), domain::NodeId{static_cast<std::uint16_t>(gateways.size())}));
    return *gateways.back();
  }

  /// The publisher at data center 0 has its acknowledgement now.
  Parcel publish(ApiId api, std::uint32_t n) {
    const logic::gateway::ApiFacts facts = revision(n);
    const domain::ChangeAcknowledged change{.change = domain::ChangeKind::kApiPublished,
                                            .writer = domain::NodeId{100},
                                            .object = domain::ObjectRef::of(api),
                                            .version = facts.version,
                                            .invoked = site(0).now(),
                                            .expires = sim::kNever};
    return {api, facts, {site(0).record(change.pack()), {}}};
  }

  template <typename Callable>
  void at(int where, std::int64_t ms, Callable what) {
    site(where).at(at_ms(ms), what);
  }
  void run(std::int64_t until_ms) { simulation.run(at_ms(until_ms)); }

  /// The first time that it got a revision, by gateway and in order of time.
  const Trip& trip(const Gateway& gateway, ApiId api, std::uint32_t n) const {
    for (const Trip& trip : trips) {
      if (gateways[domain::index(trip.gateway)].get() == &gateway && trip.api == api && trip.revision == n) return trip;
    }
    FAIL("it never got there");
    return trips.front();
  }

  sim::Simulation simulation;
  sim::Power on;
  std::vector<std::unique_ptr<Gateway>> gateways;
  std::vector<Trip> trips;
  std::size_t hops{0};

 private:
  void read(const sim::Record& record) {
    switch (domain::kind_of(record.body)) {
      case domain::RecordKind::kChangeAcknowledged: {
        const auto change = domain::ChangeAcknowledged::unpack(record.body);
        journeys_.add(record.id, {record.time, record.cause, {}});
        published_[{change.object.packed, change.version.packed}] = record.time;
        return;
      }
      case domain::RecordKind::kHop:
        ++hops;
        return journeys_.add(record.id, {record.time, record.cause, domain::Hop::unpack(record.body).passage});
      case domain::RecordKind::kEntryPut:
        return arrive(record, domain::EntryPut::unpack(record.body));
      default:
        return;
    }
  }

  void arrive(const sim::Record& record, const domain::EntryPut& entry) {
    const auto published = published_.find({entry.object.packed, entry.version.packed});
    if (published == published_.end()) return;
    Trip trip{domain::NodeId{static_cast<std::uint16_t>(entry.layer)},
              ApiId{entry.object.id()},
              entry.version.ordinal(),
              published->second,
              record.time,
              {}};
    for (const auto& piece : journeys_.walk({record.time, record.cause, entry.passage}, trip.published)) {
      trip.pieces.emplace_back(piece.stage, piece.length);
    }
    trips.push_back(std::move(trip));
  }

  audit::Journeys journeys_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, sim::VirtualTime> published_;
};

/// Every nanosecond of the window is charged, and as told.
inline void check_pieces(const Trip& trip, const Pieces& expected) {
  CHECK(trip.pieces == merged(expected));
  sim::Duration sum{};
  for (const auto& [stage, length] : expected) sum += length;
  CHECK(trip.window() == sum);
}

/// The same where the lengths are not known before.
inline bool is_accounted_for(const Trip& trip) {
  sim::Duration sum{};
  for (const auto& [stage, length] : trip.pieces) {
    if (stage == Stage::kNone || length.ns <= 0) return false;
    sum += length;
  }
  return sum == trip.window();
}

}  // namespace parallax::propagation::artifacts::testing

namespace Catch {
template <>
struct StringMaker<parallax::sim::Duration> {
  static std::string convert(parallax::sim::Duration d) { return std::to_string(d.ns) + " ns"; }
};
template <>
struct StringMaker<parallax::domain::Stage> {
  static std::string convert(parallax::domain::Stage stage) { return std::string{name_of(stage)}; }
};
template <>
struct StringMaker<std::pair<parallax::domain::Stage, parallax::sim::Duration>> {
  static std::string convert(const std::pair<parallax::domain::Stage, parallax::sim::Duration>& piece) {
    return std::string{name_of(piece.first)} + " " + std::to_string(piece.second.ns) + " ns";
  }
};
template <>
struct StringMaker<parallax::propagation::artifacts::testing::Served> {
  static std::string convert(const parallax::propagation::artifacts::testing::Served& s) {
    return std::to_string(s.ms) + " ms: API " + std::to_string(parallax::domain::index(s.api)) + " revision " +
           std::to_string(s.revision);
  }
};
}  // namespace Catch
