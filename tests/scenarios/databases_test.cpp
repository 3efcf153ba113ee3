// What a scenario may say about its databases, how they follow each other, and who works on them: each check once, with
// the complaint that breaking it leads to.
#include <catch2/catch.hpp>
#include <span>
#include <stdexcept>
#include <string>

#include "scenarios/compile.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kPair =
    R"(name: "pair"
duration: "10m"
sites { name: "dc1" nodes: "a" database { keys { strategy: "increment" } } }
sites { name: "dc2" nodes: "b" database { clock_ahead: "1s" } }
regions { name: "clients" prefers: "dc1" }
links { from: "dc1" to: "dc2" delay { constant: "40ms" } }
replications { from: "dc1" to: "dc2" one_way: true profile: "goldengate" }
workload {
  writes { name: "tokens" site: "dc1" request_tokens { rate: "1/s" } }
  writes { name: "developers" site: "dc2" sign_in { rate: "1/s" } }
}
database_tasks { name: "task" at: "1m" site: "dc2" resynchronise { from: "dc1" } }
)";

void check_fine(std::string_view old_text, std::string_view new_text) {
  INFO(old_text << " -> " << new_text);
  CHECK(complaints(load(with(kPair, old_text, new_text))).empty());
}

TEST_CASE("the pair is right") { CHECK(complaints(load(kPair)).empty()); }

TEST_CASE("words that nothing is called lead to the nearest one") {
  const std::string_view profile = "profile: \"goldengate\"";
  const std::string_view strategy = "strategy: \"increment\"";
  const std::string_view ahead = "clock_ahead: \"1s\"";
  const Case cases[] = {
      {profile, "profile: \"goldengat\"",
       "7:52: unknown profile \"goldengat\"; did you mean \"goldengate\"? (words: last_writer_wins, "
       "postgresql_logical, "
       "goldengate, bdr)"},
      {profile, "forwards: \"ownn\"", "7:52: unknown forwards \"ownn\"; did you mean \"own\"?"},
      {profile, "synchronous: \"recieved\"", "7:52: unknown synchronous \"recieved\"; did you mean \"received\"?"},
      {profile, "transport: \"datagrams\"", "7:52: unknown transport \"datagrams\"; did you mean \"datagram\"?"},
      {profile, "conflicts { insert_insert: \"last\" }", "7:64: unknown insert_insert \"last\""},
      {profile, "conflicts { update_update: \"latests\" }",
       "7:64: unknown update_update \"latests\"; did you mean \"latest\"?"},
      {profile, "conflicts { update_missing: \"discrad\" }",
       "7:64: unknown update_missing \"discrad\"; did you mean \"discard\"?"},
      {profile, "conflicts { delete_changed: \"overwrit\" }",
       "7:64: unknown delete_changed \"overwrit\"; did you mean \"overwrite\"?"},
      {profile, "conflicts { delete_missing: \"stpo\" }",
       "7:64: unknown delete_missing \"stpo\"; did you mean \"stop\"?"},
      {strategy, "strategy: \"incremnt\"", "3:50: unknown strategy \"incremnt\"; did you mean \"increment\"?"},
      {ahead, "children: \"cascades\"", "4:43: unknown children \"cascades\"; did you mean \"cascade\"?"},
      {ahead, "tables_without_keys: \"AM_SUBSCRIBR\"",
       "4:43: unknown table \"AM_SUBSCRIBR\"; did you mean \"AM_SUBSCRIBER\"?"},
      {ahead, "tables_without_keys: [\"AM_API\", \"AM_SUBSCRIBR\"]", "unknown table \"AM_SUBSCRIBR\""}};
  check_all(kPair, cases);
}

TEST_CASE("a trusted source is named where a rule trusts one, and nowhere else") {
  const std::string_view profile = "profile: \"goldengate\"";
  const Case cases[] = {{profile, "conflicts { insert_insert: \"trusted\" }",
                         "7:52: a rule says trusted; expected trusted: \"...\", the site whose changes win"},
                        {profile, "conflicts { trusted: \"dc1\" }",
                         "7:64: no rule says trusted; expected a rule that does, or no trusted source"},
                        {profile, "conflicts { update_update: \"trusted\" trusted: \"dc3\" }",
                         "trusted: unknown site \"dc3\"; did you mean \"dc1\"?"}};
  check_all(kPair, cases);
  check_fine(profile, "conflicts { insert_insert: \"trusted\" trusted: \"dc1\" }");
}

TEST_CASE("what contradicts itself is refused") {
  const Case cases[] = {
      {"strategy: \"increment\"", "strategy: \"alike\" increment: 2",
       "3:68: increment with the strategy \"alike\"; expected strategy: \"increment\" or no increment"},
      {"clock_ahead: \"1s\"", "clock_ahead: \"1s\" clock_behind: \"1s\"",
       "4:61: clock_behind and clock_ahead; expected one of them"},
      {"profile: \"goldengate\"", "synchronous_for: \"5s\"",
       "7:52: synchronous_for without synchronous; expected synchronous: \"received\" or \"applied\""}};
  check_all(kPair, cases);
  check_fine("profile: \"goldengate\"", "synchronous: \"applied\" synchronous_for: \"5s\"");
}

// The pair's task makes dc2 anew, so it goes first.
TEST_CASE("datagrams are refused where a product has TCP, a connection would be given up, or an image is sent") {
  const std::string_view task = "resynchronise { from: \"dc1\" }";
  const std::string_view profile = "profile: \"goldengate\"";
  const auto broken = [&](std::string_view replication, std::string_view more) {
    std::string text = with(kPair, task, "add_column {}");
    text.replace(text.find(profile), profile.size(), replication);
    return complaints(load(text + std::string(more)));
  };
  const std::string_view datagram = "transport: \"datagram\"";
  CHECK(broken(datagram, "").empty());
  CHECK(broken("transport: \"datagram\" retry_interval: \"100ms\" synchronous: \"applied\"", "").empty());
  CHECK_THAT(
      broken("profile: \"goldengate\" transport: \"datagram\"", ""),
      Catch::Contains("7:74: transport \"datagram\" with the profile \"goldengate\", whose product replicates over "
                      "TCP; expected profile: \"last_writer_wins\" or transport: \"tcp\""));
  CHECK_THAT(broken("transport: \"datagram\" silence_timeout: \"1m\"", ""),
             Catch::Contains("7:74: silence_timeout with datagrams, which have no connection to give up"));
  CHECK_THAT(broken("transport: \"datagram\" starts: \"1m\"", ""),
             Catch::Contains("7:52: the target joins at \"1m\", which takes a copy of all rows"));
  const std::string_view outage =
      "faults { name: \"f\" at: \"1m\" lasts: \"1m\" site_down { site: \"dc2\" disk: \"lost\" } }";
  CHECK_THAT(broken(datagram, outage), Catch::Contains("7:52: \"dc2\" loses its disk, which takes a copy of all rows"));
  CHECK(broken("transport: \"tcp\"", outage).empty());
  std::string origin{outage};
  origin.replace(origin.find("dc2"), 3, "dc1");
  CHECK(broken(datagram, origin).empty());  // nobody brings it anything: it starts with what it started with
  const Case resynchronised[] = {
      {profile, datagram, "7:52: \"dc2\" is resynchronised, which takes a copy of all rows"}};
  check_all(kPair, resynchronised);
}

TEST_CASE("whether what was applied waits for its flush is the profile's, unless somebody says so") {
  const auto waits = [](std::string_view what) {
    const LoadOutcome outcome = load(with(kPair, "profile: \"goldengate\"", what));
    REQUIRE(outcome.loaded);
    return compile(outcome.loaded->scenario, 1).replications.front().spec.flushed_by_wal_writer;
  };
  CHECK(waits("profile: \"postgresql_logical\""));
  CHECK_FALSE(waits("profile: \"postgresql_logical\" flushes_later: false"));
  CHECK_FALSE(waits("profile: \"goldengate\""));
  CHECK(waits("profile: \"goldengate\" flushes_later: true"));
}

TEST_CASE("figures of databases and streams have their ranges") {
  const std::string_view profile = "profile: \"goldengate\"";
  const std::string_view strategy = "strategy: \"increment\"";
  const Case cases[] = {
      {strategy, "increment: 0", "3:50: sites[dc1].database.keys.increment: \"0\" is out of range; expected 1 to"},
      {strategy, "strategy: \"ranges\" range: 0", "sites[dc1].database.keys.range: \"0\" is out of range"},
      {strategy, "strategy: \"common\" home: \"dc3\"",
       "sites[dc1].database.keys.home: unknown site \"dc3\"; did you mean \"dc1\"?"},
      {"clock_ahead: \"1s\"", "clock_ahead: \"2d\"",
       "4:43: sites[dc2].database.clock_ahead: \"2d\" is out of range; expected 0s to 1d"},
      {profile, "apply_batch: 0", "7:52: replications[0].apply_batch: \"0\" is out of range"},
      {profile, "apply_time: \"50\"", "7:52: replications[0].apply_time: \"50\" has no unit"},
      {profile, "operator_after: \"-1s\"", "replications[0].operator_after: \"-1s\" is out of range"},
      {profile, "starts: \"soon\"", "7:52: replications[0].starts: \"soon\""},
      {"request_tokens { rate: \"1/s\" }", "request_tokens { }",
       "workload.writes[tokens].request_tokens.rate is missing"},
      {"request_tokens { rate: \"1/s\" }", "request_tokens { rate: \"1/s\" users: 0 }",
       "workload.writes[tokens].request_tokens.users: \"0\" is out of range"},
      {"sign_in { rate: \"1/s\" }", "sign_in { rate: \"1/s\" developers: 10000001 }",
       "workload.writes[developers].sign_in.developers: \"10000001\" is out of range; expected 1 to 10000000"},
      {"sign_in { rate: \"1/s\" }", "sign_in { rate: \"1/s\" } request_tokens { rate: \"1/s\" }",
       "10:12: write \"developers\" has several tasks; expected exactly one of"}};
  check_all(kPair, cases);
}

TEST_CASE("a sequence has its home at a site, and streams start within the run") {
  const Case cases[] = {
      {"strategy: \"increment\"", "strategy: \"common\" home: \"clients\"",
       "3:69: \"clients\" is a region and has no database; expected a site"},
      {"strategy: \"increment\"", "strategy: \"ranges\" home: \"dc1\"",
       "3:69: home with the strategy \"ranges\"; expected strategy: \"common\" or no home"},
      {"strategy: \"increment\" } } }\nsites { name: \"dc2\" nodes: \"b\" database { clock_ahead: \"1s\" } }",
       "strategy: \"common\" home: \"dc1\" } } }\n"
       "sites { name: \"dc2\" nodes: \"b\" database { keys { strategy: \"common\" home: \"dc2\" } } }",
       "4:69: the common sequence is at \"dc1\" already; expected one home"},
      {"profile: \"goldengate\"", "conflicts { insert_insert: \"trusted\" trusted: \"clients\" }",
       "\"clients\" is a region and has no database; expected a site"},
      {"profile: \"goldengate\"", "starts: \"10m\"",
       "7:52: the replication starts at \"10m\", outside the run; expected less than its duration \"10m\""}};
  check_all(kPair, cases);
  check_fine("strategy: \"increment\"", "strategy: \"common\" home: \"dc2\"");

  const std::string_view apart =
      "name: \"apart\" sites { name: \"dc1\" nodes: \"a\" } "
      "sites { name: \"dc2\" nodes: \"b\" database { keys { strategy: \"common\" } } } "
      "workload { writes { name: \"w\" site: \"dc2\" add_subscriptions { rate: \"1/s\" } } }";
  CHECK_THAT(complaints(load(apart)),
             Catch::Contains("unreachable site: the common sequence has no way from \"dc2\" to \"dc1\""));
}

TEST_CASE("database tasks are one thing each, at a site, within the run") {
  const std::string_view task = "resynchronise { from: \"dc1\" }";
  const std::string_view where = "site: \"dc2\" resynchronise";
  const Case cases[] = {
      {task, "",
       "12:18: database task \"task\" says nothing to do; expected exactly one of run_scripts, add_column, "
       "resynchronise"},
      {task, "run_scripts {} add_column {}",
       "12:18: database task \"task\" says several things to do; expected exactly one of run_scripts"},
      {"at: \"1m\"", "at: \"10m\"",
       "12:31: database task \"task\" is at \"10m\", outside the run; expected less than its duration \"10m\""},
      {"at: \"1m\"", "at: \"11m\"", "12:31: database task \"task\" is at \"11m\", outside the run"},
      {"at: \"1m\"", "at: \"-1m\"", "database_tasks[task].at: \"-1m\" is out of range; expected 0s"},
      {"at: \"1m\" ", "", "database_tasks[task].at is missing"},
      {where, "site: \"dc3\" resynchronise", "database_tasks[task].site: unknown site \"dc3\"; did you mean \"dc1\"?"},
      {where, "site: \"clients\" resynchronise", "\"clients\" is a region"},
      {where, "site: \"dc1\" resynchronise",
       "12:68: \"dc1\" does not follow \"dc1\"; expected a replication from there"},
      {task, "resynchronise { }", "database_tasks[task].resynchronise.from is missing"},
      {task, "resynchronise { from: \"dc9\" }", "unknown site \"dc9\""}};
  check_all(kPair, cases);
  std::string twice{kPair};
  twice += "database_tasks { name: \"task\" at: \"2m\" site: \"dc1\" add_column {} }\n";
  CHECK_THAT(complaints(load(twice)), Catch::Contains("13:18: duplicate name \"task\" in database_tasks (line 12)"));
}

TEST_CASE("a site is resynchronised from one that it follows") {
  const std::string_view task = "site: \"dc2\" resynchronise { from: \"dc1\" }";
  const std::string_view other = "site: \"dc1\" resynchronise { from: \"dc2\" }";
  const std::string lines = complaints(load(with(kPair, task, other)));
  CHECK_THAT(lines, Catch::Contains("12:68: \"dc1\" does not follow \"dc2\"; expected a replication from there"));
  std::string both = with(kPair, task, other);
  both.replace(both.find("one_way: true"), std::string_view("one_way: true").size(), "one_way: false");
  CHECK(complaints(load(both)).empty());
}

TEST_CASE("a profile fills in what a replication leaves open, and nothing else") {
  const auto replication = [](std::string_view text) {
    const LoadOutcome outcome = load(with(kPair, "profile: \"goldengate\"", text));
    INFO(complaints(outcome));
    REQUIRE(outcome.loaded);
    return outcome.loaded->scenario.replications(0);
  };
  const schema::Replication goldengate = replication("profile: \"goldengate\"");
  CHECK(goldengate.ship_interval() == "1s");
  CHECK(goldengate.fires_cascades());
  CHECK(goldengate.retries() == 3);
  CHECK(goldengate.conflicts().delete_missing() == "stop");
  const schema::Replication own = replication(
      "profile: \"goldengate\" ship_interval: \"3s\" fires_cascades: false retries: 0 "
      "conflicts { delete_missing: \"discard\" }");
  CHECK(own.ship_interval() == "3s");
  CHECK(own.apply_interval() == "1s");
  CHECK_FALSE(own.fires_cascades());
  CHECK(own.retries() == 0);
  CHECK(own.conflicts().delete_missing() == "discard");
  CHECK(own.conflicts().insert_insert() == "stop");
  const schema::Replication none = replication("");
  CHECK(none.profile() == "last_writer_wins");
  CHECK(none.conflicts().insert_insert() == "latest");
}

TEST_CASE("a database elsewhere is one that is there") {
  const std::string_view rest = "replications { from: \"dc1\" to: \"dc2\" one_way: true profile: \"goldengate\" }";
  const std::string_view own = "database { clock_ahead: \"1s\" }";
  const Case cases[] = {
      {own, "database { at { site: \"dc3\" } }", "sites[dc2].database.at.site: unknown site \"dc3\""},
      {own, "database { at { site: \"clients\" } }", "\"clients\" is a region and has no database; expected a site"},
      {own, "database { at { site: \"dc2\" } }",
       "the database of \"dc2\" is at itself; expected another site, or no at"},
      {own, "database { at {  } }", "sites[dc2].database.at.site is missing"},
      {own, "database { at { site: \"dc1\" connections: 0 } }",
       "connections: \"0\" is out of range; expected 1 to 10000"},
      {own, "database { at { site: \"dc1\" } read_only: true }",
       "read_only beside at; expected it at \"dc1\", where the database is"},
      {own, "database { at { site: \"dc1\" } clock_ahead: \"1s\" }", "clock_ahead beside at"},
      {own, "database { at { site: \"dc1\" } keys { strategy: \"common\" } }", "keys beside at"},
      {own, "database { at { site: \"dc1\" } }", "\"dc2\" has no database of its own but uses that of \"dc1\""},
      {rest, "sites { name: \"dc3\" nodes: \"c\" database { at { site: \"dc1\" } } }",
       "unreachable site: the database"}};
  check_all(kPair, cases);
}

// It is at the first site, where nothing is said.
TEST_CASE("the common sequence is where a database is") {
  const LoadOutcome outcome = load(
      "name: \"pair\" duration: \"1m\"\n"
      "sites { name: \"dc1\" nodes: \"a\" database { at { site: \"dc2\" } } }\n"
      "sites { name: \"dc2\" nodes: \"b\" database { keys { strategy: \"common\" } } }\n"
      "links { from: \"dc1\" to: \"dc2\" delay { constant: \"5ms\" } }\n"
      "workload { writes { name: \"w\" site: \"dc2\" add_subscriptions { rate: \"1/s\" } } }\n");
  CHECK_FALSE(outcome.loaded.has_value());
  CHECK_THAT(complaints(outcome), Catch::Contains("\"dc1\" has no database of its own but uses that of \"dc2\""));
}

}  // namespace
}  // namespace parallax::scenarios
