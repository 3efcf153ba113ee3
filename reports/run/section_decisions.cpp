#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::vector<const schema::DecisionTally*> sorted_tallies(const schema::Result& result, const std::string& error) {
  std::vector<const schema::DecisionTally*> tallies;
  for (const auto& tally : result.decisions()) {
    if (tally.error() == error) tallies.push_back(&tally);
  }
  std::stable_sort(tallies.begin(), tallies.end(),
                   [](const auto* a, const auto* b) { return a->count() > b->count(); });
  return tallies;
}

std::vector<std::string> errors_of(const schema::Result& result) {
  std::vector<std::string> errors;
  for (const auto& tally : result.decisions()) {
    if (std::find(errors.begin(), errors.end(), tally.error()) == errors.end()) errors.push_back(tally.error());
  }
  return errors;
}

std::string heading(const schema::Result& result) {
  const std::uint64_t allowed = wrong_decisions(result, "wrong_allow");
  const std::uint64_t denied = wrong_decisions(result, "wrong_deny");
  if (allowed + denied == 0) return "No request was decided wrongly";
  return fmt::format("{} let through wrongly, {} refused wrongly", counted(allowed, "request", "requests"),
                     count_words(denied));
}

}  // namespace

std::string decisions_section(const schema::Result& result) {
  if (result.decisions_size() == 0) {
    return section(heading(result), "",
                   result.requests() == 0 ? "<p>No request was made.</p>\n"
                                          : "<p>Every request got the answer that one instantly consistent copy would "
                                            "have given.</p>\n");
  }
  using Kind = Column::Kind;
  Table table("Wrong decisions by reason, cause and node",
              {{"Although"}, {"Cause"}, {"Decided by"}, {"Requests", Kind::kNumber}, {"Compared", Kind::kChart}},
              "decisions");
  std::uint64_t greatest = 0;
  for (const auto& tally : result.decisions()) greatest = std::max(greatest, tally.count());
  for (const std::string& error : errors_of(result)) {
    table.group(fmt::format("{} <span>{}</span>", escaped(capitalised(error_words(error))),
                            counted(wrong_decisions(result, error), "request", "requests")));
    for (const auto* tally : sorted_tallies(result, error)) {
      table.row({escaped(capitalised(error_reason(error, tally->why()))), escaped(stage_words(tally->cause())),
                 isolated(node_name(result, tally->node())), count_words(tally->count()),
                 count_bar(tally->count(), greatest)});
    }
  }
  return section(
      heading(result),
      "Decided otherwise than the same logic decides on one copy that every change reaches at once; all seeds "
      "together.",
      table.html());
}

}  // namespace parallax::reports
