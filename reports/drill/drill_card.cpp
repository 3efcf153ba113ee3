#include "reports/drill/drill_card.h"

#include <fmt/format.h>

#include "reports/drill/drill_plan.h"
#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/plain_text.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string card_title(const schema::Result& result) { return "Drill card: " + title_of(result); }

std::string card_basis(const schema::Result& result) {
  std::string text =
      fmt::format("Typical of {} of {}; in brackets where 90 % of them lie. Times are h:min of the scenario's clock",
                  counted(result.seeds(), "run", "runs"), result.scenario());
  if (const auto first = first_fault_ns(result)) text += "; the first fault begins at " + round_clock_words(*first);
  return text + ".";
}

/// What the plan cannot have.
std::string drawn_words(const DrillPlan& plan) {
  return plan.drawn.empty() ? ""
                            : "At times that are drawn anew in each run, and so not in the plan: " + joined(plan.drawn);
}

std::string targets(const schema::Result& result) {
  std::string out;
  for (const auto& target : result.config().expectations()) {
    out += (out.empty() ? "" : "; ") + target.metric();
    out += target.at_most().empty() ? " at least " + target.at_least() : " at most " + target.at_most();
  }
  return out.empty() ? "" : out + ".";
}

std::string plan_table(const DrillPlan& plan) {
  std::vector<Column> columns{{"h:min"}, {"What is done"}};
  for (const Instrument& instrument : plan.instruments)
    columns.push_back({capitalised(instrument.name), Column::Kind::kNumber});
  Table table("The drill minute by minute", columns);
  for (const PlanRow& row : plan.rows) {
    std::string actions;
    for (const std::string& action : row.actions)
      actions += (actions.empty() ? "" : "<br>") + ("<b>" + escaped(action) + "</b>");
    std::vector<std::string> cells{row_time_words(row), actions};
    for (const Expected& expected : row.readings) cells.push_back(expected_words(expected));
    table.row(cells);
  }
  return scrolled("The drill minute by minute", table.html());
}

std::string list(const std::vector<std::string>& items) {
  std::string out = "<ul class=\"points\">\n";
  for (const std::string& item : items) out += "<li><span>" + capitalised(escaped(item)) + ".</span></li>\n";
  return out + "</ul>\n";
}

/// In a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : safe(text)) {
    if (c == '|' || c == '\\' || c == '<' || c == '*' || c == '_' || c == '`') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string no_drill_card(const schema::Result& result) {
  if (result.readings().empty()) return "found a result without readings, expected one of this version: run it again";
  const DrillPlan plan = drill_plan(result);
  if (plan.rows.empty() && !plan.drawn.empty()) {
    return "found a run whose faults are at random times, other ones in each run, expected one with a fault at a given "
           "time or a runbook";
  }
  if (plan.rows.empty()) {
    return "found a run in which nothing is done or nothing moves, expected one with a fault or a runbook";
  }
  return "";
}

std::string drill_card_page(const schema::Result& result) {
  const DrillPlan plan = drill_plan(result);
  std::string body = fmt::format(
      "<header>\n<p><b>Parallax</b> before the drill</p>\n<p>{}</p>\n</header>\n<h1><bdi>{}</bdi></h1>\n"
      "<p class=\"lede\">{}</p>\n",
      escaped(result.scenario()), escaped(card_title(result)), escaped(card_basis(result)));
  body += section("What is done and what should be read", "", plan_table(plan));
  if (!plan.stops.empty()) body += section("Stop the drill if", "", list(plan.stops));
  std::string notes;
  if (!plan.drawn.empty()) notes += "<p class=\"how\">" + escaped(drawn_words(plan)) + ".</p>\n";
  if (!plan.steady.empty()) notes += "<p class=\"how\">Should not move: " + escaped(joined(plan.steady)) + ".</p>\n";
  if (!targets(result).empty()) notes += "<p class=\"how\">Targets: " + escaped(targets(result)) + "</p>\n";
  if (!notes.empty()) body += "<section>\n" + notes + "</section>\n";
  return page(card_title(result) + " – Parallax", body);
}

std::string drill_card_markdown(const schema::Result& result) {
  const DrillPlan plan = drill_plan(result);
  std::string out =
      fmt::format("# {}\n\n{}\n\n| h:min | What is done |", cell(card_title(result)), cell(card_basis(result)));
  std::string rule = "\n|---|---|";
  for (const Instrument& instrument : plan.instruments) {
    out += fmt::format(" {} |", cell(capitalised(instrument.name)));
    rule += "--:|";
  }
  out += rule + "\n";
  for (const PlanRow& row : plan.rows) {
    std::string actions;
    for (const std::string& action : row.actions) actions += (actions.empty() ? "" : "<br>") + cell(action);
    out += fmt::format("| {} | {} |", row_time_words(row), actions);
    for (const Expected& expected : row.readings) out += fmt::format(" {} |", expected_words(expected));
    out += "\n";
  }
  if (!plan.stops.empty()) out += "\n## Stop the drill if\n\n";
  for (const std::string& stop : plan.stops) out += "- " + cell(stop) + "\n";
  if (!plan.drawn.empty()) out += "\n" + cell(drawn_words(plan)) + ".\n";
  if (!plan.steady.empty()) out += "\nShould not move: " + cell(joined(plan.steady)) + ".\n";
  if (!targets(result).empty()) out += "\nTargets: " + cell(targets(result)) + "\n";
  return out;
}

}  // namespace parallax::reports
