// What checking says of conditions and runbooks that cannot be meant.
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

using Catch::Matchers::Contains;

std::string complaint_of(const std::string& rest) { return complaints(load(std::string{kSample} + rest)); }

std::string of_step(const std::string& step) {
  return complaint_of("runbooks { name: \"r\" at: \"1m\" steps { name: \"s\" " + step + " } }\n");
}

std::string of_condition(const std::string& condition) { return of_step("waits_for { " + condition + " }"); }

TEST_CASE("conditions and runbooks that are right") {
  CHECK(of_step("takes { constant: \"1m\" }").empty());
  CHECK(of_step("site: \"dc\" node: \"a\" restart {}").empty());
  CHECK(of_step("site: \"dc\" promote { fences: \"eu\" }").empty());
  CHECK(of_condition("change { kind: \"token_revoked\" nth: 3 site: \"dc\" }").empty());
  CHECK(of_condition("becomes { site: \"dc\" node: \"a\" state: \"ready\" }").empty());
  CHECK(of_condition("becomes { site: \"dc\" state: \"marked_down\" seen_from: \"clients\" } after: \"5s\"").empty());
}

TEST_CASE("a condition is one, and speaks of what there is") {
  CHECK_THAT(of_condition(""), Contains("a condition is of nothing; expected exactly one of change { ... }"));
  CHECK_THAT(of_condition("change { kind: \"token_revoked\" } becomes { site: \"dc\" state: \"lost\" }"),
             Contains("a condition is of several things"));
  CHECK_THAT(of_condition("change { kind: \"token_revokd\" }"),
             Contains("unknown kind \"token_revokd\"; did you mean \"token_revoked\"?"));
  CHECK_THAT(of_condition("change { kind: \"token_revoked\" site: \"clients\" }"), Contains("is a region"));
  CHECK_THAT(of_condition("becomes { site: \"dc\" state: \"redy\" }"), Contains("did you mean \"ready\"?"));
  CHECK_THAT(of_condition("becomes { site: \"dc\" node: \"x\" state: \"ready\" }"),
             Contains("unknown node \"x\" of \"dc\""));
  CHECK_THAT(of_condition("becomes { site: \"dc\" node: \"a\" state: \"promoted\" }"),
             Contains("expected lost, powered or ready"));
  CHECK_THAT(of_condition("becomes { site: \"dc\" state: \"lost\" seen_from: \"clients\" }"),
             Contains("seen_from with the state \"lost\""));
  CHECK_THAT(of_condition("replication_lag { from: \"dc\" to: \"eu\" below: \"1s\" }"),
             Contains("\"eu\" does not follow \"dc\"; expected a replication from there"));
  CHECK_THAT(
      complaints(load(sample_with("at: \"2m\" lasts", "at: \"2m\" when { change { kind: \"token_revoked\" } } lasts"))),
      Contains("fault \"cut\" waits for something and has at"));
  CHECK_THAT(complaints(load(sample_with("at: \"2m\" lasts", "when { } lasts"))),
             Contains("a condition is of nothing"));
}

TEST_CASE("a step does one thing, to something that there is") {
  CHECK_THAT(of_step("site: \"dc\" drain {} restore {}"), Contains("step \"s\" does several things"));
  CHECK_THAT(of_step("drain {}"), Contains("step \"s\" does not say where; expected site"));
  CHECK_THAT(of_step("site: \"dc\""), Contains("step \"s\" does nothing at \"dc\""));
  CHECK_THAT(of_step("site: \"clients\" drain {}"), Contains("\"clients\" is a region; expected a site"));
  CHECK_THAT(of_step("site: \"dc\" node: \"x\" drain {}"), Contains("unknown node \"x\""));
  CHECK_THAT(of_step("site: \"dc\" restart {}"), Contains("step \"s\" restarts no node"));
  CHECK_THAT(of_step("site: \"dc\" node: \"a\" promote {}"), Contains("does nothing to a node"));
  CHECK_THAT(of_step("site: \"dc\" restore {}"), Contains("restores what no step drains"));
  CHECK_THAT(of_step("site: \"dc\" resynchronise { from: \"eu\" }"), Contains("\"dc\" does not follow \"eu\""));
  CHECK_THAT(of_step("at_most: \"1m\""), Contains("step \"s\" waits for nothing"));
  CHECK_THAT(of_step("in_vain: \"abrt\""), Contains("did you mean \"abort\"?"));
}

TEST_CASE("a runbook starts once, and nothing is restarted that may be without power") {
  CHECK_THAT(complaint_of("runbooks { name: \"r\" steps { name: \"s\" } }"), Contains("runbook \"r\" has no start"));
  CHECK_THAT(
      complaint_of(
          "runbooks { name: \"r\" at: \"1m\" when { change { kind: \"token_issued\" } } steps { name: \"s\" } }"),
      Contains("runbook \"r\" has at and when"));
  CHECK_THAT(complaint_of("runbooks { name: \"r\" at: \"10m\" steps { name: \"s\" } }"), Contains("outside the run"));
  CHECK_THAT(complaint_of("runbooks { name: \"r\" at: \"1m\" }"), Contains("steps is missing"));
  const std::string restart = "site: \"dc\" node: \"a\" restart {}";
  CHECK_THAT(complaint_of("runbooks { name: \"r\" at: \"1m\" steps { name: \"s\" " + restart +
                          " } steps { name: \"t\" " + restart + " } }"),
             Contains("\"dc/a\" is restarted by an earlier step"));
  CHECK_THAT(of_step(restart + " } } faults { name: \"off\" at: \"5m\" lasts: \"1m\" site_down { site: \"dc\" "),
             Contains("\"dc/a\" is lost or stands still by fault \"off\" as well"));
  CHECK_THAT(
      complaint_of("faults { name: \"x\" lasts: \"1m\" when { change { kind: \"token_issued\" } } site_down { site: "
                   "\"dc\" } } faults { name: \"y\" at: \"5m\" lasts: \"1m\" site_down { site: \"dc\" } }"),
      Contains("expected no other fault beside one that waits there"));
}

}  // namespace
}  // namespace parallax::scenarios
