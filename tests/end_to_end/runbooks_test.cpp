// What waits for something: faults on a condition and runbooks, in scenarios made for it and in
// scenarios/library/operations.
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "scenarios/condition.h"
#include "scenarios/settle.h"
#include "scenarios/units.h"
#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using domain::ChangeAcknowledged;
using domain::ChangeKind;
using domain::RecordKind;
using domain::RowChanged;
using scenarios::Settled;
using scenarios::StepTimes;
using sim::VirtualTime;

scenarios::Loaded loaded(const std::string& text) {
  const auto outcome = scenarios::load_text("generated", text, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  return *outcome.loaded;
}

std::string waits_for_lag_and_after(const std::string& at_most);

// Two sites that follow each other; what is in `rest` comes on top.
std::string two_sites(const std::string& rest) {
  return R"(name: "two"
duration: "2m"
sites { name: "a" nodes: "n" nodes: "m" }
sites { name: "b" nodes: "n" }
regions { name: "users" prefers: "a" prefers: "b" dns { ttl: "10s" } }
links { from: "a" to: "b" delay { constant: "40ms" } }
links { from: "users" to: "a" delay { constant: "5ms" } }
links { from: "users" to: "b" delay { constant: "30ms" } }
replications { from: "a" to: "b" ship_interval: "200ms" apply_interval: "200ms" }
catalog { apis: 2 applications: 10 tokens: 200 }
workload {
  populations { name: "users" region: "users" rate: "20/s" }
  writes { name: "revocations" site: "a" revoke_tokens { rate: "1/s" } }
}
)" + rest;
}

VirtualTime at(double seconds) { return VirtualTime{static_cast<std::int64_t>(seconds * 1e9)}; }

VirtualTime start_of(const schema::Fault& fault) {
  return VirtualTime{} + *scenarios::parse_duration(fault.at()).value;
}

// The third revocation of the run, 2 s later, whatever the seed: the run without the fault says when that is, and is
// the same up to there.
TEST_CASE("a fault waits for the third revocation") {
  const auto plain = loaded(two_sites(""));
  const auto waits = loaded(two_sites(R"(faults { name: "cut" lasts: "10s"
    when { change { kind: "token_revoked" nth: 3 } after: "2s" } link_down { from: "a" to: "b" } })"));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const Rehearsal without{plain, seed};
    int count = 0;
    VirtualTime third;
    for (const auto& change : without.all<ChangeAcknowledged>(RecordKind::kChangeAcknowledged)) {
      if (change.body.change == ChangeKind::kTokenRevoked && ++count == 3) third = change.time;
    }
    REQUIRE(count > 3);
    const scenarios::SeedRun run = scenarios::run_seed(waits.scenario, seed);
    REQUIRE(run.faults.size() == 1);
    CHECK(start_of(run.faults[0]) == third + sim::seconds(2));
    CHECK(run.touched[0] > 0);
    const scenarios::SeedRun as_planned = scenarios::run_seed(plain.scenario, seed);
    CHECK(run.checkpoints.substr(0, 8 * static_cast<std::size_t>(third.ns / 1'000'000'000)) ==
          as_planned.checkpoints.substr(0, 8 * static_cast<std::size_t>(third.ns / 1'000'000'000)));
    CHECK(run.fingerprint != as_planned.fingerprint);
  }
}

// One waits for what the other brings about: us-east is lost at 30 s, marked down by the checks of "users" after that,
// and 5 s later the link to the other goes too.
TEST_CASE("faults that wait for one another come one after the other") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "second" lasts: "5s" when { becomes { site: "a" state: "marked_down" } after: "5s" }
             link_down { from: "users" to: "b" } }
    faults { name: "third" lasts: "1s" when { becomes { site: "a" state: "ready" } } link_down { from: "users" to: "b" } }
    faults { name: "first" at: "30s" lasts: "20s" site_down { site: "a" } })"));
  const scenarios::SeedRun run = scenarios::run_seed(scenario.scenario, 1);
  const Rehearsal played{loaded([&] {
                           std::string text = two_sites("");
                           for (const schema::Fault& fault : run.faults)
                             text += "faults { " + fault.ShortDebugString() + " }\n";
                           return text;
                         }()),
                         1};
  std::optional<VirtualTime> down;
  std::optional<VirtualTime> ready;
  for (const auto& change : played.all<domain::SiteChanged>(RecordKind::kSiteChanged)) {
    if (change.body.change == domain::SiteChange::kMarkedDown && !down) down = change.time;
    if (change.body.change == domain::SiteChange::kReady && !ready) ready = change.time;
  }
  REQUIRE(down);
  REQUIRE(ready);
  CHECK(start_of(run.faults[0]) == *down + sim::seconds(5));
  CHECK(start_of(run.faults[1]) == *ready + sim::nanoseconds(1));
}

// A crash right after the third revocation is acknowledged, and a cut: the first does not undo what both wait for.
TEST_CASE("what two faults wait for is there for both, and still is when they have come") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "crash" lasts: "5s" when { change { kind: "token_revoked" nth: 3 } } site_down { site: "a" } }
    faults { name: "cut" lasts: "5s" when { change { kind: "token_revoked" nth: 3 } } link_down { from: "a" to: "b" } })"));
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Rehearsal played{scenario, seed};
    int count = 0;
    VirtualTime third;
    for (const auto& change : played.all<ChangeAcknowledged>(RecordKind::kChangeAcknowledged)) {
      if (change.body.change == ChangeKind::kTokenRevoked && ++count == 3) third = change.time;
    }
    const Settled settled = scenarios::settle(scenario.scenario, seed);
    CHECK(start_of(settled.scenario.faults(0)) == third + sim::nanoseconds(1));
    CHECK(start_of(settled.scenario.faults(1)) == third + sim::nanoseconds(1));
  }
}

TEST_CASE("steps in a row that wait for the next change wait for one each") {
  std::string steps;
  for (const char* name : {"one", "two", "three"}) {
    steps += std::string{"steps { name: \""} + name + "\" waits_for { change { kind: \"token_revoked\" } } } ";
  }
  const auto run =
      scenarios::run_seed(loaded(two_sites("runbooks { name: \"book\" at: \"10s\" " + steps + "}")).scenario, 1);
  std::vector<VirtualTime> after;
  for (const auto& change :
       Rehearsal{loaded(two_sites("")), 1}.all<ChangeAcknowledged>(RecordKind::kChangeAcknowledged)) {
    if (change.body.change == ChangeKind::kTokenRevoked && change.time >= at(10)) after.push_back(change.time);
  }
  for (std::size_t i = 0; i < 3; ++i) CHECK(run.runbooks[0].steps[i].done == after.at(i) + sim::nanoseconds(1));
}

// b is cut off from a, and the replica is behind, until 60 s.
TEST_CASE("what is to pass after a condition counts for the longest wait") {
  const auto in_vain = scenarios::run_seed(loaded(waits_for_lag_and_after("15s")).scenario, 1).runbooks[0].steps[0];
  CHECK(in_vain.gave_up);
  CHECK_FALSE(in_vain.ready);
  const auto in_time = scenarios::run_seed(loaded(waits_for_lag_and_after("60s")).scenario, 1).runbooks[0].steps[0];
  CHECK_FALSE(in_time.gave_up);
  REQUIRE(in_time.ready);
  CHECK(*in_time.ready > at(80));
}

TEST_CASE("a runbook of very many steps") {
  std::string steps;
  for (int i = 0; i < 60'000; ++i) steps += "steps { name: \"" + std::to_string(i) + "\" }\n";
  const Settled settled =
      scenarios::settle(loaded(two_sites("runbooks { name: \"book\" at: \"10s\" " + steps + "}")).scenario, 1);
  CHECK(settled.runbooks.at(0).steps.back().done == at(10));
}

TEST_CASE("a fault whose condition never comes has touched nothing, and the verdict says so") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "cut" lasts: "10s" when { change { kind: "api_retired" } } link_down { from: "a" to: "b" } }
    expectations { metric: "recovery.lost_writes" at_most: "0" })"));
  scenarios::RunOptions options;
  options.seeds = {1, 2};
  const auto result = scenarios::run(scenario, options).result;
  CHECK(result.verdict() == "inconclusive");
  REQUIRE(result.faults_size() == 1);
  CHECK(result.faults(0).times() == 0);
  CHECK(result.faults(0).touched() == 0);
}

// What a fault that lasts beyond the end of the run does there: it ends with it.
TEST_CASE("a fault that comes late ends with the run") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "lost" lasts: "100m" when { change { kind: "token_revoked" nth: 50 } } site_down { site: "a" } })"));
  const scenarios::SeedRun run = scenarios::run_seed(scenario.scenario, 1);
  CHECK(start_of(run.faults[0]) > at(20));
  CHECK(run.end == at(120));
}

// Of every change of `origin`'s database the instant at which `replica` had it, by hand and slowly.
class LagByHand {
 public:
  LagByHand(const Rehearsal& played, const std::string& origin, const std::string& replica) {
    std::map<std::tuple<std::uint16_t, std::uint64_t, std::uint32_t>, std::size_t> made;
    for (const auto& row : played.rows()) {
      const std::tuple key{row.body.table, row.body.row, row.body.version.packed};
      if (row.body.database == played.database(origin) && row.body.means != domain::RowMeans::kApply) {
        made[key] = changes_.size();
        changes_.push_back({row.time, std::nullopt});
      } else if (row.body.database == played.database(replica) && made.contains(key)) {
        changes_[made.at(key)].second = row.time;
      }
    }
  }

  /// Just after what comes at `now`.
  bool is_below(sim::Duration bound, VirtualTime now) const {
    for (const auto& [when, there] : changes_) {
      if (when <= now && (!there || *there > now) && now - when >= bound) return false;
    }
    return true;
  }

  std::vector<VirtualTime> arrivals() const {
    std::set<VirtualTime> times;
    for (const auto& change : changes_) {
      if (change.second) times.insert(*change.second);
    }
    return {times.begin(), times.end()};
  }

 private:
  std::vector<std::pair<VirtualTime, std::optional<VirtualTime>>> changes_;
};

std::string waits_for_lag(const std::string& from, const std::string& below, const std::string& rest) {
  return two_sites(
      "faults { name: \"cut\" at: \"40s\" lasts: \"20s\" link_down { from: \"a\" to: \"b\" } }\n"
      "runbooks { name: \"book\" at: \"" +
      from + "\" steps { name: \"wait\" waits_for { replication_lag { from: \"a\" to: \"b\" below: \"" + below +
      "\" } } " + rest + " } steps { name: \"next\" takes { constant: \"3s\" } } }");
}

// At 50 s, for a lag below 1 s and 20 s more.
std::string waits_for_lag_and_after(const std::string& at_most) {
  return two_sites(
      "faults { name: \"cut\" at: \"40s\" lasts: \"20s\" link_down { from: \"a\" to: \"b\" } }\n"
      "runbooks { name: \"book\" at: \"50s\" steps { name: \"wait\" at_most: \"" +
      at_most + "\" waits_for { replication_lag { from: \"a\" to: \"b\" below: \"1s\" } after: \"20s\" } } }");
}

// One revocation a second, carried over within 0.5 s; the way is cut from 40 s to 60 s. Who looks at 50 s sees a lag of
// some 10 s and waits until the way is back and the first changes have come: that is where an oracle over the whole
// journal sees it fall below the bound first.
TEST_CASE("a step waits until the replica is close behind") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    for (const auto& [below, bound] : {std::pair{"1s", sim::seconds(1)}, std::pair{"5s", sim::seconds(5)}}) {
      INFO("seed " << seed << ", below " << below);
      const auto scenario = loaded(waits_for_lag("50s", below, ""));
      const scenarios::SeedRun run = scenarios::run_seed(scenario.scenario, seed);
      const Rehearsal played{loaded(waits_for_lag("50s", below, "")), seed};
      const LagByHand lag{played, "a", "b"};
      REQUIRE_FALSE(lag.is_below(bound, at(50)));
      VirtualTime expected = at(120);
      for (const VirtualTime arrival : lag.arrivals()) {
        if (arrival >= at(50) && arrival < expected && lag.is_below(bound, arrival)) expected = arrival;
      }
      const StepTimes& wait = run.runbooks.at(0).steps.at(0);
      CHECK(wait.begun == at(50));
      REQUIRE(wait.ready);
      CHECK(*wait.ready == expected);
      CHECK(*wait.ready > at(60));
      CHECK_FALSE(wait.gave_up);
      CHECK(run.runbooks[0].steps[1].done == *wait.ready + sim::seconds(3));
    }
  }
}

TEST_CASE("who finds the replica close behind does not wait") {
  const auto scenario = loaded(waits_for_lag("30s", "1s", "takes { constant: \"2s\" }"));
  const StepTimes wait = scenarios::run_seed(scenario.scenario, 1).runbooks.at(0).steps.at(0);
  CHECK(wait.ready == at(30));
  CHECK(wait.done == at(32));
}

// At 50 s, for 7 s at the most, while the way is cut until 60 s.
TEST_CASE("a step that waits in vain ends its runbook, or goes on, as it says") {
  const auto abandoned = scenarios::run_seed(loaded(waits_for_lag("50s", "1s", "at_most: \"7s\"")).scenario, 1);
  const auto& steps = abandoned.runbooks.at(0).steps;
  CHECK(steps[0].gave_up);
  CHECK_FALSE(steps[0].done);
  CHECK_FALSE(steps[1].begun);
  const auto text = waits_for_lag("50s", "1s", "at_most: \"7s\" in_vain: \"go_on\" takes { constant: \"1s\" }");
  const auto went_on = scenarios::run_seed(loaded(text).scenario, 1);
  CHECK(went_on.runbooks[0].steps[0].gave_up);
  CHECK(went_on.runbooks[0].steps[0].ready == at(57));
  CHECK(went_on.runbooks[0].steps[0].done == at(58));
  CHECK(went_on.runbooks[0].steps[1].done == at(61));
}

// Who has cached a's address keeps it for the rest of its 10 s: calls at a end at 40 s and begin again at once when
// resolvers ask after 70 s. "b" takes them meanwhile.
TEST_CASE("a drained site gets no new users within a TTL, and has them back within another") {
  const auto text = two_sites(R"(runbooks { name: "book" at: "30s"
    steps { name: "out" site: "a" drain {} }
    steps { name: "work" takes { constant: "40s" } }
    steps { name: "in" site: "a" restore {} } })");
  const auto scenario = loaded(text);
  const Settled settled = scenarios::settle(scenario.scenario, 1);
  REQUIRE(settled.scenario.faults_size() == 1);
  CHECK(start_of(settled.scenario.faults(0)) == at(30));
  CHECK(settled.scenario.faults(0).lasts() == "40000000000ns");
  const Rehearsal played{scenario, 1};
  std::map<std::string, int> calls;
  for (const auto& call : played.all<domain::RequestFinished>(RecordKind::kRequestFinished)) {
    CHECK(call.body.ending == domain::Ending::kAnswered);
    const bool is_away = call.body.sent >= at(40) && call.body.sent < at(70);
    const bool is_home = call.body.sent < at(30) || call.body.sent >= at(80);
    if (is_away) CHECK(call.body.called == played.site("b"));
    if (is_home) CHECK(call.body.called == played.site("a"));
    ++calls[is_away ? "away" : is_home ? "home" : "between"];
  }
  CHECK(calls["away"] > 500);
  CHECK(calls["home"] > 1'000);
}

TEST_CASE("a drain lasts until the first order to restore after it, whatever runbook that is in") {
  const auto scenario = loaded(two_sites(R"(
    runbooks { name: "one" at: "50s" steps { name: "in" site: "a" restore {} } }
    runbooks { name: "two" at: "20s" steps { name: "out" site: "a" drain {} } }
    runbooks { name: "three" at: "70s" steps { name: "out" site: "a" drain {} } steps { name: "in" site: "a" restore {} } }
    runbooks { name: "four" at: "100s" steps { name: "out" site: "a" node: "n" drain {} } })"));
  const Settled settled = scenarios::settle(scenario.scenario, 1);
  REQUIRE(settled.scenario.faults_size() == 3);
  CHECK(settled.scenario.faults(0).lasts() == "30000000000ns");
  CHECK(settled.scenario.faults(1).lasts() == "1ns");
  CHECK(settled.scenario.faults(2).lasts() == "20000000000ns");
}

TEST_CASE("what is done at one instant counts in the order of the steps, whatever they are called") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "a: b" at: "5s" lasts: "1s" link_down { from: "a" to: "b" } }
    runbooks { name: "a" at: "20s"
      steps { name: "b: c" site: "a" node: "n" drain {} }
      steps { name: "b" takes { constant: "10s" } site: "a" node: "n" restore {} }
      steps { name: "again" site: "a" node: "n" drain {} } }
    runbooks { name: "a: b" at: "40s" steps { name: "c" site: "b" drain {} } })"));
  const Settled settled = scenarios::settle(scenario.scenario, 1);
  REQUIRE(settled.scenario.faults_size() == 4);
  const auto& faults = settled.scenario.faults();
  CHECK(start_of(faults[1]) == at(20));
  CHECK(faults[1].lasts() == "10000000000ns");
  CHECK(start_of(faults[2]) == at(30));
  CHECK(faults[2].lasts() == "90000000000ns");
  CHECK(start_of(faults[3]) == at(40));
  CHECK(faults[3].drained().site() == "b");
}

// The second of two drains that overlap is charged with what it does too.
TEST_CASE("each drain that is on is touched") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "n" at: "20s" lasts: "60s" drained { site: "a" node: "n" } }
    faults { name: "m" at: "40s" lasts: "20s" drained { site: "a" node: "m" } })"));
  const auto touched = scenarios::run_seed(scenario.scenario, 1).touched;
  CHECK(touched.at(0) > 1'000);
  CHECK(touched.at(1) > 300);
}

TEST_CASE("a node is lost and powered with its site") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "off" at: "20s" lasts: "20s" site_down { site: "a" } }
    faults { name: "x" lasts: "1s" when { becomes { site: "a" node: "m" state: "powered" } } link_down { from: "a" to: "b" } })"));
  CHECK(start_of(scenarios::run_seed(scenario.scenario, 1).faults[1]) == at(40) + sim::nanoseconds(1));
}

TEST_CASE("a node that is powered with its site and then by itself is so twice") {
  const auto scenario = loaded(two_sites(R"(
    faults { name: "site" at: "20s" lasts: "10s" site_down { site: "a" } }
    faults { name: "node" at: "100s" lasts: "5s" node_down { site: "a" node: "m" } }
    faults { name: "x" lasts: "1s" link_down { from: "a" to: "b" }
             when { becomes { site: "a" node: "m" state: "powered" nth: 2 } } })"));
  CHECK(start_of(scenarios::run_seed(scenario.scenario, 1).faults[2]) == at(105) + sim::nanoseconds(1));
}

TEST_CASE("the library's operations end as they say") {
  CHECK(verdict("operations/switchover") == "pass");
  CHECK(verdict("operations/switchover_cut") == "fail");
  CHECK(verdict("operations/switchover_cut_checked") == "pass");
  CHECK(verdict("operations/rolling_restart") == "pass");
  CHECK(verdict("operations/rolling_restart_undrained") == "fail");
}

}  // namespace
}  // namespace parallax::test
