#include "reports/drill/backtest_text.h"

#include <fmt/format.h>

#include "reports/drill/backtest_words.h"
#include "reports/plain_text.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string phase_table(const schema::Backtest& backtest) {
  Columns table({0, 1, 5});
  table.row({"", "phase", "drill", "typical", "90 % of seeds", ""});
  for (const schema::BacktestPhase& phase : backtest.phases()) {
    table.row({safe(phase.population()), phase_words(phase.phase()), seconds_words(phase.observed_s()),
               seconds_words(phase.typical_s()), seconds_words(phase.low_s()) + " to " + seconds_words(phase.high_s()),
               phase_verdict(phase)});
  }
  return table.text();
}

std::string knobs(const schema::Backtest& backtest) {
  std::string out;
  for (const schema::BacktestPhase& phase : backtest.phases()) {
    if (phase.verdict() == "same" || phase.knobs_size() == 0) continue;
    std::string all;
    for (const std::string& knob : phase.knobs()) all += all.empty() ? knob : fmt::format(", {}", knob);
    const std::string whose = phase.population().empty() ? "" : fmt::format(" of {}", safe(phase.population()));
    out += wrapped(fmt::format("{}{} is decided by {}.", capitalised(phase_words(phase.phase())), whose, safe(all)), 0);
  }
  return out;
}

std::string lines(const schema::Backtest& backtest) {
  std::string out;
  for (const schema::BacktestLine& line : backtest.lines()) {
    std::string text = fmt::format("{}: {} of the buckets outside", capitalised(safe(line_words(line))),
                                   percent_words(line.outside()));
    if (line.worst_ns_size() > 0) text += fmt::format(", farthest {}", from_zero_words(line.worst_ns(0)));
    out += wrapped(text + ".", 0);
  }
  return out;
}

}  // namespace

std::string backtest_text(const schema::Backtest& backtest) {
  std::string out = wrapped(safe(backtest.text()), 0) + "\n";
  out += wrapped(
      fmt::format("{} calls of {} over {} of {}, in buckets of {}; time zero: {}.", count_words(backtest.calls()),
                  safe(backtest.observed()), counted(backtest.seeds(), "seed", "seeds"), safe(backtest.scenario()),
                  round_clock_words(backtest.bucket_ns()), safe(backtest.zero())),
      0);
  if (backtest.calls_beyond() > 0) {
    out += wrapped(fmt::format("{} more calls were sent when no run has begun or all are over: they are held against "
                               "nothing.",
                               count_words(backtest.calls_beyond())),
                   0);
  }
  out += lines(backtest);
  if (backtest.phases_size() > 0) out += fmt::format("\n{}\n{}", phase_table(backtest), knobs(backtest));
  return plain(out + "\n");
}

}  // namespace parallax::reports
