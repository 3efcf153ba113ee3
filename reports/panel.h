// The measures that all panels have: charts of a share or a rate over time, drawn in units that the page stretches.
#pragma once

#include <algorithm>
#include <cstddef>

namespace parallax::reports {

/// A panel is about so many pixels wide on a screen: more values than these are joined.
inline constexpr std::size_t kPanelColumns = 720;
/// And its table has at most so many rows.
inline constexpr std::size_t kPanelRows = 60;

/// In units from the top: of the whole, and of nothing.
inline constexpr double kPanelTop = 14;
inline constexpr double kPanelBottom = 88;

/// `share` from 0 to 1; what is outside counts as the nearer of the two.
inline double panel_height(double share) {
  return kPanelBottom - std::clamp(share, 0.0, 1.0) * (kPanelBottom - kPanelTop);
}

}  // namespace parallax::reports
