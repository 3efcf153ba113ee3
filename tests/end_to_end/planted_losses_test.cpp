// A loss that is planted on a way takes the whole window after it: from the instant at which the way is dead everything
// is charged to what has killed it, to the end, whether that is the end of the run or the token's, or to what slower
// way makes good for it. Windows that were over before are the same in both runs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "tests/end_to_end/planted.h"

namespace parallax::test {
namespace {

using audit::WindowFinding;
using domain::ChangeKind;
using domain::Stage;

struct PlantedLoss {
  const char* what;
  std::string source;
  Overrides without;
  Overrides with;
  ChangeKind change;
  Stage stage;
  sim::VirtualTime death;  ///< of the way; what gets no further later than this is lost there
  sim::Duration on_way;    ///< how long a change may have been on its way when it was lost
  std::size_t least;       ///< windows that are lost
};

constexpr sim::VirtualTime at(std::int64_t seconds) { return sim::VirtualTime{} + sim::seconds(seconds); }

bool is_same(const WindowFinding& a, const WindowFinding& b) {
  return a.length == b.length && a.ending == b.ending && spent(a) == spent(b);
}

// From `death` on, or from when it has got to where it was lost, one stage to the end.
void check_lost(const PlantedLoss& planted, const WindowFinding& window) {
  const sim::VirtualTime lost = std::max(window.start + planted.on_way, planted.death);
  const sim::VirtualTime end = window.start + window.length;
  if (end <= lost) return;  // its token was no good any more
  REQUIRE(!window.pieces.empty());
  CHECK(window.pieces.back().stage == planted.stage);
  CHECK(window.pieces.back().length >= end - lost);
}

void check(const PlantedLoss& planted) {
  INFO(planted.what);
  const Rehearsal without = rehearse_source(planted.source, planted.without);
  const Rehearsal with = rehearse_source(planted.source, both(planted.without, planted.with));
  std::size_t lost = 0;
  for (const auto& [before, after] : paired(without, with, planted.change, "dc2")) {
    INFO("window from " << after.start.ns);
    if (after.start + after.length <= planted.death) {
      CHECK(is_same(before, after));
      continue;
    }
    if (before.length == after.length) continue;  // nothing has happened to it, or nobody needs it any more
    check_lost(planted, after);
    lost += after.ending != audit::Ending::kVisible;
  }
  CHECK(lost >= planted.least);
}

std::string fault(const std::string& text) { return "faults { name: \"f\" at: \"29m\" lasts: \"1s\" " + text + " }\n"; }

const Overrides kForGood{"faults[f].at=10m", "faults[f].lasts=20m"};
const std::string kBetween = "{ from: \"dc1\" to: \"dc2\" }";
constexpr sim::Duration kAtOnce{};

}  // namespace

TEST_CASE("a way of rows that is dead for good takes all of every window that needs it") {
  const std::vector<PlantedLoss> cases{
      {"a cut link",
       replicas(fault("link_down " + kBetween)),
       {},
       kForGood,
       ChangeKind::kTokenRevoked,
       Stage::kLinkDown,
       at(600),
       kAtOnce,
       50},
      {"a cut link, until tokens expire",
       replicas(fault("link_down " + kBetween)),
       {"sites[dc1].key_manager.token_validity=30m", "sites[dc2].key_manager.token_validity=30m"},
       kForGood,
       ChangeKind::kTokenRevoked,
       Stage::kLinkDown,
       at(600),
       kAtOnce,
       3},
      {"a full disk",
       replicas(fault("disk_full { site: \"dc2\" }")),
       {},
       kForGood,
       ChangeKind::kTokenRevoked,
       Stage::kDiskFull,
       at(600),
       kAtOnce,
       50},
      {"a data center without power, which had not sent everything",
       replicas(fault("site_down { site: \"dc1\" }")),
       {"replications[0].ship_interval=30s"},
       {"faults[f].at=597s", "faults[f].lasts=1203s"},
       ChangeKind::kTokenRevoked,
       Stage::kSiteDown,
       at(597),
       kAtOnce,
       1},
      {"a certificate that is not renewed",
       replicas(fault("certificate_expired " + kBetween) +
                    "faults { name: \"g\" at: \"10m\" lasts: \"1s\" site_down { site: \"dc2\" } }\n",
                "transport: \"tcp\""),
       {"sites[dc2].startup_time=0s"},
       {"faults[f].at=9m", "faults[f].lasts=21m"},
       ChangeKind::kTokenRevoked,
       Stage::kCertificate,
       at(601),
       kAtOnce,
       50},
      {"an apply that stands still for ever",
       pair_of_sites(
           "", "",
           "replications { from: \"dc1\" to: \"dc2\" profile: \"postgresql_logical\" }\n"
           "workload {\n"
           "writes { name: \"a\" site: \"dc1\" from: \"4m\" until: \"10m\" sign_in { rate: \"2/s\" developers: "
           "1 } }\n"
           "writes { name: \"b\" site: \"dc2\" from: \"4m\" until: \"10m\" sign_in { rate: \"2/s\" developers: "
           "1000 } }\n"
           "writes { name: \"s\" site: \"dc1\" from: \"1m\" until: \"20m\" add_subscriptions { rate: \"20/m\" "
           "} }\n"
           "}\n"),
       {},
       {"workload.writes[b].sign_in.developers=1", "workload.writes[a].sign_in.rate=100/s",
        "workload.writes[b].sign_in.rate=100/s"},
       ChangeKind::kSubscriptionAdded,
       Stage::kApplyStopped,
       at(241),
       kAtOnce,
       50},
  };
  for (const PlantedLoss& planted : cases) check(planted);
}

TEST_CASE("an event that is lost, or kept for good, takes all of the window after it") {
  constexpr sim::Duration kTheWay = sim::milliseconds(41);
  const std::vector<PlantedLoss> cases{
      {"a bridge that drops",
       listeners(fault("link_down " + kBetween), "when_down: \"drop\""),
       {},
       kForGood,
       ChangeKind::kTokenRevoked,
       Stage::kMessageLost,
       at(600),
       kTheWay,
       20},
      {"a bridge that keeps",
       listeners(fault("link_down " + kBetween)),
       {},
       kForGood,
       ChangeKind::kTokenRevoked,
       Stage::kLinkDown,
       at(600),
       kTheWay,
       20},
      {"a subscriber that stands still",
       listeners(fault("node_frozen { site: \"dc2\" node: \"node-1\" }")),
       {},
       kForGood,
       ChangeKind::kTokenRevoked,
       Stage::kFrozen,
       at(600),
       kTheWay,
       20},
      {"an event without a bridge",
       listeners("", "topics: \"token_revocation\""),
       {},
       {"bridges[0].topics[0]=notification"},
       ChangeKind::kTokenRevoked,
       Stage::kPending,
       at(0),
       kTheWay,
       100},
  };
  for (const PlantedLoss& planted : cases) check(planted);
}

TEST_CASE("what is asked for in vain, or too early, takes all of the window after it") {
  const std::vector<PlantedLoss> cases{
      {"a pull that is given up",
       "incidents/am702_event_first",
       {"replications[0].ship_interval=0s", "replications[0].apply_interval=0s", "sites[dc2].pull.event_waiting=1s"},
       {"replications[0].ship_interval=60s"},
       ChangeKind::kApiPublished,
       Stage::kGivenUp,
       at(0),
       sim::milliseconds(1'041),
       8},
      {"a policy that is asked for too early",
       "incidents/am2349_policy_too_early",
       {"sites[dc2].events.event_waiting=5s"},
       {"sites[dc2].events.event_waiting=0s"},
       ChangeKind::kPolicyChanged,
       Stage::kStaleRecache,
       at(0),
       sim::milliseconds(43),
       1},
      {"a mount over a cut link",
       "artifacts/mount_remote_cut",
       {"faults[0].at=89m", "faults[0].lasts=1s"},
       {"faults[0].at=10m", "faults[0].lasts=80m"},
       ChangeKind::kApiPublished,
       Stage::kLinkDown,
       at(600),
       kAtOnce,
       10},
      {"an artifact server over a cut link",
       "artifacts/artifact_server",
       {"faults[0].at=89m", "faults[0].lasts=1s"},
       {"faults[0].at=10m", "faults[0].lasts=80m"},
       ChangeKind::kApiPublished,
       Stage::kLinkDown,
       at(600),
       kAtOnce,
       10},
  };
  for (const PlantedLoss& planted : cases) check(planted);
}

}  // namespace parallax::test
