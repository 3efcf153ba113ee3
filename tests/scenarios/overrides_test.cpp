#include "scenarios/overrides.h"

#include <catch2/catch.hpp>

#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

schema::Scenario overridden(const std::vector<std::string>& overrides) {
  const LoadOutcome outcome = load(kSample, overrides);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  return outcome.loaded->scenario;
}

TEST_CASE("an override replaces one value, by name or by index") {
  CHECK(overridden({"sites[dc].gateway.token_cache.ttl=5s"}).sites(0).gateway().token_cache().ttl() == "5s");
  CHECK(overridden({"sites[1].gateway.token_cache.ttl=5s"}).sites(1).gateway().token_cache().ttl() == "5s");
  CHECK(overridden({"sites[eu].nodes[0]=z"}).sites(1).nodes(0) == "z");
  CHECK(overridden({"sites[dc].nodes[1]=z"}).sites(0).nodes(1) == "z");
  CHECK(overridden({"seeds=7"}).seeds() == 7);
  CHECK(overridden({"links[0].loss=0.5"}).links(0).loss() == 0.5);
  CHECK(overridden({"links[0].one_way=false"}).links(0).has_one_way());
  CHECK(overridden({"regions[clients].prefers[1]=dc", "regions[clients].prefers[0]=eu"}).regions(0).prefers(1) == "dc");
  CHECK(overridden({"title=a=b"}).title() == "a=b");
}

TEST_CASE("the last override of a value counts") { CHECK(overridden({"seeds=7", "seeds=8"}).seeds() == 8); }

TEST_CASE("an override begins a block that the scenario leaves out, and it gets its defaults") {
  const schema::Scenario scenario = overridden({"sites[dc].clustering.message_delay=3ms"});
  CHECK(scenario.sites(0).clustering().message_delay() == "3ms");
  CHECK(scenario.sites(0).clustering().deployment_scan() == "15s");
  CHECK_FALSE(scenario.sites(1).has_clustering());
}

TEST_CASE("a block or an element that is given no value is taken out") {
  CHECK(overridden({"faults[cut]="}).faults_size() == 0);
  CHECK(overridden({"workload.writes[revoke]="}).workload().populations_size() == 1);
  // What comes back are the defaults, of which nothing says that the file gave them.
  const LoadOutcome outcome = load(kSample, {"sites[dc].gateway="});
  REQUIRE(outcome.loaded.has_value());
  CHECK(outcome.loaded->scenario.sites(0).gateway().token_cache().ttl() == "900s");
  for (const schema::Assumption& assumption : outcome.loaded->assumptions) {
    if (assumption.path().starts_with("sites[dc].gateway")) CHECK(assumption.origin() == "default");
  }
}

TEST_CASE("lists get one more element, a text or a block, and lose one of either kind") {
  const schema::Scenario more = overridden({"sites[dc].nodes[+]=d", "faults[+].name=lost", "faults[lost].at=5m",
                                            "faults[lost].lasts=1s", "faults[lost].site_down.site=eu"});
  REQUIRE(more.sites(0).nodes_size() == 3);
  CHECK(more.sites(0).nodes(2) == "d");
  REQUIRE(more.faults_size() == 2);
  CHECK(more.faults(1).site_down().site() == "eu");
  const schema::Scenario other = overridden({"faults[+].name=lost", "faults[lost].at=5m", "faults[lost].lasts=1s",
                                             "faults[lost].site_down.site=eu", "faults[cut]="});
  REQUIRE(other.faults_size() == 1);
  CHECK(other.faults(0).name() == "lost");
  const schema::Scenario less = overridden({"sites[dc].nodes[0]="});
  REQUIRE(less.sites(0).nodes_size() == 1);
  CHECK(less.sites(0).nodes(0) == "b");
}

TEST_CASE("a block in which nothing is said has its defaults alone") {
  CHECK(overridden({"sites[dc].clustering={}"}).sites(0).clustering().deployment_scan() == "15s");
  CHECK(overridden({"sites[dc].gateway={}"}).sites(0).gateway().token_cache().ttl() == "900s");
}

TEST_CASE("an override of each element is of all that are there") {
  const schema::Scenario scenario = overridden({"sites[*].gateway.token_cache.ttl=60s", "sites[*].nodes[0]=first"});
  REQUIRE(scenario.sites_size() == 2);
  for (const schema::Site& site : scenario.sites()) {
    CHECK(site.gateway().token_cache().ttl() == "60s");
    CHECK(site.nodes(0) == "first");
  }
  CHECK(overridden({"sites[*].clustering.message_delay=3ms"}).sites(1).clustering().message_delay() == "3ms");
  CHECK(overridden({"faults[*]="}).faults_size() == 0);
  // Those that have it lose it, and nothing is wrong with the others.
  const schema::Scenario one = overridden({"sites[dc].clustering={}", "sites[*].clustering="});
  CHECK_FALSE(one.sites(0).has_clustering());
}

TEST_CASE("what is wrong with an override of each element is said once") {
  CHECK(complaints(load(kSample, {"sites[*].gateway.token_cache.ttl=5"})) ==
        "--set sites[*].gateway.token_cache.ttl: \"5\" has no unit; expected a duration with a unit, like \"40ms\", "
        "\"15m\" or \"1h30m\"\n");
}

TEST_CASE("an override takes the place of what excludes it") {
  CHECK(overridden({"links[0].delay.constant=5ms"}).links(0).delay().constant() == "5ms");
  const schema::Delay measured = overridden({"links[0].delay.constant=5ms", "links[0].delay.uniform.least=1ms",
                                             "links[0].delay.uniform.greatest=2ms"})
                                     .links(0)
                                     .delay();
  CHECK(measured.constant().empty());
  CHECK(measured.uniform().greatest() == "2ms");
  const schema::Scenario lost = overridden({"faults[cut].site_down.site=eu"});
  CHECK(lost.faults(0).has_site_down());
  CHECK_FALSE(lost.faults(0).has_link_down());
}

TEST_CASE("an override that is wrong is reported at the override") {
  struct Case {
    std::string text;
    std::string complaint;
  };
  const Case cases[] = {
      {"duration", "--set duration: \"duration\" sets nothing; expected path=value"},
      {"=5", "--set : \"\" is not a path"},
      {"sites[dc=5", "is not a path"},
      {"sites..name=x", "is not a path"},
      {"sites[dc]name=x", "is not a path"},
      {"duratoin=5m", "--set duratoin: unknown field \"duratoin\" in Scenario; did you mean \"duration\"?"},
      {"sites[dx].name=x", "--set sites[dx].name: no element \"dx\" in sites; did you mean \"dc\"?"},
      {"sites[2].name=x", "no element \"2\" in sites"},
      {"sites[-1].name=x", "no element \"-1\" in sites"},
      {"sites.name=x", "\"sites\" is a list; expected sites[name] or sites[index]"},
      {"catalog[0].apis=3", "\"catalog\" is no list"},
      {"not_covered[*]=x", "--set not_covered[*]: not_covered is empty; expected a list with something in it for [*]"},
      {"faults[*].nodes_down.nodes[*]=x", "--set faults[*].nodes_down.nodes[*]: "},
      {"sites[*].clustering=", "--set sites[*].clustering: \"sites[*].clustering\" is not there"},
      {"sites[*].gatewya.backend=3ms", "unknown field \"gatewya\" in Site; did you mean \"gateway\"?"},
      {"not_covered[0]=x", "not_covered is empty"},
      {"duration.x=3", "\"duration\" has no fields"},
      {"sites[dc].gateway=3",
       "is a block; expected one of its fields, \"{}\", or no value to take it out (fields: token_cache, "
       "decision_time, "
       "backend, key_validation, workers)"},
      {"faults[+].nmae=x", "--set faults[+].nmae: unknown field \"nmae\" in Fault; did you mean \"name\"?"},
      {"faults[+].name=lost", "--set faults[+].name: "},
      {"sites[dc].clustering=", "--set sites[dc].clustering: \"sites[dc].clustering\" is not there"},
      {"sites[eu]=", "pair.txtpb:5:43: regions[clients].prefers: unknown site \"eu\""},
      {"seeds=-1", "--set seeds: found \"-1\"; expected a whole number"},
      {"seeds=", "found \"\"; expected a whole number"},
      {"seeds=0", "--set seeds: \"0\" is out of range; expected 1 to 100000"},
      {"links[0].loss=high", "found \"high\"; expected a number"},
      {"links[0].one_way=yes", "found \"yes\"; expected true or false"},
      {"duration=5", "--set duration: \"5\" has no unit"},
      {"duration=", "--set duration: \"\" is empty"},
      {"title=a\xFF", "--set title: \"a\\xff\" is no text"},
      {"regions[clients].prefers[1]=us", "--set regions[clients].prefers[1]: unknown site \"us\""},
      {"regions[clients].prefers[1]=dc", "--set regions[clients].prefers[1]: region \"clients\" prefers \"dc\" twice"},
      {"workload.populations[users].region=us", "--set workload.populations[users].region:"},
      {"faults[cut].at=20m", "--set faults[cut].at: fault \"cut\" starts at \"20m\", outside the run"}};
  for (const Case& one : cases) {
    const LoadOutcome outcome = load(kSample, {one.text});
    INFO(one.text);
    CHECK_FALSE(outcome.loaded.has_value());
    CHECK_THAT(complaints(outcome), Catch::Contains(one.complaint));
  }
}

}  // namespace
}  // namespace parallax::scenarios
