#include "reports/suite/suite_text.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "reports/suite/suite_markdown.h"
#include "reports/suite/suite_page.h"
#include "reports/suite/suite_words.h"
#include "reports/utf8.h"
#include "reports/words.h"
#include "tests/reports/own_script.h"
#include "tests/reports/sample_suite.h"

namespace parallax::reports {
namespace {

using test::contains;
using test::times;

TEST_CASE("what is no text is replaced, sign by sign") {
  for (const char* sign : {"\x01", "\x1B", "\x7F", "\u0080", "\u009F", "\u061C", "\u200E", "\u200F", "\u202A", "\u202B",
                           "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\uFFFE", "\uFFFF"}) {
    INFO(sign);
    CHECK(without_controls("a" + std::string{sign} + "b", "?") == "a?b");
  }
  for (const char* sign : {" ", "~", "\u00A0", "\u05D0", "\u061D", "\u2010", "\u2029", "\u2070", "\uFFFD", "😀"}) {
    INFO(sign);
    CHECK(without_controls(sign, "?") == sign);
  }
  CHECK(without_controls("a\xFF", "?") == "a\uFFFD");
}

TEST_CASE("the headline counts verdicts, then what has become of them") {
  CHECK(plain(suite_headline(test::sample_suite())) ==
        "8 scenarios: 1 engine fault, 2 fail, 1 is inconclusive and 4 pass; 1 regressed, 1 undecided since, 1 moved, "
        "1 new, 1 improved, 2 same");
  test::Suite interrupted = test::sample_suite();
  interrupted.selected = 12;
  CHECK(plain(suite_headline(interrupted)).starts_with("12 scenarios, interrupted after 8: "));
  test::Suite none;
  none.selected = 3;
  CHECK(plain(suite_headline(none)) == "3 scenarios, interrupted after 0");
}

TEST_CASE("the headline tells of targets that are missed as is known") {
  test::Suite suite;
  test::Row& row = test::add_row(suite, "known", "", "pass");
  scenarios::suite::test::expect("window.token_revoked.max", "fail", *row.now);
  row.now->mutable_expectations(0)->set_known_miss("as its author hoped");
  CHECK(plain(suite_headline(suite)) == "1 scenario: 1 passes; 1 new; 1 target missed, as is known");
  CHECK(row_findings(row).empty());
  row.now->mutable_expectations(0)->set_verdict("pass");
  CHECK(row_findings(row).front().starts_with("now met, remove known_miss: Access that should have ended"));
}

TEST_CASE("what was found is told in words") {
  const test::Suite suite = test::sample_suite();
  const auto findings = [&suite](const char* name) {
    for (const test::Row& row : suite.rows) {
      if (row.scenario == name) return row_findings(row);
    }
    return std::vector<std::string>{};
  };
  CHECK(findings("same").empty());
  CHECK(findings("worse") == std::vector<std::string>{"missed: Access that should have ended: "
                                                      "window.token_revoked.max at most 1m, found something"});
  CHECK(findings("moved") ==
        std::vector<std::string>{"seed 2 goes another way from virtual second 1 on; its journal differs at us"});
  CHECK(findings("broken") == std::vector<std::string>{"engine fault: seed 1: a window is outside its bound"});
  CHECK(findings("open") == std::vector<std::string>{"nothing happened that the target speaks about"});
}

TEST_CASE("what makes two results hard to compare is said") {
  test::Suite suite;
  test::Row& row = test::add_row(suite, "pair", "fail", "fail");
  row.now->set_config("another");
  row.now->set_version("0.2.0");
  row.now->set_seeds(1);
  row.now->mutable_expectations(0)->set_value(90);
  const std::vector<std::string> findings = row_findings(row);
  REQUIRE(findings.size() == 5);
  CHECK(plain(findings[1]) == "window.token_revoked.max: was 1 min 15 s, is 1 min 30 s");
  CHECK(findings[2] == "its scenario has changed since it was blessed");
  CHECK(findings[3] == "it was blessed with version 0.1.0, this is 0.2.0");
  CHECK(plain(findings[4]) == "it was blessed with 2 seeds, now there is 1");
}

TEST_CASE("a terminal gets a line for each row, and details with a command for what does not pass") {
  const test::Suite suite = test::sample_suite();
  CHECK(suite_line(suite.rows[0], 6) == "pass          same          same    f\n");
  CHECK(suite_line(suite.rows.back(), 6) == "error         engine fault  broken\n");
  const std::string details = suite_details(suite);
  for (const char* name : {"worse", "known", "open", "broken"}) {
    INFO(name);
    CHECK(contains(details, "run again: parallax run " + std::string{name} + ".txtpb\n"));
  }
  CHECK(contains(details, "to see it: parallax run moved.txtpb --seed 2 --journal 1s..2s\n"));
  CHECK_FALSE(contains(details, "run same.txtpb"));
  CHECK_FALSE(contains(details, "run fresh.txtpb"));
  CHECK(details.find("broken") < details.find("regressed: worse"));
  CHECK(details.find("regressed: worse") < details.find("same: known"));
}

TEST_CASE("no name moves the cursor of a terminal, or begins a line of its own") {
  const test::Suite suite = test::hostile_suite();
  std::string text = suite_details(suite);
  for (const test::Row& row : suite.rows) {
    const std::string line = suite_line(row, 80);
    CHECK(times(line, "\n") == 1);
    text += line;
  }
  CHECK_FALSE(test::has_controls(text));
  CHECK(well_formed(text) == text);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_CASE("Markdown tells the worst first, with what makes it again") {
  const std::string text = plain(suite_markdown(test::sample_suite()));
  CHECK(text.starts_with("### Parallax: 8 scenarios: 1 engine fault"));
  CHECK(contains(text, "| <code>worse</code> | **fail** | regressed | <code>f</code> |\n"));
  CHECK(contains(text, "run again: <code>parallax run worse.txtpb</code>"));
  CHECK(contains(text, "<code>parallax run moved.txtpb --seed 2 --journal 1s..2s</code>"));
  CHECK(contains(text, "All again: <code>parallax check scenarios</code>"));
  CHECK(text.find("<code>worse</code>") < text.find("<code>known</code>"));
}

TEST_CASE("a suite of 200 has at most 60 lines of Markdown") {
  test::Suite suite;
  suite.command = "parallax check scenarios";
  for (int i = 0; i < 200; ++i) {
    test::Row& row = test::add_row(suite, "scenario" + std::to_string(i) + test::kHostile, "pass", "fail");
    row.reasons = {"one", "two", "three", "four"};
    row.again = row.command;
  }
  const std::string text = suite_markdown(suite);
  CHECK(lines_of(text).size() <= kMarkdownLinesMost);
  CHECK(contains(text, "178 more in the other reports"));  // 200 - 22
  CHECK(contains(text, "193 more that need a look"));      // 200 - 7
  CHECK(contains(text, "All again"));
}

// Only what we write ourselves means anything to Markdown or HTML.
TEST_CASE("hostile names are nothing but text in Markdown") {
  std::string text = suite_markdown(test::hostile_suite());
  CHECK_FALSE(test::has_controls(text));
  CHECK(well_formed(text) == text);
  for (const std::string& line : lines_of(text)) {
    INFO(line);
    if (line.starts_with("|")) CHECK(std::count(line.begin(), line.end(), '|') == 5);
    if (!line.empty())
      CHECK((line.starts_with("|") || line.starts_with("- ") || line.starts_with("  - ") || line.starts_with("### ") ||
             line.starts_with("All again: ")));
  }
  for (const char* ours : {"<code>", "</code>", "- **", "**fail**", "**error**", "** ", "###"}) {
    for (std::size_t at = text.find(ours); at != std::string::npos; at = text.find(ours)) {
      text.replace(at, std::string_view{ours}.size(), " ");
    }
  }
  for (const char* sign : {"<", ">", "`", "*", "[", "]", "@", "\\", "://", "www.", "&amp;"}) {
    INFO(sign);
    CHECK_FALSE(contains(text, sign));
  }
  CHECK(contains(text, "&#64;\u200Bteam"));  // nobody is mentioned
}

TEST_CASE("the page has rows in their order, and leads to reports beside it alone") {
  const std::string page = suite_page(test::sample_suite());
  const auto place = [&page](const char* name) { return page.find("<bdi>" + std::string{name} + "</bdi>"); };
  CHECK(place("broken") < place("worse"));
  CHECK(place("worse") < place("known"));
  CHECK(place("known") < place("open"));
  CHECK(place("open") < place("moved"));
  CHECK(place("moved") < place("same"));
  CHECK(contains(page, "<a href=\"./same/report.html\"><bdi>same</bdi></a>"));
  CHECK(times(page, "href=\"") == times(page, "href=\"./same/report.html\"") + times(page, "href=\"#"));
  CHECK(contains(page, "6 scenarios need a look"));
  CHECK(contains(page, "2 pass as blessed, or for the first time"));
  CHECK(suite_page(test::sample_suite()) == page);
}

TEST_CASE("the page stands alone, whatever the names") {
  const std::string page = suite_page(test::hostile_suite());
  CHECK(contains(page, "default-src 'none'; style-src 'sha256-"));
  CHECK(test::runs_only_its_own_script(page));
  CHECK_FALSE(contains(page, "href=\"http"));
  CHECK_FALSE(contains(page, " style="));
  CHECK_FALSE(contains(page, "\x01"));
  CHECK_FALSE(contains(page, "\x1B"));
  CHECK(contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x ]]&gt; | `a`"));
  CHECK(contains(page, "😀"));
  CHECK(well_formed(page) == page);
  // A name that turns direction is turned back where its element ends.
  CHECK(times(page, "<bdi>") == times(page, "</bdi>"));
}

TEST_CASE("a suite without rows has reports") {
  test::Suite none;
  none.selected = 1;
  CHECK(suite_details(none) == "\n1 scenario, interrupted after 0\n");
  CHECK(plain(suite_markdown(none)) == "### Parallax: 1 scenario, interrupted after 0\n");
  CHECK(contains(plain(suite_page(none)), "<h1>1 scenario, interrupted after 0</h1>"));
}

}  // namespace
}  // namespace parallax::reports
