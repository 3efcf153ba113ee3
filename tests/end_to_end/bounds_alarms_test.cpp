// Windows that a check once took for outside of their bounds, though nothing was wrong but the bound: found by random
// scenarios, and made small. rehearse() holds every window against its bound.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {
namespace {

struct Alarm {
  const char* what;
  std::uint64_t seed;
  const char* scenario;
};

const std::vector<Alarm> kAlarms{
    {"a token revoked twice", 123, R"(name: "fz123"
duration: "120s"
sites { name: "dc0" nodes: "n1" 
 key_manager { tokens: "jwt" }
 database { access_time: "2s" }
 events { }
}
workload {
 writes { name: "r0" revoke_tokens { rate: "4/s" } }
})"},
    {"a check-in under way takes the next API along", 137, R"(name: "fz137"
duration: "60s"
sites { name: "dc0" nodes: "n0" nodes: "n1" 
 artifacts { svn { commits: true interval: "3s" least_without_word: "2s" greatest_without_word: "3s" check_in_time: "5s" } }
}
workload {
 writes { name: "pub" publish_apis { count: 4 } }
})"},
    {"one dead target blocks all, over a lossy link", 180, R"(name: "fz180"
duration: "60s"
sites { name: "dc0" nodes: "n0" 
 database { access_time: "2s" }
 events { }
}
sites { name: "dc1" nodes: "n1" 
 events { }
}
regions { name: "users" prefers: "dc0" }
links { from: "users" to: "dc0" delay { } }
links { from: "dc0" to: "dc1" delay { uniform { least: "1ms" greatest: "2s" } } loss: 0.01 }
bridges { from: "dc0" to: "dc1" dead_target: "blocks_all" }
workload {
 populations { name: "p" region: "users" rate: "5/s" timeout: "1s" retries: 1 }
 writes { name: "r0" site: "dc0" revoke_tokens { rate: "4/s" } }
})"},
    {"events that queue", 270, R"(name: "fz270"
duration: "60s"
sites { name: "dc0" nodes: "n2" 
 key_manager { tokens: "jwt" }
 events { }
}
sites { name: "dc3" nodes: "n1" 
 key_manager { tokens: "jwt" }
 events { event_waiting: "1s" }
}
links { from: "dc0" to: "dc3" delay { } }
bridges { from: "dc0" to: "dc3" }
workload {
 writes { name: "s0" site: "dc0" add_subscriptions { rate: "2/s" } }
})"},
    {"a subscription that memory has not", 329, R"(name: "fz329"
duration: "120s"
sites { name: "dc0" nodes: "n0" 
 key_manager { tokens: "jwt" }
 events { }
 artifacts { mount { scan: "2s" } }
}
sites { name: "dc1" nodes: "n1" 
 key_manager { tokens: "jwt" }
 database { access_time: "2s" }
 events { }
 artifacts { replica { of: "dc0" } }
}
sites { name: "dc2" nodes: "n1" 
 key_manager { tokens: "jwt" }
 events { }
 artifacts { replica { of: "dc0" } }
}
sites { name: "dc3" nodes: "n0" 
 key_manager { tokens: "jwt" token_validity: "20s" }
 events { event_waiting: "5s" }
 artifacts { replica { of: "dc0" scan: "2s" } }
}
regions { name: "users" prefers: "dc3" }
links { from: "users" to: "dc2" delay { } }
links { from: "dc0" to: "dc1" delay { } }
links { from: "dc1" to: "dc2" delay { uniform { least: "0s" greatest: "60ms" } } }
links { from: "dc2" to: "dc3" delay { lognormal { p50: "30ms" p95: "31ms" } } }
replications { from: "dc0" to: "dc1" }
replications { from: "dc1" to: "dc2" retries: 0 }
replications { from: "dc2" to: "dc3" apply_interval: "1s" forwards: "data_center" retries: 0 }
bridges { from: "dc0" to: "dc1" }
bridges { from: "dc0" to: "dc2" }
bridges { from: "dc0" to: "dc3" }
bridges { from: "dc1" to: "dc3" }
bridges { from: "dc2" to: "dc3" }
catalog { apis: 12 applications: 20 tokens: 1 tiers { name: "Gold" limit: "20/m" } }
workload {
 writes { name: "b1" site: "dc1" block_subscriptions { rate: "1/9s" } }
 writes { name: "b2" site: "dc2" block_subscriptions { rate: "1/9s" } }
 writes { name: "s3" site: "dc3" add_subscriptions { rate: "1/4s" } }
 writes { name: "pub" site: "dc0" publish_apis { count: 4 } }
 writes { name: "pol" site: "dc0" from: "20s" change_policy { tier: "Gold" limit: "10/m" } }
})"},
    {"an API that two people publish by hand", 375, R"(name: "fz375"
duration: "120s"
sites { name: "dc0" nodes: "n1" 
 key_manager { tokens: "jwt" }
 artifacts { by_hand { delay { uniform { least: "1ms" greatest: "2s" } } } }
}
sites { name: "dc1" nodes: "n0" 
 key_manager { tokens: "jwt" }
 artifacts { by_hand { } }
}
links { from: "dc0" to: "dc1" delay { uniform { least: "0s" greatest: "60ms" } } }
workload {
 writes { name: "pub" site: "dc0" publish_apis { count: 4 again_at: "dc1" again_after: "0s" } }
})"},
    {"an answer for a node that stands still", 450, R"(name: "fz450"
duration: "120s"
sites { name: "dc0" nodes: "n0" nodes: "n2" 
 gateway { token_cache { ttl: "1ns" } }
 database { access_time: "2s" }
}
regions { name: "users" }
links { from: "users" to: "dc0" delay { } }
catalog { tokens: 10 }
workload {
 populations { name: "p" region: "users" rate: "40/s" }
 writes { name: "r0" revoke_tokens { rate: "4/s" } }
}
faults { name: "f1" at: "5s" lasts: "40s" node_frozen { site: "dc0" node: "n0" } })"},
    {"rows behind a stream that stands still", 60, R"(name: "fz60"
duration: "120s"
sites { name: "dc0" nodes: "n0" nodes: "n1" startup_time: "0s"
 gateway { token_cache { ttl: "1ns" sweep_interval: "0s" } }
 key_manager { token_validity: "20s" }
 database { access_time: "0s" }
 events { profile: "redis_pubsub" tells_site: true event_waiting: "1s" event_ids_remembered: 1 fail_back_interval: "10s" }
 artifacts { mount { scan: "1ms" kind: "hard" } }
}
sites { name: "dc1" nodes: "n0" nodes: "n1" nodes: "n2" startup_time: "2s"
 key_manager { token_validity: "60s" }
 database { access_time: "1ms" }
 traffic_manager { policies: "asked" }
 events { profile: "redis_pubsub" event_ids_remembered: 1 liveness_interval: "10s" }
 artifacts { mount { of: "dc0" scan: "1ms" kind: "soft" } }
}
regions { name: "users" prefers: "dc0" prefers: "dc1" }
links { from: "users" to: "dc0" delay { constant: "5ms" } }
links { from: "users" to: "dc1" delay { constant: "9ms" } }
links { from: "dc0" to: "dc1" delay { constant: "1ms" } }
replications { from: "dc0" to: "dc1" profile: "postgresql_logical" forwards: "everything" }
bridges { from: "dc0" to: "dc1" when_down: "buffer" }
bridges { from: "dc1" to: "dc0" when_down: "buffer" }
catalog { apis: 12 applications: 20 tokens: 60 tiers { name: "Gold" limit: "20/m" } }
workload {
 writes { name: "r0" site: "dc0" revoke_tokens { rate: "1/2s" } }
 writes { name: "t0" site: "dc0" request_tokens { rate: "1/s" users: 5 } }
 writes { name: "r1" site: "dc1" revoke_tokens { rate: "4/s" } }
})"},
    {"an API that another site publishes too", 517, R"(name: "fz517"
duration: "120s"
sites { name: "dc0" nodes: "n1" startup_time: "15s"
 artifacts { by_hand { delay { constant: "40ms" } } }
}
sites { name: "dc1" nodes: "n0" 
 artifacts { by_hand { delay { uniform { least: "0s" greatest: "60ms" } } } }
}
sites { name: "dc2" nodes: "n0" 
 artifacts { by_hand { } }
}
sites { name: "dc3" nodes: "n1" 
 artifacts { by_hand { } }
}
links { from: "dc1" to: "dc2" delay { lognormal { p50: "30ms" p95: "31ms" } } }
links { from: "dc2" to: "dc3" delay { } }
workload {
 writes { name: "pub" site: "dc0" publish_apis { count: 4 again_at: "dc1" again_after: "0s" } }
})"},
};

}  // namespace

TEST_CASE("what was taken for a fault of the engine is none") {
  for (const Alarm& alarm : kAlarms) {
    INFO(alarm.what);
    const Rehearsal played = rehearse_text(alarm.scenario, alarm.seed);
    CHECK(!played.findings.windows.empty());
  }
}

TEST_CASE("who publishes as the power goes has nobody call, and nothing breaks") {
  const std::string text = R"(
    name: "crash" duration: "10m"
    sites { name: "dc0" nodes: "n0" startup_time: "1s" database { access_time: "20ms" } artifacts { calls {} } }
    sites { name: "dc1" nodes: "n0" artifacts { calls {} } }
    links { from: "dc0" to: "dc1" delay { constant: "40ms" } }
    catalog { apis: 100 }
    workload { writes { name: "pub" site: "dc0" publish_apis { count: 90 } } }
    faults { name: "f0" random { rate: "1/5s" mean_duration: "10ms" } nodes_down { site: "dc0" nodes: "n0" } })";
  for (const std::uint64_t seed : {std::uint64_t{5}, std::uint64_t{7}})
    CHECK(rehearse_text(text, seed).end == sim::VirtualTime{} + sim::minutes(10));
}

}  // namespace parallax::test
