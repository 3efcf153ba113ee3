// Starts of gateways, as the audit counts them, against schedules worked out by hand.
#include "models/audit/starts.h"

#include <catch2/catch.hpp>

namespace parallax::audit {
namespace {

using domain::ObjectRef;
using domain::Stage;

constexpr domain::NodeId kNode{1};

sim::VirtualTime at(std::int64_t s) { return sim::VirtualTime{} + sim::seconds(s); }
ObjectRef api(std::uint32_t id) { return ObjectRef::of(domain::ApiId{id}); }

/// A node that loses two APIs at 10 s, has power at 20 s, asks from 30 s on, and is ready at 40 s.
struct Restarted {
  Restarted() {
    for (const std::uint32_t id : {0U, 1U}) starts.lost_api(kNode, api(id), at(10));
    starts.lost(kNode, at(10));
    starts.powered(kNode, at(20));
    journeys.add(kLost, {at(10), {}, {}});
    journeys.add(kPowered, {at(20), kLost, {Stage::kSiteDown, Stage::kSiteDown, at(20)}});
  }
  Step put(std::int64_t s) const { return {at(s), kPowered, {Stage::kSiteDown, Stage::kArtifactCopy, at(30)}}; }
  Findings finish(std::int64_t end) {
    Findings findings;
    starts.finish(at(end), findings);
    return findings;
  }

  static constexpr sim::RecordId kLost{1};
  static constexpr sim::RecordId kPowered{2};
  Starts starts{3};
  Journeys journeys;
};

std::uint64_t charged(const Findings& findings, Stage stage) {
  const auto found = findings.wrong.find({DecisionError::kWrongDeny, Why::kStart, stage, kNode});
  return found == findings.wrong.end() ? 0 : found->second;
}

TEST_CASE("a start lasts from power to readiness, and is complete with its last API") {
  Restarted world;
  world.starts.put_api(kNode, api(0), world.put(40), world.journeys);
  world.starts.ready(kNode, at(40));
  CHECK(world.starts.lacks(kNode, api(1)));
  world.starts.put_api(kNode, api(1), world.put(55), world.journeys);
  CHECK_FALSE(world.starts.lacks(kNode, api(1)));
  const Findings findings = world.finish(100);
  REQUIRE(findings.starts.size() == 1);
  CHECK(findings.starts[0].ready - findings.starts[0].powered == sim::seconds(20));
  CHECK(findings.starts[0].complete - findings.starts[0].ready == sim::seconds(15));
  CHECK_FALSE(findings.starts[0].is_open);
}

// Refused at 25 s and 35 s: the way of the API says what its time was spent on from the loss at 10 s, site_down until
// 30 s and then the copy.
TEST_CASE("refusals are charged to what the API's time was spent on") {
  Restarted world;
  world.starts.refused(kNode, api(1), at(25));
  world.starts.refused(kNode, api(1), at(35));
  world.starts.refused(kNode, api(0), at(35));
  world.starts.put_api(kNode, api(1), world.put(55), world.journeys);
  const Findings findings = world.finish(100);
  CHECK(charged(findings, Stage::kSiteDown) == 1);
  CHECK(charged(findings, Stage::kArtifactCopy) == 1);
  CHECK(charged(findings, Stage::kPending) == 1);  // it never came
}

TEST_CASE("a start that is not over when the run ends has lasted until then, one that was cut off is none") {
  Restarted world;
  CHECK(world.finish(100).starts.at(0).ready == at(100));
  Restarted again;
  again.starts.lost(kNode, at(30));
  again.starts.powered(kNode, at(50));
  again.starts.ready(kNode, at(60));
  const Findings findings = again.finish(100);
  REQUIRE(findings.starts.size() == 1);
  CHECK(findings.starts[0].powered == at(50));
  CHECK(findings.starts[0].complete == at(100));  // both APIs are still missing
}

}  // namespace
}  // namespace parallax::audit
