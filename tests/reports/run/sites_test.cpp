// The page of a deployment of several data centers.
#include <algorithm>
#include <catch2/catch.hpp>

#include "reports/run/run_page.h"
#include "reports/run/run_text.h"
#include "reports/words.h"
#include "tests/reports/find_text.h"
#include "tests/reports/own_script.h"
#include "tests/reports/two_sites.h"

namespace parallax::reports {
namespace {

using test::contains;
using test::count;

std::string between(const std::string& text, std::string_view from, std::string_view to) {
  const std::size_t begin = text.find(from);
  if (begin == std::string::npos) return "";
  const std::size_t end = text.find(to, begin);
  return text.substr(begin, end - begin);
}

// As a reader sees it: without tags.
std::string words_of(const std::string& page) {
  std::string out;
  bool in_tag = false;
  for (const char c : page) {
    if (c == '<') in_tag = true;
    if (!in_tag) out += c;
    if (c == '>') in_tag = false;
  }
  return plain(out);
}

TEST_CASE("the headline names site and node, and closes the comma of a title") {
  schema::Result result = test::two_sites();
  CHECK(plain(verdict_sentence(result)) ==
        "Active-active misses 2 of 4 targets: a revoked token goes on working for 15 min 07 s at east/node-1");
  result.mutable_config()->set_title("Active-active, east lost");
  CHECK(plain(verdict_sentence(result)).starts_with("Active-active, east lost, misses 2 of 4 targets: "));
}

TEST_CASE("a page of two data centers shows everything that a reader has to find") {
  const std::string page = words_of(run_page(test::two_sites()));
  for (const char* fact :
       {"The loss of east locks east out for 1 min 57 s.", "Time to recover",
        "customers locked out, east after the loss of east", "Changes lost", "Fresh tokens refused at the other site",
        // the drawing and its tables
        "2 data centers, 30 ms apart; east is lost at 25 min for 10 min", "copied, polls 1 s + 500 ms",
        "lost for 10 min", "100/s, else west", "Links, replication, nodes and users as tables",
        // one clock
        "east answers nothing for 11 min 30 s; east locked out for 1 min 55 s", "no power", "DNS of eastern users",
        "26 min 10 s to 37 min 40 s", "under 50 % for 1 min 55 s", "under 50 % for 1 s", "at worst 25 %", "0 % to 67 %",
        "33 % to 100 %", "Out of the DNS answers",
        // its parts: the worst seed's add up
        "Of the 1 min 57 s without service for east, 1 min is making sure of it", "30 s until a check failed",
        "1 min until DNS decided", "27 s until the last client followed", "never under half", "1 min 56 s",
        // who waits for whom
        "A change made in one data center is unseen in another for up to 15 min 07 s, in its own for up to 14 s",
        "west decides", "nothing written here",
        // losses and tokens
        "No acknowledged change was lost, up to 3267 came late", "Lost: none.", "Late: 3267 copies in the worst run.",
        "1481 calls with a fresh token were refused: another site had issued it",
        "Typically 394 in a run, at most 1087 (seed 2).", "keeps its \"unknown\" in the token cache",
        // windows by pair
        "Written in west, seen in east", "2 more windows of this kind"}) {
    INFO(fact);
    CHECK(contains(page, fact));
  }
  CHECK_FALSE(contains(page, "Customers locked outunder half"));  // one row tells of it
}

TEST_CASE("a cell over target is outlined and crossed, and takes the slowest node of the site") {
  const std::string page = run_page(test::two_sites());
  const std::string revoked = between(page, "<caption>Token revoked: longest window by writer", "</table>");
  CHECK(count(revoked, " over\" data-opens=") == 2);
  CHECK(count(revoked, "✕") == 2);
  CHECK(count(plain(revoked), "15 min 07 s") == 2);
  CHECK_FALSE(contains(plain(revoked), "13 min 20 s"));  // 800 s, the faster node's
  const std::string published = between(page, "<caption>API published: longest window by writer", "</table>");
  CHECK(count(published, "class=\"none\"") == 1);
  CHECK(count(published, "✕") == 0);
}

TEST_CASE("an open window that is the greatest of its pair is a least value") {
  schema::Result result = test::two_sites();
  result.mutable_windows(0)->set_ending("censored");
  result.mutable_windows(0)->set_length_ns(910 * test::kSecond);
  const std::string revoked = between(run_page(result), "<caption>Token revoked: longest window by writer", "</table>");
  CHECK(count(plain(revoked), ">=15 min 10 s") + count(plain(revoked), ">= 15 min 10 s") == 1);
}

TEST_CASE("lost changes are listed, and more than a screenful is folded") {
  schema::Result result = test::two_sites();
  result.mutable_metrics(1)->set_worst(14);
  for (int i = 0; i < 14; ++i) {
    auto& lost = *result.add_lost_writes();
    lost.set_seed(2);
    lost.set_id(fmt::format("2/east/{}", 500 + i));
    lost.set_change("subscription_added");
    lost.set_object(fmt::format("subscription {}", i));
    lost.set_writer("east");
    lost.set_acknowledged_ns(1'499 * test::kSecond);
  }
  const std::string page = words_of(run_page(result));
  CHECK(contains(page, "14 acknowledged changes were lost in the worst run, up to 3267 came late"));
  CHECK(contains(page, "2/east/513"));
  CHECK(contains(page, "24 min 59 s"));
  CHECK(contains(page, "2 more"));
}

TEST_CASE("a data center that never comes back is told as such") {
  schema::Result result = test::two_sites();
  result.mutable_moments()->DeleteSubrange(3, 4);
  const std::string page = words_of(run_page(result));
  CHECK(contains(page, "lost at 25 min, not back at the end"));
  CHECK(contains(page, "26 min 10 s to the end"));
}

TEST_CASE("with more nodes than fit, a data center has one column of its own") {
  schema::Result result = test::two_sites();
  CHECK(contains(words_of(run_page(result)), "one column a node"));
  for (const char* node : {"east/node-3", "east/node-4", "west/node-3", "west/node-4"}) {
    auto& series = *result.add_series();
    series = result.series(2);  // 3 000 requests a minute
    series.set_node(node);
  }
  const std::string page = words_of(run_page(result));
  CHECK(contains(page, "one column a data center"));
}

TEST_CASE("where nobody was locked out the heading says how many were served") {
  schema::Result result = test::two_sites();
  result.clear_moments();
  for (auto& series : *result.mutable_series()) {
    if (series.name() != "availability") continue;
    for (auto& value : *series.mutable_values()) value = 1;
    series.set_values(7, 0.94);
  }
  CHECK(contains(words_of(run_page(result)), "Nobody is locked out, 94 % of east are served in the worst second"));
}

// 400 of 500 are the least that is not told: 80 %.
TEST_CASE("tokens in force are drawn where many of them run out") {
  for (const int least : {400, 115}) {
    schema::Result result = test::two_sites();
    auto& tokens = *result.add_series();
    tokens.set_name("tokens_in_force");
    tokens.set_unit("tokens");
    tokens.set_step_ns(600'000'000'000);
    for (const int count : {500, 450, least, 500, 500, 500}) tokens.add_values(count);
    const std::string page = words_of(run_page(result));
    CHECK(contains(page, "Valid access tokens") == (least < 400));
    CHECK(contains(page, "down to 23 % lowest at 20 min") == (least < 400));
    CHECK_FALSE(contains(page, "Tokens in force"));
  }
}

TEST_CASE("one data center needs none of the sections on several") {
  const std::string page = run_page(test::sample_result());
  for (const char* absent : {"class=\"clock\"", "class=\"heat\"", "Lost: ", "came late", "another site"}) {
    INFO(absent);
    CHECK_FALSE(contains(page, absent));
  }
}

TEST_CASE("the page of several data centers keeps the rules of every page") {
  const std::string page = run_page(test::two_sites());
  CHECK(page == run_page(test::two_sites()));
  CHECK(test::runs_only_its_own_script(page));
  CHECK_FALSE(contains(page, " style="));
  CHECK_FALSE(contains(page, "nan"));
  CHECK(count(page, "<table") == count(page, "<caption>"));
  CHECK(count(page, "role=\"img\"") == count(page, "role=\"img\"><title>"));
  for (const char* tag : {"table", "tr", "td", "th", "svg", "g", "section", "details", "div", "small", "bdi", "text"}) {
    INFO(tag);
    const std::string open = std::string("<") + tag;
    CHECK(count(page, open + ">") + count(page, open + " ") == count(page, std::string("</") + tag + ">"));
  }
  CHECK(page.size() < 400'000);
}

TEST_CASE("hostile names of sites, regions and populations stay text, in drawings too") {
  const std::string hostile = "</title></svg><script>x</script>\"' onload=x \xF0\x9F";
  schema::Result result = test::two_sites();
  auto& config = *result.mutable_config();
  config.mutable_sites(0)->set_name(hostile);
  config.mutable_regions(0)->set_name(hostile);
  config.mutable_regions(0)->set_prefers(0, hostile);
  config.mutable_regions(0)->set_prefers(1, hostile);
  config.mutable_links(0)->set_from(hostile);
  config.mutable_links(0)->mutable_delay()->set_constant(hostile);
  config.mutable_replications(0)->set_from(hostile);
  config.mutable_replications(0)->set_retry_interval(hostile);
  config.mutable_faults(0)->set_at(hostile);
  config.mutable_faults(0)->set_lasts(hostile);
  config.mutable_faults(0)->mutable_site_down()->set_site(hostile);
  config.mutable_workload()->mutable_populations(0)->set_region(hostile);
  config.mutable_workload()->mutable_populations(0)->set_rate(hostile);
  config.mutable_regions(0)->mutable_dns()->set_ttl(hostile);
  config.mutable_regions(0)->mutable_dns()->mutable_health_check()->set_interval(hostile);
  for (auto& outage : *result.mutable_outages()) {
    outage.set_site(hostile);
    outage.set_population(hostile);
    outage.set_region(hostile);
  }
  for (auto& moment : *result.mutable_moments()) moment.set_site(hostile);
  for (auto& series : *result.mutable_series()) series.set_node(hostile);
  for (auto& tally : *result.mutable_decisions()) tally.set_node(hostile + "/node");
  result.mutable_moments(1)->set_event(hostile);
  result.mutable_moments(1)->set_seen_from(hostile);
  result.mutable_window_classes(0)->set_change(hostile);
  result.mutable_window_classes(0)->set_writer(hostile);
  result.mutable_windows(0)->set_writer(hostile);
  auto& lost = *result.add_lost_writes();
  lost.set_id(hostile);
  lost.set_change(hostile);
  lost.set_object(hostile);
  lost.set_writer(hostile);
  const std::string page = run_page(result);
  CHECK(test::runs_only_its_own_script(page));
  CHECK_FALSE(contains(page, "\"' onload"));
  CHECK(count(page, "<svg") == count(page, "</svg>"));
  CHECK(contains(page, "&lt;/title&gt;&lt;/svg&gt;&lt;script&gt;"));
}

TEST_CASE("the summary tells how long who was locked out") {
  const std::string text = summary(test::two_sites());
  CHECK(contains(text, "east after the loss of east: 1 min 57 s"));
  CHECK(contains(text, "token revoked at east/node-1"));
}

TEST_CASE("a data center that uses another's database is not drawn with one") {
  schema::Result result = test::two_sites();
  const std::size_t drawings = count(run_page(result), ">database</text>") / 2;  // for wide pages and for narrow ones
  REQUIRE(drawings > 0);
  result.mutable_config()->mutable_sites(1)->mutable_database()->mutable_at()->set_site("east");
  const std::string page = run_page(result);
  CHECK(count(page, ">database</text>") == drawings);
  CHECK(count(page, ">database: east</text>") == drawings);
}

/// Two data centers, both of them lost at the same time; or one that notices nothing.
schema::Result with_nowhere_to_go(bool are_both) {
  schema::Result result = test::two_sites();
  for (auto& outage : *result.mutable_outages()) {
    if (outage.unavailable_ns() == 0) continue;
    outage.set_warm_up_ns(outage.warm_up_ns() + 600 * test::kSecond);
    outage.set_unavailable_ns(outage.unavailable_ns() + 600 * test::kSecond);
    if (are_both) continue;
    outage.set_warm_up_ns(outage.unavailable_ns());
    outage.set_detect_ns(0);
    outage.set_decide_ns(0);
    outage.set_redirect_ns(0);
  }
  const int count = are_both ? result.outages_size() : 0;
  for (int i = 0; i < count; ++i) {
    auto& other = *result.add_outages() = result.outages(i);
    other.set_site("west");
    other.set_start_ns(other.start_ns() + 30 * test::kSecond);
  }
  return result;
}

TEST_CASE("where there was nowhere else to go the last part of an outage is waiting, and no warm-up") {
  const schema::Result elsewhere = test::two_sites();
  CHECK(contains(words_of(run_page(elsewhere)), "0 s warm-up"));
  CHECK_FALSE(contains(words_of(run_page(elsewhere)), "until it was back"));
  for (const bool are_both : {true, false}) {
    INFO(are_both);
    const schema::Result result = with_nowhere_to_go(are_both);
    const std::string page = words_of(run_page(result));
    CHECK(contains(page, "until it was back"));
    CHECK(contains(page, "is waiting until it was back"));
    CHECK_FALSE(contains(page, " warm-up"));
    CHECK_FALSE(contains(page, "warming up"));
    const std::string text = summary(result);
    CHECK_FALSE(contains(text, "warm-up"));
    CHECK(contains(text, "back"));
  }
}

}  // namespace
}  // namespace parallax::reports
