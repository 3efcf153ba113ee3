#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::optional<std::int64_t> worst_seen(const schema::Result& result, const schema::Bound& bound) {
  std::optional<std::int64_t> worst;
  for (const schema::WindowClass& of : result.window_classes()) {
    const bool is_of =
        of.change() == bound.change() && of.writer() == bound.writer() && site_of(of.observer()) == bound.observer();
    if (is_of && of.has_max_ns()) worst = std::max(worst.value_or(0), of.max_ns());
  }
  return worst;
}

std::string name(const std::string& site) { return "<span class=\"name\">" + isolated(site) + "</span>"; }

std::string way_words(const schema::Bound& bound) {
  if (bound.way_size() == 0) return bound.has_undisturbed_ns() ? "at once" : "";
  std::string out;
  for (const schema::BoundStage& stage : bound.way()) {
    if (!out.empty()) out += ", then ";
    out += fmt::format("{} {}", round_clock_words(stage.greatest_ns()), escaped(stage_words(stage.stage())));
  }
  return out;
}

std::string greatest_words(const schema::Bound& bound) {
  if (!bound.has_greatest_ns()) return two_lines("no bound", escaped(bound.why()));
  const std::string length = clock_words(bound.greatest_ns());
  return bound.ends_with_token() ? two_lines(length, "then the token has expired") : length;
}

std::string undisturbed_words(const schema::Bound& bound) {
  return bound.has_undisturbed_ns() ? clock_words(bound.undisturbed_ns()) : missing("no bound");
}

std::string summary_words(const schema::Result& result) {
  const auto without = std::count_if(result.bounds().begin(), result.bounds().end(),
                                     [](const schema::Bound& bound) { return !bound.has_greatest_ns(); });
  if (without == 0) return "Every window has a bound";
  return fmt::format("{} of {} kinds of windows {} no bound", without, result.bounds_size(),
                     without == 1 ? "has" : "have");
}

}  // namespace

std::string bounds_section(const schema::Result& result) {
  if (result.bounds_size() == 0) return "";
  using Kind = Column::Kind;
  Table table("Bounds of the windows, and the longest that was seen",
              {{"Written at, seen at"},
               {"At the least", Kind::kNumber},
               {"Worst seen", Kind::kNumber},
               {"At the most, undisturbed", Kind::kNumber},
               {"With the outages", Kind::kNumber},
               {"Made up of"}},
              "bounds");
  std::string change;
  for (const schema::Bound& bound : result.bounds()) {
    if (std::exchange(change, bound.change()) != bound.change()) {
      table.group(escaped(capitalised(change_words(bound.change()).name)));
    }
    const auto worst = worst_seen(result, bound);
    table.row({name(bound.writer()) + " → " + name(bound.observer()), clock_words(bound.least_ns()),
               worst ? clock_words(*worst) : missing("none was written"), undisturbed_words(bound),
               greatest_words(bound), way_words(bound)});
  }
  const std::string held = fmt::format(
      "By arithmetic on the topology. Undisturbed: nothing fails and nobody is before it. With the outages: each of "
      "this "
      "scenario's at its worst moment. {} of {} windows were held against them; one outside would have ended the run.",
      large_count_words(result.windows_bounded()), large_count_words(result.windows_seen()));
  return section(summary_words(result), held, folded("bounds by kind and pair of data centers", table.html()));
}

}  // namespace parallax::reports
