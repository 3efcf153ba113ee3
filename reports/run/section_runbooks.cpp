// What operators did, step by step, and when.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "reports/escape.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using Step = schema::StepOutcome;

std::string outcome_of(const Step& step, std::uint32_t seeds) {
  if (step.done() == seeds) return "done";
  if (step.done() == 0 && step.gave_up() == 0) return step.begun() == 0 ? "not begun" : "not done by the end";
  const std::string done = step.done() == 0 ? "" : fmt::format("done in {} of {} seeds", step.done(), seeds);
  const std::string gave_up =
      step.gave_up() == 0 ? "" : fmt::format("waited in vain in {} of {} seeds", step.gave_up(), seeds);
  return done.empty() || gave_up.empty() ? done + gave_up : done + ", " + gave_up;
}

std::string waited(const Step& step) {
  if (step.begun() == 0) return missing("not begun");
  return step.longest_wait_ns() == 0 ? "nothing" : clock_words(step.longest_wait_ns());
}

void add_rows(const schema::RunbookOutcome& runbook, std::uint32_t seeds, Table& table) {
  for (const Step& step : runbook.steps()) {
    const bool is_done = step.done() > 0;
    table.row({two_lines(isolated(step.name()), escaped(step.does())),
               step.begun() == 0 ? missing("not begun") : clock_words(step.begun_ns()), waited(step),
               is_done && step.done_ns() > 0 ? clock_words(step.done_ns()) : missing("not done"),
               outcome_of(step, seeds)});
  }
}

bool is_done(const schema::RunbookOutcome& runbook, std::uint32_t seeds) {
  return std::all_of(runbook.steps().begin(), runbook.steps().end(),
                     [seeds](const Step& step) { return step.done() == seeds; });
}

std::string heading(const schema::Result& result) {
  std::vector<std::string> unfinished;
  for (const auto& runbook : result.runbooks()) {
    if (!is_done(runbook, result.seeds())) unfinished.push_back(isolated(runbook.name()));
  }
  if (unfinished.empty()) return "Every step of the runbooks was taken";
  return fmt::format("{} did not get to {} end", capitalised(joined(unfinished)),
                     unfinished.size() == 1 ? "its" : "their");
}

}  // namespace

std::string runbooks_section(const schema::Result& result) {
  if (result.runbooks().empty()) return "";
  std::string tables;
  for (const auto& runbook : result.runbooks()) {
    Table table("Steps of " + runbook.name(), {{"Step"}, {"Begun at"}, {"Longest wait"}, {"Done at"}, {"In the end"}});
    add_rows(runbook, result.seeds(), table);
    tables += fmt::format("<h3>{}</h3>\n{}", isolated(runbook.name()), table.html());
  }
  return section(heading(result),
                 "Instants are those of the first seed that got to the step; the wait is the longest of all.", tables);
}

}  // namespace parallax::reports
