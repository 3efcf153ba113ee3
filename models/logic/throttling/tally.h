// How real limiters count one key: a number of requests in a period, of which there are three readings. It is a value
// that can be handed to another node, which is where they differ most: what is handed on is an age, not an instant, for
// hosts share no clock. So the time on the way is not part of it, and whoever learns a value takes it for younger than
// it is.
//
//   kTwoPeriods  a sliding estimate: the requests of this period and of the one before, these in proportion to what of
//                the last period's length still reaches into theirs (HAProxy, include/haproxy/freq_ctr.h)
//   kFromFirst   a window that begins with its first request (express-rate-limit's memory store, Redis' INCR with PX)
//   kAligned     windows between multiples of their length; a request of an earlier one is forgotten
#pragma once

#include <cstdint>

#include "sim/time.h"

namespace parallax::logic::throttling {

enum class Measure : std::uint8_t { kTwoPeriods, kFromFirst, kAligned };

/// Which requests count.
enum class Counts : std::uint8_t {
  kAdmitted,
  kAll,  ///< those that were refused too, so that a counter stays shut for as long as the overload lasts
};

struct TallySpec {
  Measure measure{Measure::kFromFirst};
  Counts counts{Counts::kAll};
  std::uint32_t limit{1};                         ///< requests admitted in a period
  sim::Duration period{sim::seconds(1)};          ///< > 0
  sim::Duration clock_granule{sim::Duration{1}};  ///< the host reads its clock in steps of this; > 0
  sim::Duration start_granule{sim::Duration{1}};  ///< and keeps a period's start in steps of this; > 0
};

/// A tally as it is told to another node.
struct Lesson {
  sim::Duration age{};  ///< since the period began
  std::uint32_t current{0};
  std::uint32_t previous{0};
};

class Tally {
 public:
  /// Counts a request as the spec says and answers whether it is admitted.
  bool admit(const TallySpec& spec, sim::VirtualTime now);

  /// Counts one request.
  void add(const TallySpec& spec, sim::VirtualTime now);

  /// Requests in the period up to `now`.
  std::uint64_t total(const TallySpec& spec, sim::VirtualTime now) const;

  Lesson teach(const TallySpec& spec, sim::VirtualTime now) const;

  /// Forgets what it knew and takes the other's value over.
  void learn(const TallySpec& spec, const Lesson& lesson, sim::VirtualTime now);

 private:
  void turn(const TallySpec& spec, sim::VirtualTime now);

  sim::VirtualTime start_{kLongAgo};
  std::uint32_t current_{0};
  std::uint32_t previous_{0};

  static constexpr sim::VirtualTime kLongAgo{-(std::int64_t{1} << 62)};
};

}  // namespace parallax::logic::throttling
