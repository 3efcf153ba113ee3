#include "reports/suite/suite_page.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/suite/suite_history.h"
#include "reports/suite/suite_words.h"
#include "reports/table.h"
#include "reports/utf8.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// Told once a page.
constexpr const char* kBlessings =
    "Blessings: a target’s value each time that it was blessed, and now; dashed: the target; diamond: missed.";

using SuiteRow = scenarios::suite::Row;
using scenarios::suite::Suite;

std::string_view glyph_of(std::string_view verdict) {
  if (verdict == "pass") return "tick";
  return verdict == "inconclusive" ? "half" : "cross";
}

std::string name_cell(const SuiteRow& row) {
  const std::string name = isolated(row.scenario);
  const std::string linked =
      row.report.empty() ? name : fmt::format("<a href=\"{}\">{}</a>", path_reference(row.report), name);
  return two_lines(linked, row.title.empty() || row.title == row.scenario ? "" : isolated(row.title));
}

std::string verdict_cell(const SuiteRow& row) {
  const bool is_bad = row.verdict() == "fail" || row.verdict() == "error";
  return fmt::format("{}<span{}>{}</span>", glyph(glyph_of(row.verdict())), is_bad ? " class=\"miss\"" : "",
                     escaped(row.verdict()));
}

std::string state_cell(const SuiteRow& row) {
  const bool is_worse = row.state <= scenarios::suite::State::kRegressed;
  const std::string state = escaped(to_string(row.state));
  return is_worse ? "<b class=\"miss\">" + state + "</b>" : state;
}

std::string command_line(const SuiteCommand& command) {
  return fmt::format("<p class=\"how again\">{}: <code>{}</code></p>", command.purpose, isolated(command.command));
}

std::string findings_cell(const SuiteRow& row) {
  std::string out = row.sentence.empty() ? "" : "<p>" + isolated(row.sentence) + "</p>";
  if (row.verdict() == "pass" && !needs_a_look(row)) return out;
  std::string items;
  for (const std::string& finding : row_findings(row)) items += "<li>" + isolated(finding) + "</li>";
  if (!items.empty()) out += "<ul class=\"findings\">" + items + "</ul>";
  for (const SuiteCommand& command : row_commands(row)) out += command_line(command);
  return out;
}

std::string fingerprint_cell(const SuiteRow& row) {
  if (!row.now) return missing("no result");
  return "<code>" + escaped(first_code_points(well_formed(row.now->fingerprint()), 12)) + "</code>";
}

std::string table_of(const std::vector<const SuiteRow*>& rows) {
  const auto text = Column::Kind::kText;
  Table table("Scenarios and what has become of them",
              {{"Scenario", text},
               {"Verdict", text},
               {"Since blessed", text},
               {"Blessings", Column::Kind::kChart},
               {"Found", text},
               {"Fingerprint", text}},
              "suite");
  for (const SuiteRow* row : rows) {
    const std::string history = history_mark(*row);
    table.row({name_cell(*row), verdict_cell(*row), state_cell(*row), history.empty() ? missing("none") : history,
               findings_cell(*row), fingerprint_cell(*row)});
  }
  return table.html();
}

}  // namespace

std::string suite_page(const Suite& suite) {
  const std::string headline = suite_headline(suite);
  std::vector<const SuiteRow*> loud, quiet;
  for (const SuiteRow* row : in_order(suite)) (needs_a_look(*row) ? loud : quiet).push_back(row);
  std::string body =
      fmt::format("<header>\n<p><b>Parallax</b> Regression suite</p>\n</header>\n<h1>{}</h1>\n", escaped(headline));
  if (!loud.empty()) {
    body += section(
        fmt::format("{} a look", loud.size() == 1 ? "1 scenario needs" : fmt::format("{} scenarios need", loud.size())),
        std::string(
            "What got worse comes first, then what fails or is undecided as ever, then what runs another way or "
            "has become better. ") +
            kBlessings,
        table_of(loud));
  }
  if (!quiet.empty()) {
    body += section(fmt::format("{} as blessed, or for the first time",
                                quiet.size() == 1 ? "1 passes" : fmt::format("{} pass", quiet.size())),
                    loud.empty() ? kBlessings : "", table_of(quiet));
  }
  if (!suite.command.empty()) {
    body += fmt::format("<dl class=\"evidence alone\">\n<div><dt>All again</dt><dd><code>{}</code></dd></div>\n</dl>\n",
                        isolated(suite.command));
  }
  return page("Parallax: " + plain(headline), body);
}

}  // namespace parallax::reports
