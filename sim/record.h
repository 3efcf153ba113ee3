// One line of the journal. The engine stamps when, where and why; what happened is in `body`, which only the models
// can read (models/domain/journal.h).
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "sim/time.h"

namespace parallax::sim {

/// A data center or a client region: a dense index in the order of the scenario.
enum class SiteId : std::uint16_t {};

constexpr std::size_t index(SiteId site) { return static_cast<std::size_t>(site); }

/// Where a record stands: its site and its number in that site's journal, counted from 1. All zero: no record.
struct RecordId {
  std::uint64_t packed{0};  ///< site in the upper 16 bits, number in the lower 48

  static constexpr RecordId of(SiteId site, std::uint64_t number) {
    return {static_cast<std::uint64_t>(site) << 48 | number};
  }
  constexpr SiteId site() const { return static_cast<SiteId>(packed >> 48); }
  constexpr std::uint64_t number() const { return packed & ((std::uint64_t{1} << 48) - 1); }
  constexpr bool exists() const { return packed != 0; }
  friend constexpr auto operator<=>(RecordId, RecordId) = default;
};

using RecordBody = std::array<std::uint64_t, 5>;

/// Journal order is (time, site, number), which is the order of (time, id).
struct Record {
  VirtualTime time;
  RecordId id;
  RecordId cause;  ///< the record that led to this one
  RecordBody body;
};
static_assert(sizeof(Record) == 64);

constexpr bool journal_order(const Record& a, const Record& b) {
  return a.time != b.time ? a.time < b.time : a.id < b.id;
}

}  // namespace parallax::sim
