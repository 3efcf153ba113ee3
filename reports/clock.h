// Rows of a table whose charts share one axis of virtual time, with what was broken hatched behind them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reports/marks.h"
#include "reports/track.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// The last instant that the result speaks of.
std::int64_t end_of(const schema::Result& result);

/// The faults of the run, behind whatever the chart shows.
std::string fault_bands(const schema::Result& result, const TimeAxis& axis);

/// What the rows of a table with one clock have in common.
struct Clock {
  const schema::Result& result;
  TimeAxis axis;
  std::string bands;  ///< fault_bands
};

/// A stretch of time.
struct Bar {
  std::int64_t start_ns;
  std::int64_t end_ns;
};

/// Words beside bars (in order of time, at least one), where they have room; `style` adds a class.
std::string bar_label(const std::vector<Bar>& bars, const TimeAxis& axis, std::string_view style,
                      std::string_view words);

/// A chart whose marks stand on the middle of its height.
std::string lane_svg(std::string_view bands, std::string_view marks);

/// All HTML but `style`; the value is for readers who see no chart, the track for those who point at an instant of it.
std::string clock_row(std::string_view style, std::string_view name, std::string_view svg, std::string_view value,
                      std::string_view where, const Track& track);

/// Rows over their axis; `style` is "clock" or "strip", `caption` plain text.
std::string clock_table(std::string_view style, std::string_view caption, std::string_view rows, const TimeAxis& axis);

/// Of a table whose charts share the axis, so that a reader may point at an instant of it.
std::string axis_attribute(const TimeAxis& axis);

}  // namespace parallax::reports
