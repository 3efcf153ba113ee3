#include "scenarios/what_if.h"

#include <catch2/catch.hpp>

#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

// Two nodes without clustering, so that a revoked token lives on in the other one's cache until its TTL is over.
constexpr const char* kPair = R"(
name: "pair"
duration: "8m"
sites { name: "dc" nodes: ["a", "b"] gateway { token_cache { ttl: "60s" } } }
regions { name: "clients" prefers: "dc" }
links { from: "clients" to: "dc" delay { constant: "20ms" } }
catalog { tokens: 50 }
workload {
  populations { name: "users" region: "clients" rate: "50/s" }
  writes { name: "revoke" site: "dc" from: "1m" until: "5m" revoke_tokens { rate: "0.2/s" } }
}
)";

std::vector<SeedRun> run_of(const std::vector<std::string>& overrides) {
  const LoadOutcome outcome = load(kPair, overrides);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  RunOptions options;
  options.seeds = {4};
  return run_seeds(outcome.loaded->scenario, options);
}

// The longest that a token was remembered for.
schema::Window longest(const SeedRun& run) {
  schema::Window window;
  for (const std::string& id : change_ids(run)) {
    for (const schema::Window& one : windows_of(run, id)) {
      if (one.change() == "token_revoked" && one.length_ns() > window.length_ns()) window = one;
    }
  }
  return window;
}

TEST_CASE("a change has a window for each observer, by its id") {
  const auto runs = run_of({});
  const std::vector<std::string> ids = change_ids(runs.front());
  REQUIRE(ids.size() > 20);
  for (const std::string& id : ids) {
    const auto windows = windows_of(runs.front(), id);
    REQUIRE(windows.size() == 2);
    CHECK(windows[0].id() == id);
    CHECK(windows[0].observer() == "dc/a");
    CHECK(windows[1].observer() == "dc/b");
  }
  CHECK(windows_of(runs.front(), "4/dc/0").empty());
  CHECK(windows_of(runs.front(), "").empty());
}

TEST_CASE("in the same run the same window is found, whichever it is") {
  const auto runs = run_of({});
  for (const std::string& id : change_ids(runs.front())) {
    for (const schema::Window& window : windows_of(runs.front(), id)) {
      const auto same = counterpart(runs.front(), window, runs.front());
      REQUIRE(same);
      CHECK(same->SerializeAsString() == window.SerializeAsString());
    }
  }
}

// With a TTL of 10 s the window ends up to 50 s sooner, as the same entry of the same token expires by then; other
// records lie between, so that its id is another.
TEST_CASE("with another value the window of the same change is found by what happened") {
  const auto before = run_of({});
  const auto after = run_of({"sites[dc].gateway.token_cache.ttl=10s", "workload.populations[users].rate=50/s"});
  const schema::Window window = longest(before.front());
  REQUIRE(window.length_ns() > 30'000'000'000);
  const auto found = counterpart(before.front(), window, after.front());
  REQUIRE(found);
  CHECK(found->change() == window.change());
  CHECK(found->object() == window.object());
  CHECK(found->writer() == window.writer());
  CHECK(found->observer() == window.observer());
  CHECK(found->start_ns() == window.start_ns());
  CHECK(found->id() != window.id());
  CHECK(found->length_ns() < window.length_ns());
}

// A window of a run written by hand: the change with this record, at this second.
audit::WindowFinding finding(domain::ChangeKind change, std::uint64_t record, std::uint32_t token,
                             std::int64_t second) {
  audit::WindowFinding out{};
  out.id = sim::RecordId::of(sim::SiteId{0}, record);
  out.change = change;
  out.object = domain::ObjectRef::of(domain::TokenId{token});
  out.start = sim::VirtualTime{} + sim::seconds(second);
  return out;
}

SeedRun written_by_hand(std::vector<audit::WindowFinding> windows) {
  SeedRun run;
  run.site_names = {"dc"};
  run.node_names = {"dc/a"};
  run.findings.windows = std::move(windows);
  return run;
}

TEST_CASE("of several changes of one object the k-th is the same in both runs") {
  constexpr auto kRevoked = domain::ChangeKind::kTokenRevoked;
  const SeedRun before = written_by_hand({finding(kRevoked, 10, 1, 1), finding(kRevoked, 20, 2, 2),
                                          finding(kRevoked, 30, 1, 3), finding(kRevoked, 40, 1, 5)});
  const SeedRun after =
      written_by_hand({finding(kRevoked, 11, 2, 2), finding(kRevoked, 21, 1, 2),
                       finding(domain::ChangeKind::kTokenIssued, 25, 1, 3), finding(kRevoked, 31, 1, 4)});
  const auto twin = [&](const std::string& id) {
    const auto found = counterpart(before, windows_of(before, id).at(0), after);
    return found ? found->id() : "";
  };
  CHECK(twin("0/dc/10") == "0/dc/21");
  CHECK(twin("0/dc/20") == "0/dc/11");
  CHECK(twin("0/dc/30") == "0/dc/31");
  CHECK(twin("0/dc/40").empty());
}

TEST_CASE("a token that was issued in the same nanosecond is the same, whatever its number") {
  constexpr auto kIssued = domain::ChangeKind::kTokenIssued;
  const SeedRun before = written_by_hand({finding(kIssued, 10, 1, 1), finding(kIssued, 20, 2, 2)});
  const SeedRun after = written_by_hand({finding(kIssued, 10, 1, 2), finding(kIssued, 20, 2, 3)});
  const auto twin = [&](const std::string& id) {
    return counterpart(before, windows_of(before, id).at(0), after)->id();
  };
  CHECK(twin("0/dc/20") == "0/dc/10");
  CHECK(twin("0/dc/10") == "0/dc/10");  // none in that instant: by its number
}

TEST_CASE("a change that is not made has no counterpart, and its class has none of it") {
  const auto before = run_of({});
  const auto after = run_of({"workload.writes[revoke].until=1m1s", "workload.writes[revoke].from=1m"});
  const schema::Window window = longest(before.front());
  REQUIRE(window.start_ns() > 61'000'000'000);
  CHECK_FALSE(counterpart(before.front(), window, after.front()));
  const auto of_class = class_of(before, window);
  REQUIRE(of_class);
  CHECK(of_class->change() == "token_revoked");
  CHECK(of_class->writer() == "dc");
  CHECK(of_class->observer() == window.observer());
  CHECK(of_class->max_ns() == window.length_ns());
  const auto then = class_of(after, window);
  CHECK((!then || then->count() < of_class->count()));
}

}  // namespace
}  // namespace parallax::scenarios
