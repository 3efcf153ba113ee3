// A sequence: start, start + increment, ... up to the last number. A site's settings decide whether its numbers can
// meet another's.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "models/propagation/store/schema.h"

namespace parallax::propagation::store {

struct SequenceSpec {
  Value start{1};
  Value increment{1};                             ///< >= 1
  Value last{std::numeric_limits<Value>::max()};  ///< of the site's range; beyond it an insert fails
  friend constexpr bool operator==(const SequenceSpec&, const SequenceSpec&) = default;
};

class Sequence {
 public:
  Sequence() = default;
  explicit Sequence(const SequenceSpec& spec) : spec_{spec}, next_{spec.start}, is_used_up_{spec.start > spec.last} {}

  /// Nothing once the range is used up. A number is gone whether its row comes about or not, as in Oracle and
  /// PostgreSQL.
  std::optional<Value> take() {
    if (is_used_up_) return std::nullopt;
    const Value taken = next_;
    go_behind(taken);
    return taken;
  }

  /// A row has this number already.
  void skip(Value number) {
    if (is_used_up_ || number < next_ || number > spec_.last) return;
    const bool is_own = distance(spec_.start, number) % static_cast<std::uint64_t>(spec_.increment) == 0;
    if (is_own) go_behind(number);
  }

  const SequenceSpec& spec() const { return spec_; }

 private:
  /// Without overflow: from the least to the greatest number is more than a Value.
  static constexpr std::uint64_t distance(Value from, Value to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  }
  void go_behind(Value number) {
    is_used_up_ = distance(number, spec_.last) < static_cast<std::uint64_t>(spec_.increment);
    if (!is_used_up_) next_ = number + spec_.increment;
  }

  SequenceSpec spec_;
  Value next_{1};
  bool is_used_up_{false};
};

}  // namespace parallax::propagation::store
