// The timers of the deployment, and whether the runs lasted until each of them fired.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/escape.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string timer_label(const std::string& timer) {
  if (timer == "token_expiry") return "expiry of tokens";
  if (timer == "token_cleaner") return "cleaner of revoked tokens";
  if (timer == "quota_window") return "limit window";
  return stage_label(timer);
}

// "2 windows of token revoked".
std::string waiting_words(const schema::Timer& timer) {
  if (timer.awaited() == 0) return "nothing";
  std::vector<std::string> kinds;
  for (const std::string& kind : timer.awaited_by()) {
    kinds.push_back(kind == "limit_window" ? "limit windows"
                    : kind == "start"      ? "gateways starting"
                                           : escaped(change_words(kind).many));
  }
  return fmt::format("{}: {}", count_words(timer.awaited()), joined(kinds));
}

std::string fired_words(const schema::Timer& timer) {
  return timer.fired() == 0 ? missing("never fired") : large_count_words(timer.fired());
}

}  // namespace

std::string timers_section(const schema::Result& result) {
  if (result.timers().empty()) return "";
  using Kind = Column::Kind;
  Table table("How often timers fired",
              {{"Timer"}, {"Length", Kind::kNumber}, {"Fired", Kind::kNumber}, {"Waited for it at the end"}}, "timers");
  std::uint64_t silent = 0;
  std::uint64_t awaited = 0;
  for (const schema::Timer& timer : result.timers()) {
    silent += timer.fired() == 0;
    awaited += timer.fired() == 0 && timer.awaited() > 0;
    table.row({two_lines(escaped(capitalised(timer_label(timer.timer()))), escaped(timer.path())),
               timer.length_ns() == 0 ? "at each write" : round_clock_words(timer.length_ns()), fired_words(timer),
               waiting_words(timer)});
  }
  const auto all = static_cast<std::uint64_t>(result.timers_size());
  const std::string heading =
      silent == 0
          ? "Every timer fired"
          : fmt::format(
                "{} of {} never fired{}", count_words(silent), counted(all, "timer", "timers"),
                awaited == 0 ? "" : fmt::format(", and for {} something waited at the end", count_words(awaited)));
  return section(heading,
                 "A timer has fired when a wait for it was over; rounds that found nothing to do do not count. All "
                 "seeds together.",
                 folded("timers one by one", table.html()));
}

}  // namespace parallax::reports
