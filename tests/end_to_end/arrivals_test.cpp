// When clients call, in whole scenarios: as often as was measured, and in a closed loop, against the laws of closed
// systems.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "scenarios/compile.h"
#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using domain::RecordKind;
using domain::RequestFinished;
using sim::Duration;
using sim::milliseconds;
using sim::minutes;
using sim::seconds;

/// Instants at which calls were sent, in order; those that had not ended with the run are missing.
std::vector<Duration> sent_of(const Rehearsal& played) {
  std::vector<Duration> instants;
  for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
    instants.push_back(call.body.sent - sim::VirtualTime{});
  }
  std::sort(instants.begin(), instants.end());
  return instants;
}

// The counts are read from the scenario itself; their sum is that of the file's first day.
TEST_CASE("a measured load has exactly the calls that were counted, five minutes by five minutes") {
  const auto file = std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios/library/steering/measured_load.txtpb";
  const auto outcome = scenarios::load_file(file, {});
  REQUIRE(outcome.loaded);
  const std::vector<std::uint32_t> counted =
      scenarios::compile(outcome.loaded->scenario, 1).populations[0].trace->counts;
  REQUIRE(counted.size() == 288);
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    std::vector<std::uint32_t> found(counted.size());
    for (const Duration sent : sent_of(Rehearsal{*outcome.loaded, seed})) {
      ++found.at(static_cast<std::size_t>(sent / minutes(5)));
    }
    CHECK(found == counted);
  }
  std::uint64_t sum = 0;
  for (const std::uint32_t calls : counted) sum += calls;
  CHECK(sum == 19'895);
  CHECK(counted[0] == 94);
  CHECK(counted[194] == 335);  // from 16:14 on
  CHECK(counted[287] == 9);
}

/// A node that answers at once, 10 ms away: its database is beside it.
std::string closed_loop(const std::string& users, const std::string& population, const std::string& gateway = "") {
  return R"(name: "generated"
duration: "10m"
sites { name: "dc" nodes: "a" database { access_time: "0s" } key_manager { token_validity: "300d" } gateway { )" +
         gateway + R"( } }
regions { name: "clients" prefers: "dc" }
links { from: "clients" to: "dc" delay { constant: "10ms" } }
catalog { apis: 1 applications: 1 subscriptions_per_application: 1 tokens: )" +
         users + R"( }
workload { populations { name: "users" region: "clients" )" +
         population + R"( } }
)";
}

const std::string kWorker = "workers { count: 1 service { constant: \"100ms\" } }";

// 10 ms there, 100 ms at the worker, 10 ms back, 880 ms of thinking: a call every second, from a start within 880 ms.
TEST_CASE("who calls, waits and thinks calls again after exactly the sum of both") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto sent = sent_of(rehearse_text(closed_loop("1", "think { constant: \"880ms\" }", kWorker), seed));
    REQUIRE(sent.size() >= 599);
    CHECK(sent.front() <= milliseconds(880));
    for (std::size_t call = 0; call < sent.size(); ++call) {
      REQUIRE(sent[call] == sent.front() + seconds(static_cast<std::int64_t>(call)));
    }
  }
}

// The interactive response time law: X = N / (Z + R), here 40 / (1 s + 20 ms) = 39.2 calls a second, 23,529 in 600 s. A
// cycle of one user varies by the 0.577 s of a uniform 0 to 2 s, so the calls of all in a time t have the variance N t
// 0.333 / 1.02^3 = 7,540, and the standard deviation 87: within four of them, and the 40 that are under way at the
// ends.
TEST_CASE("N users who think for Z and wait for R make N / (Z + R) calls a second") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Rehearsal played =
        rehearse_text(closed_loop("40", "think { uniform { least: \"0s\" greatest: \"2s\" } }"), seed);
    const auto calls = static_cast<double>(sent_of(played).size());
    INFO("seed " << seed << ": " << calls << " calls");
    CHECK(std::abs(calls - 40 * 600 / 1.02) < 4 * 87 + 40);
  }
}

// Asymptotic bounds (Lazowska et al. 1984, section 5.2) with D = 100 ms at the one worker and Z = 1 s besides 20 ms on
// the way: N / (N D + Z) <= X <= min(1 / D, N / (D + Z)). For N = 200 between 9.48 and 10 a second: the worker is never
// idle once the first are there, and each answer lets one user think. For N = 5 it is between 5 / 1.52 and 5 / 1.12.
TEST_CASE("one worker bounds how often users can call, however many they are") {
  const std::string thinkers = "timeout: \"60s\" think { constant: \"1s\" }";
  const auto rate = [&](const std::string& users) {
    const Rehearsal played = rehearse_text(closed_loop(users, thinkers, kWorker));
    std::size_t answered = 0;
    for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
      CHECK(call.body.ending == domain::Ending::kAnswered);
      answered += call.time - sim::VirtualTime{} >= minutes(2);
    }
    return static_cast<double>(answered) / 480;
  };
  const double many = rate("200");
  CHECK(many <= 10.01);
  CHECK(many >= 9.98);
  const double few = rate("5");
  CHECK(few <= 5 / 1.12 + 0.01);
  CHECK(few >= 5 / 1.52);
}

// Nothing comes through: three tries of 1 s with two pauses of 1 s, then 5 s of thinking, so three tries in 10 s.
TEST_CASE("a client thinks when the last try of its call has ended, not before") {
  const std::string lossy = closed_loop("1", "timeout: \"1s\" retries: 2 backoff: \"1s\" think { constant: \"5s\" }");
  const std::string found = "delay { constant: \"10ms\" }";
  std::string text = lossy;
  text.replace(text.find(found), found.size(), found + " loss: 1");
  const auto sent = sent_of(rehearse_text(text));
  REQUIRE(sent.size() >= 177);
  for (std::size_t attempt = 0; attempt < sent.size(); ++attempt) {
    const auto round = static_cast<std::int64_t>(attempt) / 3;
    REQUIRE(sent[attempt] == sent.front() + seconds(10 * round + 2 * (static_cast<std::int64_t>(attempt) % 3)));
  }
}

// A token is good for a minute; the call that finds it expired waits for the next, and the client for the call.
TEST_CASE("a client in a closed loop has one call at a time, whatever it waits for") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    std::string text = closed_loop("10", "kind: \"api\" think { constant: \"100ms\" }", kWorker);
    const std::string validity = "\"300d\"";
    text.replace(text.find(validity), validity.size(), "\"60s\"");
    const Rehearsal played = rehearse_text(text, seed);
    // Between two calls of a client lie 100 ms; so ten never have more than one call each under way.
    std::vector<std::pair<Duration, int>> steps;
    for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
      steps.emplace_back(call.body.sent - sim::VirtualTime{}, 1);
      steps.emplace_back(call.time - sim::VirtualTime{}, -1);
    }
    std::sort(steps.begin(), steps.end());
    int under_way = 0;
    int most = 0;
    for (const auto& step : steps) most = std::max(most, under_way += step.second);
    CHECK(most <= 10);
    CHECK(steps.size() > 2 * 4'000);
  }
}

TEST_CASE("clients of the token endpoint and of pages think too") {
  for (const std::string kind : {"token", "portal", "publisher"}) {
    const auto sent = sent_of(rehearse_text(closed_loop("1", "kind: \"" + kind + "\" think { constant: \"1s\" }")));
    INFO(kind << ": " << sent.size());
    CHECK(sent.size() >= 500);
    CHECK(sent.size() <= 600);
  }
}

}  // namespace
}  // namespace parallax::test
