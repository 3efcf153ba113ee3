#include "reports/drill/backtest_page.h"

#include <fmt/format.h>

#include "reports/drill/backtest_words.h"
#include "reports/drill/drill_panels.h"
#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

bool is_explained(const schema::Backtest& backtest) { return backtest.verdict() == "explained"; }

std::string drill_headline(const schema::Backtest& backtest) {
  const std::string& title = backtest.config().title();
  const std::string name = title.empty() ? backtest.scenario() : title;
  return name + (is_explained(backtest) ? " explains the drill" : " does not explain the drill");
}

std::string drill_masthead(const schema::Backtest& backtest) {
  const bool is_good = is_explained(backtest);
  return fmt::format(
      "<header>\n<p><b>Parallax</b> a drill over its scenario</p>\n<p>{} calls over {}</p>\n</header>\n"
      "<p class=\"verdict{}\">{}{}</p>\n<h1><bdi>{}</bdi></h1>\n<p class=\"lede\"><bdi>{}</bdi></p>\n",
      count_words(backtest.calls()), counted(backtest.seeds(), "seed", "seeds"), is_good ? "" : " miss",
      glyph(is_good ? "tick" : "cross"), is_good ? "Explained" : "Not explained", escaped(drill_headline(backtest)),
      escaped(backtest.text()));
}

std::string panels_section(const schema::Backtest& backtest) {
  return section("The drill over the seeds",
                 fmt::format("Line: the drill. Band: 90 % of the seeds, seen with as many calls as the drill has. Red: "
                             "the drill is outside. Hatched: the fault is on. Time zero: {}.",
                             isolated(backtest.zero())),
                 drill_panels(backtest));
}

std::string knob_list(const schema::BacktestPhase& phase) {
  std::string out;
  for (const std::string& knob : phase.knobs())
    out += (out.empty() ? "" : "<br>") + ("<code>" + escaped(knob) + "</code>");
  return out;
}

std::string phases_section(const schema::Backtest& backtest) {
  if (backtest.phases_size() == 0) return "";
  Table table("Phases of the drill against the seeds", {{"Phase"},
                                                        {"Drill", Column::Kind::kNumber},
                                                        {"Typical", Column::Kind::kNumber},
                                                        {"90 % of seeds", Column::Kind::kNumber},
                                                        {"Found"},
                                                        {"Decided by"}});
  std::string population;
  for (const schema::BacktestPhase& phase : backtest.phases()) {
    if (phase.population() != population) table.group(isolated(population = phase.population()));
    const bool is_same = phase.verdict() == "same";
    table.row({two_lines(capitalised(phase_words(phase.phase())), phase_meaning(phase.phase())),
               seconds_words(phase.observed_s()), seconds_words(phase.typical_s()),
               seconds_words(phase.low_s()) + " to " + seconds_words(phase.high_s()),
               fmt::format("{}<span{}>{}</span>", glyph(is_same ? "tick" : "cross"), is_same ? "" : " class=\"miss\"",
                           phase_verdict(phase)),
               is_same ? "" : knob_list(phase)});
  }
  return section("Where they part, phase by phase",
                 "Read alike in the drill and in every seed from the share of failed calls, as it falls. A cross: "
                 "at most one in twenty of drill and seeds is as far off in any phase.",
                 scrolled("Phases", table.html()));
}

std::string rule_section(const schema::Backtest& backtest) {
  return section(
      "The rule of the verdict", "",
      fmt::format(
          "<p>If the scenario explains the drill, the drill is one more run of it: of {} members, {} seeds and the "
          "drill, each is as likely as any other to lie farthest from the rest. Each is held against the band of all "
          "others (5 to 95 % in every bucket of every line) and its buckets outside are counted; of equally many the "
          "farther counts. The drill has {} outside. p = {:.3f} is the share of members with no fewer; at 0.05 or less "
          "the drill is not explained. The test is exact: it errs in one of twenty drills that the scenario does "
          "explain.</p>\n<dl class=\"evidence\">\n<div><dt>Do it again</dt><dd><code>{}</code></dd></div>\n</dl>\n",
          backtest.seeds() + 1, backtest.seeds(), percent_words(backtest.outside()), backtest.p(),
          escaped(backtest.command())));
}

}  // namespace

std::string backtest_page(const schema::Backtest& backtest) {
  return page(drill_headline(backtest) + " – Parallax",
              drill_masthead(backtest) + panels_section(backtest) + phases_section(backtest) + rule_section(backtest));
}

}  // namespace parallax::reports
