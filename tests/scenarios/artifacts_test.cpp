// What a scenario may say about how gateways get their artifacts and how they start: each check once, with the
// complaint that breaking it leads to.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kStarting =
    R"(name: "starting"
duration: "1h"
sites {
  name: "dc1"
  nodes: ["cp", "gw"]
  roles { nodes: "cp" parts: ["control_plane", "key_manager", "traffic_manager"] }
  roles { nodes: "gw" parts: "gateway" }
  pull {}
  events {}
  startup { ready_when: "all" on_disk: "last_good" retries: 4 in_vain: "starts_over" api_time: "2s" timeout: "3s" }
}
sites { name: "dc2" nodes: "a" pull { from: "dc1" } events {} startup { profile: "synchronous" } }
sites { name: "dc3" nodes: "b" pull { from: "dc1" } events {} startup { from: "dc2" } }
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
links { from: "dc1" to: "dc3" delay { constant: "40ms" } }
workload { populations { name: "users" region: "clients" rate: "1/s" } }
)";

constexpr std::string_view kFiles =
    R"(name: "files"
duration: "1h"
sites { name: "dc1" nodes: "a" clustering {} artifacts { svn { commits: true interval: "10s" } } }
sites {
  name: "dc2"
  nodes: "b"
  artifacts { svn { mirror_of: "dc1" mirror_period: "2m" least_without_word: "1m" greatest_without_word: "5m" } }
}
regions { name: "clients" prefers: "dc1" }
links { from: "clients" to: "dc1" delay { constant: "5ms" } }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
workload {
  populations { name: "users" region: "clients" rate: "1/s" }
  writes { name: "new" site: "dc1" publish_apis { count: 2 } }
}
)";

constexpr std::string_view kOfDc1 = "svn { commits: true interval: \"10s\" }";
constexpr std::string_view kOfDc2 =
    "svn { mirror_of: \"dc1\" mirror_period: \"2m\" least_without_word: \"1m\" greatest_without_word: \"5m\" }";

std::string ways(std::string_view dc1, std::string_view dc2) { return with(with(kFiles, kOfDc1, dc1), kOfDc2, dc2); }

TEST_CASE("the scenarios of starts and of files are right") {
  CHECK(complaints(load(kStarting)).empty());
  CHECK(complaints(load(kFiles)).empty());
}

TEST_CASE("what is said of starts gets to the world, and the rest is the profile's") {
  const auto loaded = load(kStarting).loaded;
  REQUIRE(loaded);
  const world::WorldConfig config = compile(loaded->scenario, 1);
  namespace artifacts = propagation::artifacts;
  REQUIRE(config.sites[0].startup);
  const world::StartupConfig& one = *config.sites[0].startup;
  CHECK(one.source == sim::SiteId{0});
  CHECK(one.startup.ready_when == artifacts::ReadyWhen::kAllAreUp);
  CHECK(one.startup.on_disk == artifacts::OnDisk::kLastGood);
  CHECK(one.startup.in_vain == artifacts::InVain::kStartsOver);
  CHECK(one.startup.api_time == sim::seconds(2));
  CHECK(one.request.timeout == sim::seconds(3));
  CHECK(one.startup.retry.retries == 4);
  CHECK(one.startup.retry.first == sim::seconds(20));
  REQUIRE(config.sites[1].startup);
  const world::StartupConfig& other = *config.sites[1].startup;
  CHECK(other.source == sim::SiteId{0});  // whom it pulls from
  CHECK(other.startup.ready_when == artifacts::ReadyWhen::kAllAreUp);
  CHECK(other.startup.retry.retries == 9);
  CHECK(other.startup.retry.factor == 1);
  REQUIRE(config.sites[2].startup);
  CHECK(config.sites[2].startup->source == sim::SiteId{1});
  CHECK(config.sites[2].startup->startup.retry.retries == artifacts::RetrySpec::kEndless);
}

TEST_CASE("starts are of gateways that pull, and ask a control plane that there is") {
  const Case cases[] = {
      {"ready_when: \"all\"", "ready_when: \"al\"", "10:13: unknown ready_when \"al\"; did you mean \"all\"?"},
      {"\"last_good\"", "\"last\"", "unknown on_disk \"last\""},
      {"\"starts_over\"", "\"start_over\"", "unknown in_vain \"start_over\"; did you mean \"starts_over\"?"},
      {"\"synchronous\"", "\"synchron\"", "unknown profile \"synchron\"; did you mean \"synchronous\"?"},
      {"  pull {}\n  events {}\n", "",
       "gateways of \"dc1\" do not pull and have their APIs on disk; expected pull { } there, or no startup"},
      {"from: \"dc2\" }", "from: \"clients\" }", "\"clients\" is a region; expected a site"},
      {"from: \"dc2\" }", "from: \"dc4\" }", "unknown"},
      {"nodes: \"a\" pull", "nodes: \"a\" roles { nodes: \"a\" parts: \"gateway\" } pull",
       "no node of \"dc2\" is a control plane; expected a site that has one"},
      {"nodes: \"a\" pull", "nodes: \"a\" database { at { site: \"dc1\" } } pull",
       "\"dc2\" has no database of its own; expected a site that has one"},
      {"links { from: \"dc1\" to: \"dc3\" delay { constant: \"40ms\" } }\n", "",
       "unreachable site: the startup has no way from \"dc3\" to \"dc2\""}};
  check_all(kStarting, cases);
}

TEST_CASE("what is said of files gets to the world") {
  const auto loaded = load(kFiles).loaded;
  REQUIRE(loaded);
  const world::WorldConfig config = compile(loaded->scenario, 1);
  using Way = world::FilesConfig::Way;
  REQUIRE(config.sites[0].files);
  CHECK(config.sites[0].files->commits);
  CHECK(config.sites[0].files->of == sim::SiteId{0});
  CHECK(config.sites[0].files->task.interval == sim::seconds(10));
  REQUIRE(config.sites[1].files);
  CHECK(config.sites[1].files->way == Way::kSvn);
  CHECK_FALSE(config.sites[1].files->commits);
  CHECK(config.sites[1].files->of == sim::SiteId{0});
  CHECK(config.sites[1].files->period == sim::minutes(2));
  CHECK(config.sites[1].files->task.least_without_word == 60);
  CHECK(config.sites[1].files->task.greatest_without_word == 300);
}

TEST_CASE("each way of files has its own settings") {
  using Way = world::FilesConfig::Way;
  const auto second = [](std::string_view dc1, std::string_view dc2) {
    const auto outcome = load(ways(dc1, dc2));
    INFO(complaints(outcome));
    REQUIRE(outcome.loaded);
    return *compile(outcome.loaded->scenario, 1).sites[1].files;
  };
  const auto soft = second("mount {}", "mount { of: \"dc1\" kind: \"soft\" scan: \"20s\" }");
  CHECK(soft.way == Way::kFolder);
  CHECK(soft.period == sim::seconds(20));
  CHECK(soft.request.timeout == sim::seconds(180));
  CHECK(soft.request.connecting == propagation::artifacts::Connecting::kKept);
  const auto server = second("server {}", "server { of: \"dc1\" }");
  CHECK(server.period == sim::minutes(1));
  CHECK(server.request.timeout == sim::seconds(10));
  CHECK(server.after_failure == propagation::artifacts::AfterFailure::kNextLook);
  const auto replica = second("mount {}", "replica { of: \"dc1\" delay { constant: \"7s\" } half: \"not_seen\" }");
  CHECK(replica.way == Way::kReplica);
  CHECK(replica.half == runtime::HalfDeployment::kIsNotSeen);
  REQUIRE(replica.replica.delay[0]);
  CHECK(replica.replica.delay[0]->greatest() == sim::seconds(7));
  CHECK(second("by_hand {}", "by_hand { forgets: 0.5 }").manual.forgets == 0.5);
  const auto calls = second("calls {}", "calls { timeout: \"7s\" }");
  CHECK(calls.way == Way::kCalls);
  CHECK(calls.calls.timeout == sim::seconds(7));
  CHECK_THAT(complaints(load(ways("mount {}", "calls {}"))),
             Catch::Contains("what write \"new\" publishes at \"dc1\" would never get to gateways of \"dc2\""));
}

TEST_CASE("artifacts come one way, from a site that has them") {
  const Case cases[] = {
      {kOfDc1, "", "3:46: artifacts in no ways; expected exactly one of svn, mount, server, replica, by_hand"},
      {kOfDc1, "svn { commits: true } mount {}", "artifacts in several ways; expected exactly one"},
      {"mirror_of: \"dc1\"", "mirror_of: \"dc2\"", "\"dc2\" is to follow itself; expected another site"},
      {"mirror_of: \"dc1\"", "mirror_of: \"clients\"", "\"clients\" is a region; expected a site"},
      {"mirror_of: \"dc1\"", "mirror_of: \"dc9\"", "unknown"},
      {"greatest_without_word: \"5m\"", "greatest_without_word: \"30s\"",
       "least_without_word \"1m\" is not below greatest_without_word \"30s\""},
      {kOfDc1, "mount {}", "\"dc1\" has no repository of its own; expected artifacts { svn { } } there"},
      {kOfDc2, "mount { of: \"dc1\" }", "\"dc1\" has no folder; expected artifacts { mount { }"},
      {"clustering {} artifacts", "pull {} events {} artifacts", "gateways of \"dc1\" pull, and have no use for files"},
      {"svn { commits: true", "svn { commits: false",
       "what write \"new\" publishes at \"dc1\" would never get to gateways of \"dc1\"; expected svn { commits: true "
       "}"},
      {"  artifacts { svn { mirror_of", "  clustering {} #",
       "what write \"new\" publishes at \"dc1\" spreads by artifacts { }, but \"dc2\" has none"},
      {"count: 2 }", "count: 2 again_at: \"dc1\" }", "\"dc1\" is where they are published first; expected another"},
      {"count: 2 }", "count: 2 again_at: \"dc2\" }",
       "what write \"new\" publishes at \"dc2\" would never get to gateways of \"dc1\""},
      {"links { from: \"dc1\" to: \"dc2\" delay { constant: \"40ms\" } }\n", "",
       "unreachable site: the way of artifacts has no way from \"dc2\" to \"dc1\""}};
  check_all(kFiles, cases);
}

TEST_CASE("words of mounts and replicas are known ones, and nobody is left out") {
  CHECK_THAT(complaints(load(ways("mount { kind: \"weak\" }", "mount { of: \"dc1\" }"))),
             Catch::Contains("unknown kind \"weak\""));
  CHECK_THAT(complaints(load(ways("mount {}", "replica { of: \"dc1\" half: \"seen\" }"))),
             Catch::Contains("unknown half \"seen\" (words: served, not_seen)"));
  CHECK_THAT(complaints(load(ways("mount {}", "mount {}"))),
             Catch::Contains("would never get to gateways of \"dc2\"; expected a way that leads from there"));
  CHECK_THAT(complaints(load(ways("mount {}", "by_hand {}"))),
             Catch::Contains("would never get to gateways of \"dc2\""));
  CHECK_THAT(complaints(load(ways("replica { of: \"dc2\" }", "mount {}"))),
             Catch::Contains("would never get to gateways of \"dc1\""));
}

}  // namespace
}  // namespace parallax::scenarios
