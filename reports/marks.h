// The small pictures of page one, as inline SVG. Positions are percentages, so that a mark fits a column of any width
// without distortion; colours come from the style sheet by class; each shape has one meaning (see the head of the
// table), so that grey print loses nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "reports/findings.h"

namespace parallax::reports {

/// Definitions that glyphs refer to; once a page.
std::string glyph_definitions();

/// tick, tick-dashed, cross, half, dot, ring, disc, target, bound; says nothing to a screen reader.
std::string glyph(std::string_view name);

/// The glyph of a row's outcome.
std::string_view outcome_glyph(const Row& row);

/// Target, typical, worst and bound of a row on one axis from 0 to twice the target.
std::string row_mark(const Row& row);

/// A bar as long as its share of the greatest count.
std::string count_bar(std::uint64_t count, std::uint64_t greatest);

/// A horizontal axis of virtual time.
struct TimeAxis {
  std::int64_t end_ns{1};

  double percent(std::int64_t ns) const;
  std::int64_t step_ns() const;                   ///< between round tick marks, at most seven of them
  std::string tick_words(std::int64_t ns) const;  ///< "20", the last one with its unit: "60 min"
};

/// A class for the n-th of several colours that stay apart in print: "c0" to "c4", then round again.
std::string colour_class(std::size_t n);

}  // namespace parallax::reports
