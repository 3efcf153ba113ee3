// The section on conflicts between databases and the streams that stood still because of one.
#include <catch2/catch.hpp>
#include <string>

#include "reports/run/run_page.h"
#include "reports/run/run_text.h"
#include "reports/run/sections.h"
#include "reports/vocabulary.h"
#include "reports/words.h"
#include "tests/reports/find_text.h"
#include "tests/reports/own_script.h"
#include "tests/reports/two_sites.h"

namespace parallax::reports {
namespace {

using test::contains;
using test::count;

// As a reader sees it: without tags, a blank in the place of each.
std::string words_of(const std::string& html) {
  std::string out;
  bool in_tag = false;
  for (const char c : html) {
    if (c == '<') in_tag = true;
    if (!in_tag && !(c == ' ' && out.ends_with(' '))) out += c;
    if (c == '>') in_tag = false;
    if (c == '>' && !out.ends_with(' ')) out += ' ';
  }
  return plain(out);
}

// Where tags stood between words is no matter.
std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

schema::ConflictTally& add_conflict_tally(schema::Result& result, const std::string& kind, const std::string& outcome,
                                          std::uint64_t count) {
  auto& tally = *result.add_conflicts();
  tally.set_kind(kind);
  tally.set_outcome(outcome);
  tally.set_table("AM_SUBSCRIPTION");
  tally.set_database("west");
  tally.set_origin("east");
  tally.set_count(count);
  return tally;
}

schema::ConflictSeen& add_conflict(schema::Result& result, std::int64_t at_ns, std::uint64_t row) {
  auto& conflict = *result.add_first_conflicts();
  conflict.set_seed(2);
  conflict.set_id("2/west/77");
  conflict.set_time_ns(at_ns);
  conflict.set_kind("insert_insert");
  conflict.set_outcome("stopped");
  conflict.set_table("AM_SUBSCRIPTION");
  conflict.set_database("west");
  conflict.set_origin("east");
  conflict.set_row(row);
  return conflict;
}

schema::StreamStop& add_stop(schema::Result& result, std::int64_t begin_ns) {
  auto& stop = *result.add_stream_stops();
  stop.set_seed(2);
  stop.set_database("west");
  stop.set_from("east");
  stop.set_begin_ns(begin_ns);
  stop.set_retries(3);
  stop.set_waiting(4'711);
  return stop;
}

schema::Result stopped() {
  schema::Result result = test::two_sites();
  add_conflict_tally(result, "insert_insert", "stopped", 4);
  add_conflict(result, 90 * test::kSecond, 101);
  add_stop(result, 90 * test::kSecond).set_given_up(true);
  return result;
}

TEST_CASE("without a conflict it is one line") {
  const std::string html = conflicts_section(test::two_sites());
  CHECK(contains(html, "<h2>Conflicts and stopped streams: none</h2>"));
  CHECK_FALSE(contains(html, "<table"));
  CHECK_FALSE(contains(html, "<p"));
}

TEST_CASE("where nothing is replicated there is nothing to say") {
  schema::Result result = test::two_sites();
  result.mutable_config()->clear_replications();
  CHECK(conflicts_section(result).empty());
  CHECK(conflicts_section(schema::Result{}).empty());
}

TEST_CASE("a stream that stands still is told with its cause, its row, since when, and what waits") {
  const std::string words = words_of(conflicts_section(stopped()));
  for (const char* fact : {"From 1 min 30 s to the end west took nothing from east", "east → west",
                           "Two rows with one key: AM_SUBSCRIPTION , row 101", "given up", "still at the end", " 3 ",
                           " 4711 ", "nobody won: the stream stands still", "2/west/77", "The conflict"}) {
    INFO(fact << " in " << words);
    CHECK(contains(words, fact));
  }
}

TEST_CASE("a stream that went on again is told by how long it stood still") {
  schema::Result result = stopped();
  auto& stop = *result.mutable_stream_stops(0);
  stop.set_given_up(false);
  stop.set_end_ns(95 * test::kSecond);
  const std::string words = words_of(conflicts_section(result));
  CHECK(contains(words, "west took nothing from east for 5 s"));
  CHECK(contains(words, "1 min 35 s"));
  CHECK_FALSE(contains(words, "at the end"));
  CHECK_FALSE(contains(words, "longest of"));
}

TEST_CASE("the heading is about the longest stop, and more than a screenful is folded") {
  schema::Result result = stopped();
  for (int i = 0; i < 14; ++i) {
    auto& stop = add_stop(result, (100 + i) * test::kSecond);
    stop.set_end_ns((101 + i) * test::kSecond);
  }
  const std::string words = words_of(conflicts_section(result));
  CHECK(contains(words, "From 1 min 30 s to the end west took nothing from east , the longest of 15 stops"));
  CHECK(contains(words, "3 more stops"));
  CHECK(contains(summary(result), "  and 9 more\n"));
  test::add_metric(result, "replication.stops", "conflicts", 1'200, 1'200, 2, 1'200);  // the list ends at a hundred
  result.mutable_stream_stops()->DeleteSubrange(12, 2);
  CHECK(contains(words_of(conflicts_section(result)), "1 more stop "));
  CHECK(contains(words_of(conflicts_section(result)), "the longest of 1200 stops"));
}

// Both databases of the west stand still from one instant on, each because of a row of its own.
TEST_CASE("the statistics database's stream is told apart from the API database's of the same two data centers") {
  schema::Result result = stopped();
  result.mutable_first_conflicts(0)->set_database_kind("api");
  result.mutable_stream_stops(0)->set_database_kind("api");
  auto& conflict = add_conflict(result, 90 * test::kSecond, 7);
  conflict.set_table("API_REQUEST_SUMMARY");
  conflict.set_database_kind("statistics");
  auto& stop = add_stop(result, 90 * test::kSecond);
  stop.set_database_kind("statistics");
  stop.set_end_ns(95 * test::kSecond);
  const std::string words = words_of(conflicts_section(result));
  INFO(words);
  CHECK(contains(words, "west took nothing from east , the longest of 2 stops"));
  CHECK(contains(without_blanks(words), "east→westTworowswithonekey:AM_SUBSCRIPTION,row101"));
  CHECK(contains(without_blanks(words), "east→west,statisticsTworowswithonekey:API_REQUEST_SUMMARY,row7"));
  CHECK(contains(summary(result), "\n  east to west, statistics: from 1 min 30 s to 1 min 35 s"));
  CHECK(contains(summary(result), "\n  east to west: from 1 min 30 s to the end"));

  result.mutable_stream_stops()->DeleteSubrange(0, 1);
  const std::string alone = words_of(conflicts_section(result));
  INFO(alone);
  CHECK(contains(without_blanks(alone), "west'sstatisticsdatabasetooknothingfromeast"));
}

TEST_CASE("conflicts that were settled say who won") {
  struct Case {
    std::string kind;
    std::string outcome;
    std::string words;
  };
  const std::vector<Case> cases{{"insert_insert", "discarded", "west’s row stays, the change from east is lost there"},
                                {"insert_insert", "overwritten", "the row from east wins, west’s is lost"},
                                {"update_update", "overwritten", "the row from east wins"},
                                {"update_missing", "discarded", "ignored: there was nothing to change"},
                                {"update_missing", "overwritten", "inserted"},
                                {"delete_missing", "discarded", "ignored: there was nothing to change"},
                                {"delete_changed", "overwritten", "deleted all the same"},
                                {"left_out", "skipped", "an operator dropped it: east has it, west has not"},
                                {"resynchronised", "overwritten", "the row that east wrote is lost"},
                                {"resynchronised", "discarded", "not taken over: the tables are not alike"}};
  for (const Case& one : cases) {
    schema::Result result = test::two_sites();
    add_conflict_tally(result, one.kind, one.outcome, 31);
    const std::string words = words_of(conflicts_section(result));
    INFO(one.kind << " " << one.outcome << ": " << words);
    CHECK(contains(without_blanks(words), without_blanks(plain(one.words))));
    CHECK(contains(words, "31 changes met a row they did not expect; no stream stood still"));
  }
}

TEST_CASE("every kind of conflict has words of its own, and a new one reads well") {
  for (const char* kind :
       {"insert_insert", "update_update", "update_missing", "delete_changed", "delete_missing", "several_keys",
        "no_parent", "has_children", "missing_column", "left_out", "resynchronised"}) {
    INFO(kind);
    CHECK_FALSE(conflict_words(kind).meaning.empty());
  }
  CHECK(conflict_words("clock_paradox").name == "Clock paradox");
}

TEST_CASE("a row without a key is not called by its hash") {
  schema::Result result = stopped();
  result.mutable_first_conflicts(0)->set_row(0xdead'beef'dead'beef);
  const std::string words = words_of(conflicts_section(result));
  CHECK(contains(words, "a row without a key"));
  CHECK_FALSE(contains(words, "16045690984503098046"));
}

TEST_CASE("the summary tells of conflicts and of streams that stood still, where there were any") {
  const std::string text = summary(stopped());
  CHECK(contains(text, "\nConflicts between databases\n  insert_insert  stopped  AM_SUBSCRIPTION  east to west  4\n"));
  CHECK(
      contains(text, "\nStopped streams\n  east to west: from 1 min 30 s to the end, 4711 changes waiting [seed 2]\n"));
  CHECK_FALSE(contains(summary(test::two_sites()), "Conflicts"));
}

TEST_CASE("the section keeps the rules of the page, and names in it stay text") {
  const std::string hostile = "</td><script>x</script>\"' onload=x \xF0\x9F";
  schema::Result result = stopped();
  auto& tally = *result.mutable_conflicts(0);
  tally.set_kind(hostile);
  tally.set_outcome(hostile);
  tally.set_table(hostile);
  tally.set_database(hostile);
  tally.set_origin(hostile);
  auto& conflict = *result.mutable_first_conflicts(0);
  conflict.set_kind(hostile);
  conflict.set_id(hostile);
  conflict.set_table(hostile);
  conflict.set_database(hostile);
  conflict.set_origin(hostile);
  auto& stop = *result.mutable_stream_stops(0);
  stop.set_database(hostile);
  stop.set_from(hostile);
  for (const schema::Result& any : {result, stopped()}) {
    const std::string page = run_page(any);
    CHECK(test::runs_only_its_own_script(page));
    CHECK_FALSE(contains(page, "\"' onload"));
    CHECK_FALSE(contains(page, " style="));
    CHECK(count(page, "<table") == count(page, "<caption>"));
    for (const char* tag : {"table", "tr", "td", "th", "svg", "section", "details", "small", "bdi", "code", "b"}) {
      INFO(tag);
      const std::string open = std::string("<") + tag;
      CHECK(count(page, open + ">") + count(page, open + " ") == count(page, std::string("</") + tag + ">"));
    }
  }
}

}  // namespace
}  // namespace parallax::reports
