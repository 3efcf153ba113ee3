// Where the numbers of new rows come from.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/propagation/store/schema.h"
#include "models/propagation/store/sequence.h"

namespace parallax::propagation::schema {

/// How a site numbers new rows. Whoever edits the scripts gives each data center a number of its own, from 1 on.
struct KeyNumbers {
  enum class Strategy : std::uint8_t {
    kAlike,      ///< START 1 INCREMENT 1 everywhere, as the scripts come
    kIncrement,  ///< start value variation: START with the data center's number, INCREMENT by `increment`
    kRanges,     ///< each data center has `range` numbers of its own
    kCommon,     ///< one sequence for all, in one place
  };

  Strategy strategy{Strategy::kIncrement};
  store::Value data_center{1};  ///< number of this site's, >= 1
  store::Value increment{0};    ///< of kIncrement; > 0 when rows are loaded
  store::Value range{0};

  /// Of a table that starts with so many rows, numbered from 1.
  store::SequenceSpec sequence(std::size_t rows_at_start) const;
};

}  // namespace parallax::propagation::schema
