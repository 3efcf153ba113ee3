// What the loss of a data center does to changes that were acknowledged.
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

constexpr int kShown = 12;

std::string figure(const schema::Metric* metric) {
  if (metric == nullptr || !metric->has_worst()) return missing("not measured");
  return number_words(metric->worst());
}

double worst_of(const schema::Metric* metric) { return metric == nullptr ? 0 : metric->worst(); }

std::string ledger_row(std::string_view mark, std::string_view strong, std::string_view rest) {
  return fmt::format("<li>{}<span><b>{}</b> {}</span></li>\n", glyph(mark), strong, rest);
}

std::string lost_item(const schema::Result& result) {
  const schema::Metric* lost = find_metric(result, "recovery.lost_writes");
  const std::string_view meaning = "Lost: acknowledged to whoever made it, and at the end no replica holds it.";
  if (lost == nullptr && result.lost_writes_size() == 0) return ledger_row("dot", "Lost: not measured.", meaning);
  if (worst_of(lost) <= 0 && result.lost_writes_size() == 0) {
    return ledger_row("tick", "Lost: none.",
                      std::string("No acknowledged change was gone at the end of any run. ") + std::string(meaning));
  }
  return ledger_row("cross", fmt::format("Lost: {} in the worst run.", figure(lost)),
                    fmt::format("{} {}", typical_words(lost), meaning));
}

std::string late_item(const schema::Result& result) {
  const schema::Metric* late = find_metric(result, "recovery.late_writes");
  const std::string_view meaning =
      "Late: a fault kept it from a replica, which has it since; until then that replica "
      "decided by the old state.";
  if (late == nullptr) return ledger_row("dot", "Late: not measured.", meaning);
  if (worst_of(late) <= 0) return ledger_row("tick", "Late: none.", meaning);
  return ledger_row("dot", fmt::format("Late: {} copies in the worst run.", figure(late)),
                    fmt::format("{} {}", typical_words(late), meaning));
}

Table lost_table(std::string_view caption) {
  return {caption,
          {{"Change"}, {"Made in"}, {"Acknowledged", Column::Kind::kNumber}, {"Seed", Column::Kind::kNumber}},
          "lost-writes"};
}

std::string lost_list(const schema::Result& result) {
  if (result.lost_writes_size() == 0) return "";
  Table shown = lost_table("Changes that were lost");
  Table rest = lost_table("Further changes that were lost");
  for (int i = 0; i < result.lost_writes_size(); ++i) {
    const schema::LostWrite& lost = result.lost_writes(i);
    (i < kShown ? shown : rest)
        .row({two_lines(
                  isolated(lost.object()),
                  fmt::format("{} · <code>{}</code>", escaped(change_words(lost.change()).name), escaped(lost.id()))),
              isolated(lost.writer()), "at " + clock_words(lost.acknowledged_ns()), count_words(lost.seed())});
  }
  std::string out = shown.html();
  if (!rest.empty()) {
    out += folded(counted(static_cast<std::uint64_t>(result.lost_writes_size() - kShown), "more", "more"), rest.html());
  }
  return out;
}

std::string losses_heading(const schema::Result& result) {
  const double lost = worst_of(find_metric(result, "recovery.lost_writes"));
  const double late = worst_of(find_metric(result, "recovery.late_writes"));
  const std::string came_late = late > 0 ? fmt::format(", up to {} came late", number_words(late)) : ", none came late";
  if (lost <= 0 && result.lost_writes_size() == 0) return "No acknowledged change was lost" + came_late;
  return fmt::format("{} acknowledged changes were lost in the worst run{}", number_words(std::max(lost, 1.0)),
                     came_late);
}

}  // namespace

std::string losses_section(const schema::Result& result) {
  if (!spans_sites(result) && result.lost_writes_size() == 0) return "";
  return section(losses_heading(result), "Changes that were acknowledged, at the end of the run.",
                 "<ul class=\"points\">\n" + lost_item(result) + late_item(result) + "</ul>\n" + lost_list(result));
}

}  // namespace parallax::reports
