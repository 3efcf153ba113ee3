// What would change the verdict, of what nobody chose.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/sections.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::size_t kTold = 4;  // on page one; the rest is folded

std::string flip_words(const schema::Flip& flip) {
  const std::string title = escaped(metric_words(flip.metric(), "").title);
  if (flip.to() == "pass") return title + " would be met";
  return title + (flip.to() == "fail" ? " would be missed" : " would be undecided");
}

std::string nudge_item(const schema::Nudge& nudge) {
  std::vector<std::string> flips;
  for (const schema::Flip& flip : nudge.flips()) flips.push_back(flip_words(flip));
  return fmt::format("<li>{}<span><b><code>{}</code> at {} instead of {}:</b> {}.</span></li>\n",
                     glyph(nudge.verdict() == "pass" ? "tick" : "half"), escaped(nudge.path()),
                     escaped(spelled_length(nudge.to())), escaped(spelled_length(nudge.from())), joined(flips));
}

std::string list(std::string_view items) { return fmt::format("<ul class=\"points\">\n{}</ul>\n", items); }

std::size_t inputs_of(const schema::Fragility& fragility) {
  std::vector<std::string> paths;
  for (const schema::Nudge& nudge : fragility.nudges()) {
    if (std::find(paths.begin(), paths.end(), nudge.path()) == paths.end()) paths.push_back(nudge.path());
  }
  return paths.size();
}

std::string fragility_heading(const schema::Fragility& fragility) {
  if (fragility.nudges().empty()) {
    return fmt::format("No target turns when any of {} is halved or doubled",
                       counted(fragility.inputs(), "default", "defaults"));
  }
  const std::size_t inputs = inputs_of(fragility);
  return counted(inputs, "default decides a target", "defaults decide a target");
}

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
  return section(fragility_heading(fragility),
                 fmt::format("Each of {} that nobody chose was halved and doubled, alone and wherever it stands, with "
                             "the same random numbers: {}.",
                             counted(fragility.inputs(), "figure", "figures"),
                             counted(fragility.runs(), "scenario was run", "scenarios were run")),
                 body);
}

}  // namespace parallax::reports
