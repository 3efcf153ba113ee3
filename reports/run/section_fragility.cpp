// What would change the verdict, of what nobody chose.
#include <fmt/format.h>

#include "reports/escape.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/fragility.h"
#include "reports/run/sections.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::size_t kTold = 4;  // on page one; the rest is folded

std::string nudge_item(const schema::Nudge& nudge) {
  return fmt::format("<li>{}<span><b><code>{}</code> at {} instead of {}:</b> {}.</span></li>\n",
                     glyph(nudge.verdict() == "pass" ? "tick" : "half"), escaped(nudge.path()),
                     escaped(spelled_length(nudge.to())), escaped(spelled_length(nudge.from())),
                     escaped(flips_in_words(nudge)));
}

std::string list(std::string_view items) { return fmt::format("<ul class=\"points\">\n{}</ul>\n", items); }

}  // namespace

std::string fragility_section(const schema::Result& result) {
  if (!result.has_fragility()) return "";
  const schema::Fragility& fragility = result.fragility();
  std::string told;
  std::string rest;
  std::size_t number = 0;
  for (const schema::Nudge& nudge : fragility.nudges()) (number++ < kTold ? told : rest) += nudge_item(nudge);
  std::string body = told.empty() ? "" : list(told);
  if (!rest.empty()) body += folded(counted(number - kTold, "more", "more"), list(rest));
  return section(fragility_headline(fragility),
                 fmt::format("Each of {} that nobody chose was halved and doubled, alone and wherever it stands, with "
                             "the same random numbers: {}.",
                             counted(fragility.inputs(), "figure", "figures"),
                             counted(fragility.runs(), "scenario was run", "scenarios were run")),
                 body);
}

}  // namespace parallax::reports
