// The whole product on one thread and on many: the same bytes in every file, whether a run ends by itself or at a
// limit.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "reports/json.h"
#include "reports/run/run_page.h"
#include "scenarios/load.h"
#include "scenarios/run.h"

namespace {

using namespace parallax;

// So many requests that windows of 4 ms are worth threads: 3 regions at 4,000/s and some 6 events each make 290 events
// in a window. One direction of one link is dead for three seconds.
constexpr const char* kBusy = R"(
name: "busy"
duration: "10s"
sites { name: "a" nodes: "1" nodes: "2" clustering {} }
sites { name: "b" nodes: "1" }
regions { name: "a-users" prefers: "a" prefers: "b" }
regions { name: "b-users" prefers: "b" prefers: "a" }
regions { name: "c-users" prefers: "b" prefers: "a" }
links { from: "a" to: "b" delay { lognormal { p50: "30ms" p95: "31ms" least: "29ms" } } loss: 0.01 }
links { from: "a-users" to: "a" delay { lognormal { p50: "5ms" p95: "8ms" least: "4ms" } } }
links { from: "b-users" to: "b" delay { lognormal { p50: "5ms" p95: "8ms" least: "4ms" } } }
links { from: "c-users" to: "b" delay { constant: "9ms" } loss: 0.001 }
replications { from: "a" to: "b" ship_interval: "1s" apply_interval: "1s" }
catalog { apis: 50 applications: 100 subscriptions_per_application: 3 tokens: 3000
  tiers { name: "Bronze" limit: "1000/m" } }
workload {
  populations { name: "a" region: "a-users" rate: "4000/s" timeout: "1s" retries: 1 }
  populations { name: "b" region: "b-users" rate: "4000/s" timeout: "1s" retries: 1 }
  populations { name: "c" region: "c-users" rate: "4000/s" timeout: "1s" retries: 1 }
  writes { name: "revocations" site: "a" revoke_tokens { rate: "5/s" } }
  writes { name: "blocked" site: "b" block_subscriptions { rate: "1/s" } }
}
faults { name: "one way" at: "3s" lasts: "3s" link_down { from: "a" to: "b" one_way: true } }
)";

scenarios::Loaded busy() {
  const auto outcome = scenarios::load_text("busy", kBusy, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  return *outcome.loaded;
}

scenarios::Loaded active_active() {
  const std::filesystem::path source{PARALLAX_SOURCE_DIR};
  const auto outcome =
      scenarios::load_file(source / "scenarios" / "library" / "deployments" / "active_active.txtpb", {});
  REQUIRE(outcome.loaded);
  return *outcome.loaded;
}

schema::Result result_of(const scenarios::Loaded& loaded, unsigned threads, const scenarios::RunLimits& limits = {}) {
  scenarios::RunOptions options;
  options.threads = threads;
  options.limits = limits;
  options.command = "the same for all";
  return scenarios::run(loaded, options).result;
}

struct Files {
  std::string json;
  std::string html;
  friend bool operator==(const Files&, const Files&) = default;
};
Files files_of(const schema::Result& result) { return {reports::to_json(result), reports::run_page(result)}; }

}  // namespace

TEST_CASE("1, 2, 4 and 8 threads give the same result and the same report") {
  const scenarios::Loaded loaded = busy();
  const schema::Result one = result_of(loaded, 1);
  CHECK(one.requests() > 100'000);
  for (const unsigned threads : {2U, 4U, 8U}) {
    INFO(threads << " threads");
    CHECK(files_of(result_of(loaded, threads)) == files_of(one));
  }
}

TEST_CASE("a lost data center looks the same on one thread and on four") {
  const scenarios::Loaded loaded = active_active();
  const scenarios::RunLimits limits{{}, sim::minutes(37), {}};  // lost at 25 min, back at 35
  CHECK(files_of(result_of(loaded, 4, limits)) == files_of(result_of(loaded, 1, limits)));
}

TEST_CASE("a limit ends a run at the same event on any number of threads, inconclusive and with its books in order") {
  const scenarios::Loaded loaded = busy();
  struct Case {
    scenarios::RunLimits limits;
    std::string name;
  };
  const std::vector<Case> cases{{{100'000, {}, {}}, "events"},
                                {{1, {}, {}}, "events"},
                                {{{}, sim::milliseconds(3'500), {}}, "virtual_time"},
                                {{{}, sim::nanoseconds(1), {}}, "virtual_time"},
                                {{{}, {}, 300'000}, "memory"},
                                {{{}, {}, 1}, "memory"}};
  for (const Case& one : cases) {
    const schema::Result result = result_of(loaded, 1, one.limits);
    INFO(one.name << ", ended at " << result.runs(0).ended_ns() << " ns after " << result.events() << " events");
    CHECK(result.verdict() == "inconclusive");
    CHECK(std::count(result.reasons().begin(), result.reasons().end(), "limit_hit") == 1);
    CHECK(result.runs(0).limit() == one.name);
    CHECK(result.runs(0).ended_ns() < sim::seconds(10).ns);
    const schema::Run& run = result.runs(0);
    CHECK(run.requests() == run.answered() + run.dropped() + run.in_flight());
    for (const unsigned threads : {2U, 8U}) CHECK(files_of(result_of(loaded, threads, one.limits)) == files_of(result));
  }
}

TEST_CASE("a run that ends within its limits says nothing of them") {
  const scenarios::Loaded loaded = busy();
  const scenarios::RunLimits wide{1'000'000'000, sim::minutes(1), std::uint64_t{1} << 40};
  CHECK(files_of(result_of(loaded, 1, wide)) == files_of(result_of(loaded, 1)));
}
