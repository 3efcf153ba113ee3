// When faults are on, what they are refused for, and how their times are drawn.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "scenarios/compile.h"
#include "scenarios/fault_times.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kLink = "link_down { from: \"clients\" to: \"dc\" }";
constexpr std::string_view kCut = "at: \"2m\" lasts: \"1m\" link_down { from: \"clients\" to: \"dc\" }";

schema::Scenario scenario_with(const std::string& fault) {
  const LoadOutcome outcome = load(sample_with(kCut, fault));
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  return outcome.loaded->scenario;
}

schema::Fault random_fault(const std::string& name, const std::string& rate, const std::string& mean_duration) {
  schema::Fault fault;
  fault.set_name(name);
  fault.mutable_random()->set_rate(rate);
  fault.mutable_random()->set_mean_duration(mean_duration);
  return fault;
}

std::vector<sim::Spell> spells_of_cut(const std::string& fault) {
  return spells_of(scenario_with(fault).faults(0), sim::seconds(600), 1);
}

sim::VirtualTime at(sim::Duration since) { return sim::VirtualTime{} + since; }

}  // namespace

// From 590 s every 2 s for 0.5 s: 590, 592, ... 598; one at 600 would not end within 600 s.
TEST_CASE("a fault that repeats is on as often as it says, or as it ends within the run") {
  const std::string flaps = "at: \"590s\" lasts: \"500ms\" " + std::string{kLink};
  CHECK(spells_of_cut(flaps).size() == 1);
  const auto spells = spells_of_cut(flaps + " repeats { every: \"2s\" }");
  REQUIRE(spells.size() == 5);
  sim::VirtualTime start = at(sim::seconds(590));
  for (const sim::Spell& spell : spells) {
    CHECK(spell.from == start);
    CHECK(spell.until == start + sim::milliseconds(500));
    start = start + sim::seconds(2);
  }
  CHECK(spells_of_cut(flaps + " repeats { every: \"2s\" times: 3 }").size() == 3);
  // The last one may end with the run: 0, 1, ... 599 s.
  CHECK(spells_of_cut("at: \"500ms\" lasts: \"500ms\" repeats { every: \"1s\" } " + std::string{kLink}).size() == 600);
}

TEST_CASE("all times of a fault have its number, on each link that it is on") {
  const auto config =
      compile(scenario_with(
                  "at: \"1m\" lasts: \"1s\" repeats { every: \"1m\" times: 4 } " + std::string{kLink} +
                  " }\nfaults { name: \"slow\" at: \"1m\" lasts: \"1s\" repeats { every: \"1m\" times: 3 } link_slow { "
                  "from: \"dc\" to: \"clients\" adds { constant: \"200ms\" } } }\n"
                  "faults { name: \"lossy\" random { rate: \"1/m\" mean_duration: \"5s\" } link_lossy { from: "
                  "\"clients\" to: \"eu\" loss: 0.5 one_way: true }"),
              1);
  CHECK(config.stage_of_fault.size() == 3);
  REQUIRE(config.outages.size() == 8);  // four times, both ways
  for (const sim::LinkOutage& outage : config.outages) CHECK(outage.fault == 0);
  REQUIRE(config.disturbances.size() == 3);  // both ways, and one
  for (const std::size_t i : {0U, 1U}) {
    CHECK(config.disturbances[i].fault == 1);
    CHECK(config.disturbances[i].spells.size() == 3);
    CHECK(config.disturbances[i].adds.least() == sim::milliseconds(200));
    CHECK(config.disturbances[i].loss == 0);
  }
  CHECK(config.disturbances[2].fault == 2);
  CHECK(config.disturbances[2].loss == 0.5);
  CHECK(config.disturbances[2].adds.greatest() == sim::Duration{});
}

// An alternating renewal process of means u = 60 s up and d = 20 s down is down the share d / (u + d) = 1/4 of a long
// time T, and begins T / (u + d) times. Over 400 seeds of T = 24 h each, 8,640 m = 1,080 times on average (and u / (u +
// d) = 0.75 of a time more, since it begins up: the first cycle is whole when the count begins, E N = T / (u + d) +
// (s^2 / m^2 - 1) / 2 + d / (u + d) with m = 80 s, s^2 = 60^2 + 20^2, so + (0.625 - 1) / 2 + 0.25 = + 0.06).
// Var N = T s^2 / m^3 = 86,400 x 4,000 / 512,000 = 675, so the mean of 400 is within 5 sqrt(675 / 400) = 6.5.
// Down time: variance T x 2 u^2 d^2 / (u + d)^3 = 86,400 x 2 x 3,600 x 400 / 512,000 = 486,000 s^2; the mean of 400 is
// within 5 sqrt(486,000 / 400) = 174 s of 21,600 s. It begins up: it is down at t with chance 1/4 (1 - e^(-t/r)), r = u
// d / (u + d) = 15 s, which over the day makes 15 / 4 = 3.75 s less.
TEST_CASE("a random fault is an alternating renewal process of the means that it gives") {
  constexpr int kSeeds = 400;
  const sim::Duration day = sim::seconds(86'400);
  const schema::Fault fault = random_fault("down", "1/m", "20s");
  double times = 0;
  double down = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto spells = spells_of(fault, day, static_cast<std::uint64_t>(seed));
    times += static_cast<double>(spells.size());
    sim::VirtualTime free{};
    for (const sim::Spell& spell : spells) {
      REQUIRE(free < spell.from);
      REQUIRE(spell.from < spell.until);
      free = spell.until;
      down += static_cast<double>((spell.until - spell.from).ns) / 1e9;
    }
    REQUIRE(free <= sim::VirtualTime{} + day);
  }
  CHECK(times / kSeeds == Approx(1'080).margin(6.6));
  CHECK(down / kSeeds == Approx(21'600 - 3.75).margin(174));
}

TEST_CASE("random times come from the seed and the fault's own name") {
  const auto first_start = [](const std::string& name, std::uint64_t seed) {
    return spells_of(random_fault(name, "1/m", "20s"), sim::seconds(86'400), seed).front().from;
  };
  CHECK(first_start("x", 1) == first_start("x", 1));
  CHECK(first_start("x", 1) != first_start("x", 2));
  CHECK(first_start("x", 1) != first_start("y", 1));
}

TEST_CASE("a fault says when it is on, in one way, within the run and not too often") {
  const Case cases[] = {
      {"at: \"2m\" lasts", "lasts", "13:1: faults[cut].at is missing; expected at: \"...\", a duration, or random {"},
      {" lasts: \"1m\"", "", "13:1: faults[cut].lasts is missing; expected lasts: \"...\""},
      {"lasts: \"1m\"", "lasts: \"1m\" random { rate: \"1/h\" mean_duration: \"1m\" }",
       "13:22: fault \"cut\" is random and has at; expected random alone"},
      {"at: \"2m\" lasts: \"1m\"", "random { rate: \"1/h\" mean_duration: \"1m\" } repeats { every: \"1m\" }",
       "13:65: fault \"cut\" is random and has repeats; expected random alone"},
      {"at: \"2m\" lasts: \"1m\"", "random { rate: \"1/h\" }", "faults[cut].random.mean_duration is missing"},
      {"at: \"2m\" lasts: \"1m\"", "random { rate: \"often\" mean_duration: \"1m\" }",
       "13:31: faults[cut].random.rate: \"often\""},
      {"lasts: \"1m\"", "lasts: \"1m\" repeats { every: \"1m\" }",
       "13:53: fault \"cut\" begins again every \"1m\" and lasts \"1m\", so it never ends; expected every to be more"},
      {"lasts: \"1m\"", "lasts: \"1m\" repeats { every: \"2m\" times: 5 }",
       "13:65: fault \"cut\" is on 5 times, the last of them beyond the run; expected at most 4 times"},
      {"lasts: \"1m\"", "lasts: \"1m\" repeats { every: \"2m\" times: 0 }",
       "faults[cut].repeats.times: \"0\" is out of range"},
      {"at: \"2m\" lasts: \"1m\"", "at: \"0s\" lasts: \"1ms\" repeats { every: \"5ms\" }",
       "13:54: fault \"cut\" would be on 120000 times; expected at most 100000 in a run"},
      {"at: \"2m\" lasts: \"1m\"", "random { rate: \"1/ms\" mean_duration: \"1ms\" }",
       "13:31: fault \"cut\" would be on 300000 times; expected at most 100000 in a run"}};
  check_all(kSample, cases);
}

TEST_CASE("links that are slow or lossy are links, by so much") {
  const Case cases[] = {
      {kLink, "link_slow { from: \"clients\" to: \"dcc\" adds { constant: \"1s\" } }",
       "13:71: faults[cut].link_slow.to: unknown site \"dcc\"; did you mean \"dc\"?"},
      {kLink, "link_slow { from: \"dc\" to: \"eu\" adds { constant: \"1s\" } }",
       "13:55: fault \"cut\" is on nothing: there is no link from \"dc\" to \"eu\""},
      {kLink, "link_slow { from: \"clients\" to: \"dc\" }", "faults[cut].link_slow.adds is missing"},
      {kLink, "link_slow { from: \"clients\" to: \"dc\" adds { constant: \"1x\" } }", "\"1x\""},
      {kLink, "link_lossy { from: \"dc\" to: \"eu\" loss: 0.5 }",
       "13:56: fault \"cut\" is on nothing: there is no link from \"dc\" to \"eu\""},
      {kLink, "link_lossy { from: \"clients\" to: \"dc\" }", "faults[cut].link_lossy.loss is missing"},
      {kLink, "link_lossy { from: \"clients\" to: \"dc\" loss: 1.5 }",
       "13:81: faults[cut].link_lossy.loss: \"1.5\" is out of range; expected 0 to 1"},
      {kLink, "link_lossy { from: \"clients\" to: \"dc\" los: 0.5 }", "did you mean \"loss\"?"},
      {kLink,
       "link_slow { from: \"clients\" to: \"dc\" adds { constant: \"1s\" } } link_lossy { from: \"clients\" to: "
       "\"dc\" loss: 1 }",
       "13:1: fault \"cut\" is on several things; expected one target"}};
  check_all(kSample, cases);
}

// Every 2 min from 2 min on for 1 min: 2-3, 4-5, 6-7, 8-9. Another one of 10 s at 6:30 meets the third.
TEST_CASE("what is without power cannot lose it, whichever time of a fault it is") {
  const std::string again =
      "at: \"2m\" lasts: \"1m\" repeats { every: \"2m\" } site_down { site: \"dc\" } }\nfaults { ";
  const auto beside = [&](const std::string& other) { return complaints(load(sample_with(kCut, again + other))); };
  CHECK_THAT(beside("name: \"b\" at: \"390s\" lasts: \"10s\" node_down { site: \"dc\" node: \"a\" }"),
             Catch::Contains("14:20: fault \"b\" loses \"dc/a\" before \"cut\" has ended; expected a later start"));
  CHECK(beside("name: \"b\" at: \"330s\" lasts: \"10s\" node_down { site: \"dc\" node: \"a\" }").empty());
  CHECK_THAT(beside("name: \"b\" at: \"70s\" lasts: \"10s\" repeats { every: \"85s\" } node_down { site: \"dc\" node: "
                    "\"a\" }"),  // 70, 155 s
             Catch::Contains("fault \"b\" loses \"dc/a\" before \"cut\" has ended"));
  CHECK_THAT(
      beside("name: \"b\" random { rate: \"1/h\" mean_duration: \"1m\" } node_down { site: \"dc\" node: \"a\" }"),
      Catch::Contains("14:20: fault \"b\" loses \"dc/a\" at random, and \"cut\" loses \"dc\" as well; expected no "
                      "other fault beside a random one there"));
  CHECK(beside("name: \"b\" random { rate: \"1/h\" mean_duration: \"1m\" } node_down { site: \"eu\" node: \"c\" }")
            .empty());
  CHECK(beside("name: \"b\" random { rate: \"1/h\" mean_duration: \"1m\" } " + std::string{kLink}).empty());
}

TEST_CASE("certificates are between two who connect, one of whom listens") {
  const Case cases[] = {
      {kLink, "certificate_expired { from: \"clients\" to: \"dcc\" }",
       "faults[cut].certificate_expired.to: unknown site \"dcc\"; did you mean \"dc\"?"},
      {kLink, "certificate_expired { from: \"dc\" to: \"dc\" }",
       "fault \"cut\" is on nothing: nobody connects from \"dc\" to \"dc\"; expected another site (sites: dc, eu)"},
      {kLink, "certificate_expired { from: \"dc\" to: \"clients\" one_way: true }",
       "fault \"cut\" is on nothing: nobody connects from \"dc\" to \"clients\""},
      {kLink, "certificate_expired { from: \"dc\" }", "faults[cut].certificate_expired.to is missing"},
      {kLink, "certificate_expired { from: \"clients\" to: \"dc\" } disk_full { site: \"dc\" }",
       "fault \"cut\" is on several things"}};
  check_all(kSample, cases);
  CHECK(load(sample_with(kLink, "certificate_expired { from: \"clients\" to: \"dc\" one_way: true }")).loaded);
  CHECK(load(sample_with(kLink, "certificate_expired { from: \"dc\" to: \"clients\" }")).loaded);
}

TEST_CASE("both directions of a certificate have its number and its times") {
  const auto config =
      compile(scenario_with("at: \"1m\" lasts: \"1s\" repeats { every: \"1m\" times: 3 } certificate_expired { from: "
                            "\"clients\" to: \"dc\" } }\nfaults { name: \"one\" at: \"1m\" lasts: \"1s\" "
                            "certificate_expired { from: \"dc\" to: \"eu\" one_way: true }"),
              1);
  REQUIRE(config.refusals.size() == 3);
  for (const std::size_t i : {0U, 1U}) {
    CHECK(config.refusals[i].fault == 0);
    CHECK(config.refusals[i].spells.size() == 3);
  }
  CHECK(config.refusals[0].from == config.refusals[1].to);
  CHECK(config.refusals[2].fault == 1);
  CHECK(config.stage_of_fault == std::vector<domain::Stage>(2, domain::Stage::kCertificate));
}

TEST_CASE("a disk is one of a site that has a database") {
  const Case cases[] = {
      {kLink, "disk_full { site: \"dcc\" }", "faults[cut].disk_full.site: unknown site \"dcc\"; did you mean \"dc\"?"},
      {kLink, "disk_full { site: \"clients\" }", "\"clients\" is a region; expected a site"},
      {kLink, "disk_full {}", "faults[cut].disk_full.site is missing"}};
  check_all(kSample, cases);
  const std::string shared =
      with(sample_with(kLink, "disk_full { site: \"eu\" }"), "sites { name: \"eu\" nodes: \"c\" }",
           "sites { name: \"eu\" nodes: \"c\" database { at { site: \"dc\" } } }\n"
           "links { from: \"dc\" to: \"eu\" delay { constant: \"5ms\" } }");
  CHECK_THAT(complaints(load(shared)), Catch::Contains("\"eu\" has no database of its own; expected \"dc\", whose "
                                                       "database it uses"));
}

TEST_CASE("checks are wrong where checks are made, about what they look at") {
  const std::string zone = "zone { authorities: \"clients\" checks { from: \"clients\" } }\n";
  const std::string text = zone + std::string{kSample};
  const Case cases[] = {
      {kLink, "checks_wrong { at: \"clients\" says: \"helthy\" }",
       "unknown says \"helthy\"; did you mean \"healthy\"?"},
      {kLink, "checks_wrong { at: \"clients\" }", "faults[cut].checks_wrong.says is missing"},
      {kLink, "checks_wrong { at: \"client\" says: \"healthy\" }", "did you mean \"clients\"?"},
      {kLink, "checks_wrong { at: \"dc\" says: \"healthy\" }",
       "fault \"cut\" is on nothing: no checks are made from \"dc\"; expected a region of the zone's checks or a site "
       "whose load_balancer has a profile (places: clients)"},
      {kLink, "checks_wrong { at: \"clients\" says: \"healthy\" about: \"ec\" }", "unknown site \"ec\""},
      {"nodes: [\"a\", \"b\"] gateway { token_cache { ttl: \"60s\" } } }\n",
       "nodes: [\"a\", \"b\"] load_balancer { profile: \"haproxy\" } }\nfaults { name: \"x\" at: \"1m\" lasts: \"1m\" "
       "checks_wrong { at: \"dc\" says: \"healthy\" about: \"c\" } }\n",
       "unknown node \"c\" of \"dc\""}};
  check_all(text, cases);
  CHECK(load(with(text, kLink, "checks_wrong { at: \"clients\" says: \"unhealthy\" about: \"eu\" }")).loaded);
  CHECK_THAT(complaints(load(sample_with(kLink, "checks_wrong { at: \"clients\" says: \"healthy\" }"))),
             Catch::Contains("no checks are made from \"clients\""));
}

TEST_CASE("nodes that are lost together are nodes of one site, each once, or have a part") {
  const Case cases[] = {
      {kLink, "nodes_down { site: \"dc\" nodes: \"a\" nodes: \"bb\" }",
       "unknown node \"bb\" of \"dc\"; did you mean \"b\"?"},
      {kLink, "nodes_down { site: \"dc\" nodes: \"a\" nodes: \"a\" }",
       "\"a\" is down already; expected each node once"},
      {kLink, "nodes_down { site: \"dc\" }", "faults[cut].nodes_down.nodes is missing"},
      {kLink, "nodes_down { site: \"clients\" nodes: \"a\" }", "\"clients\" is a region; expected a site"},
      {kLink, "nodes_down { site: \"dc\" nodes: \"a\" loses: \"pwer\" }",
       "unknown loses \"pwer\"; did you mean \"power\"?"},
      {kLink, "role_down { site: \"dc\" part: \"gatway\" }", "unknown part \"gatway\"; did you mean \"gateway\"?"},
      {kLink, "role_down { site: \"dc\" }", "faults[cut].role_down.part is missing"},
      {kLink, "node_frozen { site: \"dc\" node: \"c\" }", "unknown node \"c\" of \"dc\""},
      {kLink, "node_frozen { site: \"clients\" node: \"c\" }", "\"clients\" is a region; expected a site"}};
  check_all(kSample, cases);
  const std::string gateways = with(
      sample_with(kLink, "role_down { site: \"eu\" part: \"control_plane\" }"), "sites { name: \"eu\" nodes: \"c\" }",
      "sites { name: \"eu\" nodes: \"c\" roles { nodes: \"c\" parts: \"gateway\" parts: \"key_manager\" parts: "
      "\"traffic_manager\" } }");
  CHECK_THAT(complaints(load(gateways)), Catch::Contains("fault \"cut\" is on nothing: no node of \"eu\" has the part "
                                                         "\"control_plane\""));
}

TEST_CASE("one of several nodes is enough to lose twice") {
  const std::string zone =
      "at: \"2m\" lasts: \"1m\" nodes_down { site: \"dc\" nodes: \"a\" nodes: \"b\" } }\nfaults { ";
  const auto beside = [&](const std::string& other) { return complaints(load(sample_with(kCut, zone + other))); };
  CHECK_THAT(beside("name: \"b\" at: \"150s\" lasts: \"10s\" node_down { site: \"dc\" node: \"b\" }"),
             Catch::Contains("fault \"b\" loses \"dc/b\" before \"cut\" has ended; expected a later start"));
  CHECK_THAT(beside("name: \"b\" at: \"150s\" lasts: \"10s\" role_down { site: \"dc\" part: \"gateway\" }"),
             Catch::Contains("fault \"b\" loses \"dc/a\" before \"cut\" has ended"));
  CHECK_THAT(beside("name: \"b\" at: \"150s\" lasts: \"10s\" node_frozen { site: \"dc\" node: \"b\" }"),
             Catch::Contains("fault \"b\" loses \"dc/b\" before \"cut\" has ended"));
  CHECK_THAT(beside("name: \"b\" random { rate: \"1/h\" mean_duration: \"1m\" } role_down { site: \"dc\" part: "
                    "\"gateway\" }"),
             Catch::Contains("fault \"b\" loses \"dc/a\" at random, and \"cut\" loses \"dc/a\" as well"));
  CHECK(beside("name: \"b\" at: \"150s\" lasts: \"10s\" role_down { site: \"eu\" part: \"gateway\" }").empty());
}

}  // namespace parallax::scenarios
