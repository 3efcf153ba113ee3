#include "reports/run/run_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string_view entry_glyph(std::string_view verdict) {
  if (verdict == "pass") return "tick";
  return verdict == "fail" ? "cross" : "half";
}

std::string entry_html(const IndexEntry& entry) {
  return fmt::format("<li>{}<span><a href=\"{}\"><b>{}</b></a> <span class=\"{}\">{}</span><br>{}</span></li>\n",
                     glyph(entry_glyph(entry.verdict)), path_reference(entry.href), isolated(entry.title),
                     entry.verdict == "fail" ? "miss" : "how",
                     escaped(entry.verdict.empty() ? "no verdict" : spaced(entry.verdict)), isolated(entry.sentence));
}

std::string index_heading(std::span<const IndexEntry> entries) {
  const auto passed =
      std::count_if(entries.begin(), entries.end(), [](const IndexEntry& entry) { return entry.verdict == "pass"; });
  if (entries.empty()) return "No scenario was run";
  if (static_cast<std::size_t>(passed) == entries.size()) {
    return entries.size() == 1 ? "The scenario passes" : fmt::format("All {} scenarios pass", entries.size());
  }
  return fmt::format("{} of {} pass", passed, counted(entries.size(), "scenario", "scenarios"));
}

}  // namespace

std::string verdict_sentence(const schema::Result& result) { return headline(result); }

std::string run_page(const schema::Result& result) {
  const std::string page_one = masthead(result) + targets_section(result) + strip_section(result) +
                               cost_section(result) + fragility_section(result) + evidence_strip(result);
  const std::string sites = topology_section(result) + clock_section(result) + runbooks_section(result) +
                            storm_section(result) + outages_section(result) + load_section(result) +
                            pairs_section(result) + losses_section(result) + conflicts_section(result) +
                            sessions_section(result);
  const std::string appendix = claims_section(result) + sites + guarantees_section(result) + windows_section(result) +
                               decisions_section(result) + limits_section(result) + bounds_section(result) +
                               classes_section(result) + series_section(result) + timers_section(result) +
                               ledger_section(result) + metrics_section(result) + assumptions_section(result) +
                               glossary_section();
  const std::string verdict = result.verdict().empty() ? "" : capitalised(spaced(result.verdict())) + ": ";
  return page(verdict + title_of(result) + " – Parallax",
              page_one + "<div class=\"appendix\">\n<p class=\"part\">For engineers</p>\n" + appendix + "</div>\n");
}

std::string index_page(std::span<const IndexEntry> entries) {
  std::string items;
  for (const IndexEntry& entry : entries) items += entry_html(entry);
  return page(
      "Parallax: " + plain(index_heading(entries)),
      fmt::format("<header>\n<p><b>Parallax</b></p>\n</header>\n<h1>{}</h1>\n<ul class=\"points index\">\n{}</ul>\n",
                  index_heading(entries), items));
}

}  // namespace parallax::reports
