#include "reports/run/fragility.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string flip_words(const schema::Flip& flip) {
  const std::string title = metric_words(flip.metric(), "").title;
  if (flip.to() == "pass") return title + " would be met";
  return title + (flip.to() == "fail" ? " would be missed" : " would be undecided");
}

// Halved and doubled is one of them.
std::size_t deciding_defaults(const schema::Fragility& fragility) {
  std::vector<std::string> paths;
  for (const schema::Nudge& nudge : fragility.nudges()) {
    if (std::find(paths.begin(), paths.end(), nudge.path()) == paths.end()) paths.push_back(nudge.path());
  }
  return paths.size();
}

}  // namespace

std::string fragility_headline(const schema::Fragility& fragility) {
  if (fragility.nudges().empty()) {
    return fmt::format("No target turns when any of {} is halved or doubled",
                       counted(fragility.inputs(), "default", "defaults"));
  }
  return counted(deciding_defaults(fragility), "default decides a target", "defaults decide a target");
}

std::string flips_in_words(const schema::Nudge& nudge) {
  std::vector<std::string> flips;
  for (const schema::Flip& flip : nudge.flips()) flips.push_back(flip_words(flip));
  return joined(flips);
}

}  // namespace parallax::reports
