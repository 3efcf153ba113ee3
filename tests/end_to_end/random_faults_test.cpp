// Deployments whose faults are drawn at random, of every kind and every schedule: once, again and again, at random.
// Windows and requests add up, and one thread gives the same bytes as three.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "scenarios/run.h"
#include "tests/end_to_end/random_deployments.h"

namespace parallax::test {
namespace {

std::string site(Dice& dice, const std::string& name) {
  return join({"sites { name: \"", name, "\" nodes: \"a\" nodes: \"b\" startup_time: \"2s\"\n",
               "gateway { token_cache { ttl: \"", dice.pick(std::array{"2s", "900s"}), "\" } }\n",
               "events { profile: \"", dice.pick(std::array{"carbon_jms", "redis_pubsub"}), "\" } }\n"});
}

std::string schedule(Dice& dice) {
  const std::string kind = dice.pick(std::array{"once", "again", "random"});
  if (kind == "random") {
    return join({"random {", dice.field("rate", std::array{"1/s", "1/10s", "1/40s"}),
                 dice.field("mean_duration", std::array{"10ms", "1s", "5s"}), " } "});
  }
  const std::string once = join({dice.field("at", std::array{"0s", "5s", "20s"}),
                                 dice.field("lasts", std::array{"1ms", "300ms", "1500ms"}), " "});
  if (kind == "once") return once;
  return join(
      {once, "repeats {", dice.field("every", std::array{"1501ms", "4s", "13s"}), dice.maybe(" times: 3"), " } "});
}

std::string link_fault(Dice& dice) {
  const std::string from = dice.pick(std::array{"one", "users"});
  const std::string ends = join({" { from: \"", from, "\" to: \"two\" ", dice.maybe("one_way: true ")});
  const std::string kind = dice.pick(std::array{"link_down", "link_slow", "link_lossy"});
  if (kind == "link_slow") {
    return join({kind, ends, "adds { ",
                 dice.pick(std::array{"constant: \"200ms\"", "uniform { least: \"0s\" greatest: \"900ms\" }"}),
                 " } } "});
  }
  if (kind == "link_lossy") return join({kind, ends, "loss: ", dice.pick(std::array{"0.02", "0.4", "1"}), " } "});
  return join({kind, ends, "} "});
}

// One loss of power for each place: at random there must be no other.
std::string power_fault(Dice& dice, const std::string& where) {
  if (dice.one_in(2)) return "site_down { site: \"" + where + "\" } ";
  return join({"node_down { site: \"", where, "\" node: \"", dice.pick(std::array{"a", "b"}), "\" loses: \"",
               dice.pick(std::array{"process", "power"}), "\" } "});
}

std::string pause_fault(Dice& dice, const std::string& where) {
  return join({"node_frozen { site: \"", where, "\" node: \"", dice.pick(std::array{"a", "b"}), "\" } "});
}

std::string certificate_fault(Dice& dice, const std::string& where) {
  const std::string from = dice.pick(std::array{"users", where == "one" ? "two" : "one"});
  return join({"certificate_expired { from: \"", from, "\" to: \"", where, "\" ", dice.maybe("one_way: true "), "} "});
}

std::string fault(Dice& dice, const std::string& name, const std::string& what) {
  return join({"faults { name: \"", name, "\" ", schedule(dice), what, "}\n"});
}

std::string random_deployment(std::uint64_t seed) {
  Dice dice{seed, "random faults"};
  std::string text = "name: \"random\"\nduration: \"60s\"\n";
  text += join({site(dice, "one"), site(dice, "two")});
  text += kUsersOfBoth;
  text += "links { from: \"one\" to: \"two\" delay { uniform { least: \"20ms\" greatest: \"60ms\" } } loss: " +
          dice.pick(std::array{"0", "0.01"}) + " }\n";
  text += "replications { from: \"one\" to: \"two\" profile: \"" +
          dice.pick(std::array{"last_writer_wins", "postgresql_logical", "goldengate"}) + "\" }\n";
  text +=
      "bridges { from: \"one\" to: \"two\" }\nbridges { from: \"two\" to: \"one\" }\n"
      "catalog { apis: 12 applications: 20 tokens: 60 }\n"
      "workload {\n";
  text += kCallersAndWriters;
  text += "}\n";
  for (const char* name : {"f1", "f2", "f3"}) {
    const std::string what = link_fault(dice);
    text += fault(dice, name, what);
  }
  for (const std::string where : {"one", "two"}) {
    const std::string what = power_fault(dice, where);
    const bool loses_power = dice.one_in(3);
    if (loses_power) text += fault(dice, "power of " + where, what);
    Dice more{seed, "random faults besides at " + where};
    if (more.one_in(3)) text += fault(more, "disk of " + where, "disk_full { site: \"" + where + "\" } ");
    if (more.one_in(3) && !loses_power) text += fault(more, "pause at " + where, pause_fault(more, where));
    if (more.one_in(2)) text += fault(more, "certificate of " + where, certificate_fault(more, where));
  }
  return text;
}

schema::Result result_of(const std::string& fault) {
  const auto outcome = scenarios::load_text(
      "one",
      "name: \"one\" duration: \"20s\" sites { name: \"dc\" nodes: \"a\" } regions { name: \"users\" }\n"
      "links { from: \"users\" to: \"dc\" delay { constant: \"5ms\" } }\n"
      "workload { populations { name: \"p\" region: \"users\" rate: \"100/s\" } }\n"
      "faults { name: \"f\" " +
          fault + " }",
      {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  scenarios::RunOptions options;
  options.seeds = {1, 2};
  return scenarios::run(*outcome.loaded, options).result;
}

}  // namespace

TEST_CASE("in 120 deployments with faults drawn at random windows, requests and threads add up") {
  std::uint64_t windows = 0;
  std::uint64_t timed_out = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const audit::Findings findings = play_and_check(random_deployment(seed), seed);
    for (const audit::WindowFinding& window : findings.windows) windows += window.length.ns > 0;
    timed_out += findings.ledger.timed_out;
  }
  // Not vacuous.
  CHECK(windows > 2'000);
  CHECK(timed_out > 1'000);
}

// Two seeds. Of 100 requests a second in 2 s of 20 about 200 meet the fault, and twice as many messages.
TEST_CASE("every fault says what it touched in all its times, and one that touched nothing proves nothing") {
  struct Row {
    std::string fault;
    std::uint64_t times;
    bool is_vacuous;
  };
  const std::string twice = "at: \"5s\" lasts: \"1s\" repeats { every: \"4s\" times: 2 } ";
  const std::string never = "random { rate: \"1/3650d\" mean_duration: \"1s\" } ";
  const std::string ends = " { from: \"users\" to: \"dc\" ";
  const Row rows[] = {{twice + "link_down" + ends + "}", 4, false},
                      {twice + "link_slow" + ends + "adds { constant: \"10ms\" } }", 4, false},
                      {twice + "link_lossy" + ends + "loss: 0.5 }", 4, false},
                      {twice + "site_down { site: \"dc\" }", 4, false},
                      {twice + "node_down { site: \"dc\" node: \"a\" }", 4, false},
                      {twice + "clock_off { site: \"dc\" offset: \"1s\" }", 4, false},
                      {twice + "certificate_expired" + ends + "}", 4, false},
                      {twice + "node_frozen { site: \"dc\" node: \"a\" }", 4, false},
                      {twice + "nodes_down { site: \"dc\" nodes: \"a\" }", 4, false},
                      {twice + "role_down { site: \"dc\" part: \"gateway\" }", 4, false},
                      {never + "certificate_expired" + ends + "}", 0, true},
                      {never + "disk_full { site: \"dc\" }", 0, true},
                      {never + "node_frozen { site: \"dc\" node: \"a\" }", 0, true},
                      {never + "role_down { site: \"dc\" part: \"gateway\" }", 0, true},
                      {twice + "link_slow" + ends + "adds { constant: \"0s\" } }", 4, true},
                      {twice + "link_lossy" + ends + "loss: 0 }", 4, true},
                      {never + "link_down" + ends + "}", 0, true},
                      {never + "link_slow" + ends + "adds { constant: \"10ms\" } }", 0, true},
                      {never + "site_down { site: \"dc\" }", 0, true},
                      {never + "node_down { site: \"dc\" node: \"a\" }", 0, true},
                      {never + "clock_off { site: \"dc\" offset: \"1s\" }", 0, true}};
  for (const Row& row : rows) {
    INFO(row.fault);
    const schema::Result result = result_of(row.fault);
    REQUIRE(result.faults_size() == 1);
    CHECK(result.faults(0).times() == row.times);
    CHECK((result.faults(0).touched() == 0) == row.is_vacuous);
    CHECK(result.verdict() == (row.is_vacuous ? "inconclusive" : "pass"));
    if (row.is_vacuous) CHECK(result.reasons(0) == "vacuous");
  }
  // About 2 seeds x 2 s x 100 requests there and back.
  const auto slowed = static_cast<double>(result_of(rows[1].fault).faults(0).touched());
  CHECK(slowed == Approx(800).margin(5 * 2 * std::sqrt(400.0)));  // each request counts twice, so twice its deviation
}

}  // namespace parallax::test
