// A delay X that is planted in one stage adds exactly X to that stage of every window that went through it, and nothing
// to any other; only waits for a poll, a sweep or an age may take up some of it. On common random numbers: what is
// written, called and cached is the same in both runs.
//
// A fault that lasts longer counts as a delay for what has waited for it. Where somebody looks for news once in a while
// it lasts longer by a multiple of that, so that the first look after its end is later by the same.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "tests/end_to_end/planted.h"

namespace parallax::test {
namespace {

using audit::WindowFinding;
using domain::ChangeKind;
using domain::Stage;

struct Planted {
  const char* what;
  std::string source;
  std::string observers;  ///< of which data center went through it
  Overrides without;
  Overrides with;  ///< and besides
  ChangeKind change;
  Stage stage;
  sim::Duration delay;
  std::size_t least;  ///< windows to be compared
};

bool may_take_up(Stage stage) {
  return stage == Stage::kTokenCacheTtl || stage == Stage::kCacheSweep || stage == Stage::kDeploymentScan ||
         stage == Stage::kPollInterval || stage == Stage::kMirrorInterval;
}

// Ended by the same stage in both runs: else the delay has made the window another one.
bool is_comparable(const WindowFinding& before, const WindowFinding& after) {
  return before.length.ns > 0 && after.length.ns > 0 && before.ending == audit::Ending::kVisible &&
         after.ending == audit::Ending::kVisible && before.pieces.back().stage == after.pieces.back().stage;
}

void check_pair(const Planted& planted, const WindowFinding& before, const WindowFinding& after) {
  auto changed = spent(after);
  for (const auto& [stage, length] : spent(before)) changed[stage] = changed[stage] - length;
  for (const auto& [stage, length] : changed) {
    if (stage != planted.stage && may_take_up(stage)) continue;
    INFO(domain::name_of(stage));
    CHECK(length.ns == (stage == planted.stage ? planted.delay.ns : 0));
  }
}

void check(const Planted& planted) {
  INFO(planted.what);
  const Rehearsal before = rehearse_source(planted.source, planted.without);
  const Rehearsal after = rehearse_source(planted.source, both(planted.without, planted.with));
  std::size_t compared = 0;
  for (const auto& [one, other] : paired(before, after, planted.change, planted.observers)) {
    if (!is_comparable(one, other) || !spent(one).contains(planted.stage)) continue;
    check_pair(planted, one, other);
    ++compared;
  }
  CHECK(compared >= planted.least);
}

std::string fault(const std::string& text) { return "faults { name: \"f\" " + text + " }\n"; }

const std::string kTenMinutesIn = "at: \"10m\" lasts: \"180s\" ";
const std::string kBetween = "{ from: \"dc1\" to: \"dc2\" }";

// A policy changes every minute.
std::string policies() {
  std::string writes;
  for (int minute = 2; minute < 22; ++minute) {
    writes += "writes { name: \"w" + std::to_string(minute) + "\" site: \"dc1\" from: \"" + std::to_string(minute) +
              "m\" change_policy { tier: \"gold\" limit: \"" + std::to_string(20 + minute) + "/m\" } }\n";
  }
  return pair_of_sites("events {}", "events { event_waiting: \"5s\" }",
                       "replications { from: \"dc1\" to: \"dc2\" ship_interval: \"1s\" apply_interval: \"1s\" }\n"
                       "bridges { from: \"dc1\" to: \"dc2\" topics: \"notification\" }\n"
                       "catalog { apis: 1 applications: 20 tokens: 20 tiers { name: \"gold\" limit: \"60/m\" } }\n"
                       "workload {\n" +
                           writes + "}\n");
}

// One developer signs up at both sites before either has heard of him, and the apply stands still.
std::string stopped_streams() {
  return pair_of_sites(
      "", "",
      "replications { from: \"dc1\" to: \"dc2\" profile: \"postgresql_logical\" operator_after: \"60s\" }\n"
      "workload {\n"
      "writes { name: \"a\" site: \"dc1\" from: \"2s\" until: \"2100ms\" sign_in { rate: \"100/s\" developers: 1 } }\n"
      "writes { name: \"b\" site: \"dc2\" from: \"2s\" until: \"2100ms\" sign_in { rate: \"100/s\" developers: 1 } }\n"
      "writes { name: \"s\" site: \"dc1\" from: \"3s\" until: \"50s\" add_subscriptions { rate: \"1/s\" } }\n"
      "}\n");
}

}  // namespace

TEST_CASE("a delay that is planted on an event's way adds exactly itself to its stage") {
  const std::string quiet = "faults[cut].at=59m";  // a fault of the library's that is not to disturb
  const std::vector<Planted> cases{
      {"the wait before a pull",
       "incidents/am702_waits",
       "dc2",
       {},
       {"sites[dc1].pull.event_waiting=7s", "sites[dc2].pull.event_waiting=7s"},
       ChangeKind::kApiPublished,
       Stage::kEventWaiting,
       sim::seconds(2),
       10},
      {"a link, on an event's way",
       "incidents/am2347_buffered",
       "dc2",
       {quiet, "faults[cut].lasts=1s"},
       {"links[0].delay.constant=140ms"},
       ChangeKind::kTokenRevoked,
       Stage::kBroker,
       sim::milliseconds(100),
       10},
      {"the way between nodes of a site",
       "incidents/am2347_buffered",
       "dc1",
       {quiet, "faults[cut].lasts=1s"},
       {"sites[dc1].events.local_delay=21ms"},
       ChangeKind::kTokenRevoked,
       Stage::kBroker,
       sim::milliseconds(20),
       10},
      {"a link that is slow for a while",
       listeners(
           fault("at: \"1m\" lasts: \"20m\" link_slow { from: \"dc1\" to: \"dc2\" adds { constant: \"10ms\" } }")),
       "dc2",
       {"faults[f].at=29m", "faults[f].lasts=1s"},
       {"faults[f].at=30s", "faults[f].lasts=25m"},
       ChangeKind::kTokenRevoked,
       Stage::kBroker,
       sim::milliseconds(10),
       100},
      {"a cluster message",
       "deployments/clustered_pair",
       "us-east",
       {},
       {"sites[us-east].clustering.message_delay=51ms"},
       ChangeKind::kTokenRevoked,
       Stage::kClusterMessage,
       sim::milliseconds(50),
       20},
      {"the wait of a traffic manager",
       policies(),
       "dc2",
       {},
       {"sites[dc2].events.event_waiting=7s"},
       ChangeKind::kPolicyChanged,
       Stage::kEventWaiting,
       sim::seconds(2),
       15},
      {"the database that a traffic manager asks, there and back",
       policies(),
       "dc2",
       {},
       {"sites[dc2].database.access_time=51ms"},
       ChangeKind::kPolicyChanged,
       Stage::kDatabaseRead,
       sim::milliseconds(100),
       15},
      {"a process that stands still",
       listeners(fault("at: \"2m\" lasts: \"20s\" repeats { every: \"1m\" times: 12 } "
                       "node_frozen { site: \"dc2\" node: \"node-1\" }")),
       "dc2",
       {},
       {"faults[f].lasts=25s"},
       ChangeKind::kTokenRevoked,
       Stage::kFrozen,
       sim::seconds(5),
       20},
      {"a process that stands still when its own event comes to it",
       listeners(fault("at: \"2m\" lasts: \"20s\" repeats { every: \"1m\" times: 12 } "
                       "node_frozen { site: \"dc1\" node: \"node-1\" }")),
       "dc1",
       {"sites[dc1].events.local_delay=5s"},
       {"faults[f].lasts=25s"},
       ChangeKind::kTokenRevoked,
       Stage::kFrozen,
       sim::seconds(5),
       1},
      {"the pause before the next try to connect",
       listeners(fault("at: \"10m\" lasts: \"2m\" link_down " + kBetween),
                 "when_down: \"retry\" reconnect { initial_pause: \"100s\" pause_factor: 1 }"),
       "dc2",
       {},
       {"bridges[0].reconnect.initial_pause=107s"},
       ChangeKind::kTokenRevoked,
       Stage::kReconnectWait,
       sim::seconds(7),
       5},
  };
  for (const Planted& planted : cases) check(planted);
}

TEST_CASE("a delay that is planted on an API's way adds exactly itself to its stage") {
  const std::vector<Planted> cases{
      {"a gap in a deployment",
       "incidents/am4441_heard_twice",
       "dc2",
       {},
       {"sites[dc2].pull.redeployment=3s"},
       ChangeKind::kApiPublished,
       Stage::kRedeployment,
       sim::seconds(1),
       10},
      {"the pause before a second pull",
       "incidents/am702_event_first",
       "dc2",
       {"sites[dc2].pull.retries=3", "sites[dc2].pull.first_pause=3s"},
       {"sites[dc2].pull.first_pause=4s"},
       ChangeKind::kApiPublished,
       Stage::kRetryWait,
       sim::seconds(1),
       10},
      {"a check-in, before a mirror and a poll",
       "artifacts/svn_mirror_often",
       "dc2",
       {},
       {"sites[dc1].artifacts.svn.check_in_time=2s"},
       ChangeKind::kApiPublished,
       Stage::kArtifactCopy,
       sim::seconds(2),
       20},
      {"a file that leaves later",
       "artifacts/replica_half_not_seen",
       "dc2",
       {"sites[dc2].artifacts.replica.delay.uniform.least=60s",
        "sites[dc2].artifacts.replica.delay.uniform.greatest=60s"},
       {"sites[dc2].artifacts.replica.delay.uniform.greatest=67s",
        "sites[dc2].artifacts.replica.delay.uniform.least=67s"},
       ChangeKind::kApiPublished,
       Stage::kArtifactCopy,
       sim::seconds(7),
       20},
      {"a link to a mount, there and back",
       "artifacts/mount_remote",
       "dc2",
       {},
       {"links[0].delay.constant=140ms"},
       ChangeKind::kApiPublished,
       Stage::kArtifactCopy,
       sim::milliseconds(200),
       20},
      {"a person who publishes by hand",
       "deployments/standalone_pair",
       "us-east",
       {"sites[us-east].artifacts.by_hand.delay.uniform.greatest=60s"},
       {"sites[us-east].artifacts.by_hand.delay.uniform.greatest=90s",
        "sites[us-east].artifacts.by_hand.delay.uniform.least=90s"},
       ChangeKind::kApiPublished,
       Stage::kOperator,
       sim::seconds(30),
       4},
  };
  for (const Planted& planted : cases) check(planted);
}

// A refused handshake is tried again after 1 s and four ways of 40 ms; an apply that stands still after 5 s, and what
// it takes to connect and to read the log again.
TEST_CASE("a delay that is planted on a row's way adds exactly itself to its stage") {
  const std::vector<Planted> cases{
      {"a link, on a row's way",
       replicas(""),
       "dc2",
       {},
       {"links[0].delay.constant=140ms"},
       ChangeKind::kTokenRevoked,
       Stage::kReplicationLag,
       sim::milliseconds(100),
       100},
      {"a cut link",
       replicas(fault(kTenMinutesIn + "link_down " + kBetween)),
       "dc2",
       {},
       {"faults[f].lasts=185s"},
       ChangeKind::kTokenRevoked,
       Stage::kLinkDown,
       sim::seconds(5),
       10},
      {"a full disk",
       replicas(fault(kTenMinutesIn + "disk_full { site: \"dc2\" }")),
       "dc2",
       {},
       {"faults[f].lasts=185s"},
       ChangeKind::kTokenRevoked,
       Stage::kDiskFull,
       sim::seconds(5),
       10},
      {"a data center without power, which had not sent everything",
       replicas(fault("at: \"597s\" lasts: \"60s\" site_down { site: \"dc1\" }")),
       "dc2",
       {"replications[0].ship_interval=30s"},
       {"faults[f].lasts=90s"},
       ChangeKind::kTokenRevoked,
       Stage::kSiteDown,
       sim::seconds(30),
       3},
      {"a certificate",
       replicas(fault("at: \"9m\" lasts: \"600s\" certificate_expired " + kBetween) +
                    "faults { name: \"g\" at: \"10m\" lasts: \"1s\" site_down { site: \"dc2\" } }\n",
                "transport: \"tcp\""),
       "dc2",
       {"sites[dc2].startup_time=0s"},
       {"faults[f].lasts=601160ms"},
       ChangeKind::kTokenRevoked,
       Stage::kCertificate,
       sim::milliseconds(1'160),
       50},
      {"an apply that stands still until a person comes",
       stopped_streams(),
       "dc2",
       {},
       {"replications[0].operator_after=65480450us"},
       ChangeKind::kSubscriptionAdded,
       Stage::kApplyStopped,
       sim::microseconds(5'480'450),
       20},
      {"the age of a cached token",
       "deployments/standalone_pair",
       "us-east",
       // Each entry is the first of its token: none is older than the run.
       {"sites[us-east].gateway.token_cache.sweep_interval=0s", "workload.writes[revocations].from=1m",
        "workload.writes[revocations].until=14m", "workload.writes[revocations].revoke_tokens.rate=20/m",
        "faults[us-east lost].at=50m"},
       {"sites[us-east].gateway.token_cache.ttl=910s"},
       ChangeKind::kTokenRevoked,
       Stage::kTokenCacheTtl,
       sim::seconds(10),
       50},
  };
  for (const Planted& planted : cases) check(planted);
}

}  // namespace parallax::test
