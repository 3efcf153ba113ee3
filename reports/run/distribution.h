// How long the windows between two data centers were: the share of them that was over after each time, as a curve with
// its figures and one sentence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

struct Distribution {
  std::string title;  ///< HTML: whose windows these are
  const schema::WindowClass& windows;
  std::int64_t longest_ns;  ///< where the curves of its kind end, at least the longest that was seen
  std::optional<std::int64_t> target_ns;
};

/// A figure; `attributes` are its own, HTML with a space before each.
std::string distribution_figure(const Distribution& distribution, std::string_view attributes);

}  // namespace parallax::reports
