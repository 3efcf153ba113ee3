// A statement about tables instead of rows (DDL), as the log carries it where definitions are replicated.
#pragma once

#include <array>
#include <span>

#include "models/propagation/store/sequence.h"

namespace parallax::propagation::store {

struct Definition {
  enum class Kind : Value {
    kAddColumn,      ///< to the table, with `value` in all its rows
    kSetDataCenter,  ///< the default of the data-center column is `value` from now on
    kSetSequence,    ///< the table's sequence is `sequence` from now on, behind the rows that are there
    kTruncate,       ///< all rows of the table go (Transaction::truncate)
  };

  Kind kind{};
  Value value{0};
  SequenceSpec sequence;

  std::array<Value, 5> pack() const {
    return {static_cast<Value>(kind), value, sequence.start, sequence.increment, sequence.last};
  }
  static Definition unpack(std::span<const Value> row) {
    return {static_cast<Kind>(row[0]), row[1], {row[2], row[3], row[4]}};
  }
};

}  // namespace parallax::propagation::store
