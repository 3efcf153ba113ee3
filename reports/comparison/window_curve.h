// How long the windows of one kind of change last in one design: the share that are over after a time, all writers
// together, from the quantiles that a result keeps of each class of windows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

class WindowCurve {
 public:
  WindowCurve(const schema::Result& result, std::string_view change);

  /// Of windows: until everybody obeyed.
  std::uint64_t count() const { return count_; }

  /// Share of the windows that are over after so long.
  double share_within(std::int64_t ns) const;

  /// Share whose length is known: under 1 where windows were open at the end.
  double known() const { return share_within(longest_); }

  /// The least length that a share `q` does not exceed; nothing where open windows hide it.
  std::optional<std::int64_t> quantile(double q) const;

  std::int64_t longest() const { return longest_; }

  /// The lengths at which the share grows, in ascending order.
  const std::vector<std::int64_t>& steps() const { return steps_; }

 private:
  std::vector<const schema::WindowClass*> classes_;
  std::vector<std::int64_t> steps_;
  std::uint64_t count_{0};
  std::int64_t longest_{0};
};

}  // namespace parallax::reports
