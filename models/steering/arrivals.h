// When a population calls: a Poisson process, whose rate may change, or as often as was measured.
//
// In bursts: a Markov-modulated Poisson process of two states (Fischer and Meier-Hellstern, "The Markov-modulated
// Poisson process (MMPP) cookbook", Performance Evaluation 18, 1993). Calm and burst last exponentially long, m0 and
// m1 on average; calls come at rate r0 in the calm and r1 in a burst. With s = 1/m0 + 1/m1
//
//   mean rate                r = (r0 m0 + r1 m1) / (m0 + m1)
//   index of dispersion of the count in a time t
//                            I(t) = 1 + 2 p0 p1 (r1 - r0)^2 / (r s) * (1 - (1 - e^(-s t)) / (s t)),  p_i = m_i / (m0 +
//                            m1)
//
// It starts in a burst with probability p1, as a process that has been going on for ever.
//
// By the day: the rate is multiplied by a raised cosine, which is 1 at the peak and `least_share` half a period from it
//
//   share(t) = least_share + (1 - least_share) (1 + cos(2 pi (t - peak) / period)) / 2
//
// by thinning (Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979): calls are drawn at the greatest rate,
// and each is kept with probability share(t). The curve is a table of integers, computed once, linear between 4,097
// points: within 1.5e-7 of the cosine (h^2 / 8 times the greatest second derivative, 1/2, at h = 2 pi / 4096).
//
// As measured: of a bucket of length L with n calls, n instants are drawn uniform in [0, L) and come in their order,
// which is what a Poisson process is of which the number of points in the bucket is known.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/distribution.h"
#include "sim/random.h"
#include "sim/time.h"

namespace parallax::steering {

struct BurstSpec {
  sim::Distribution gap;  ///< between two calls in a burst
  sim::Duration mean_calm{};
  sim::Duration mean_burst{};
};

struct DaySpec {
  sim::VirtualTime peak{};
  double least_share{1};
  sim::Duration period{};
};

/// Bucket after bucket from the start of the run; after the last nobody calls.
struct TraceSpec {
  sim::Duration bucket{};  ///< > 0; that of all together fits into a virtual time
  std::vector<std::uint32_t> counts;
};

struct ArrivalSpec {
  sim::Distribution gap;  ///< between two calls; with bursts: in the calm; by the day: at the peak
  std::optional<BurstSpec> bursts;
  std::optional<DaySpec> day;
  std::optional<TraceSpec> trace{};  ///< in place of all the others
};

/// The instants of a trace, one after the other. It holds those of one bucket at a time.
class TracedCalls {
 public:
  explicit TracedCalls(TraceSpec spec) : spec_{std::move(spec)} {}

  /// Nothing after the last.
  std::optional<sim::VirtualTime> next(sim::Stream& instants);

 private:
  TraceSpec spec_;
  std::size_t drawn_{0};             ///< buckets
  std::vector<sim::Duration> left_;  ///< of the bucket drawn last, from its start, the last first
};

/// The share of the greatest rate at an instant.
class DayCurve {
 public:
  explicit DayCurve(const DaySpec& spec);

  /// Of 2^64, as Stream::chance takes it.
  std::uint64_t threshold(sim::VirtualTime now) const;

 private:
  sim::VirtualTime peak_;
  sim::Duration period_;
  std::vector<std::uint64_t> table_;
};

class Arrivals {
 public:
  /// What is drawn from which stream; a process without bursts or day draws from the first alone.
  struct Streams {
    sim::Stream gaps;
    sim::Stream turns;     ///< of calm and burst
    sim::Stream thinning;  ///< by the day
    sim::Stream instants;  ///< of a trace
  };

  Arrivals(const ArrivalSpec& spec, const Streams& streams);

  /// From `now` to the next instant at which somebody may call: ask calls() then. Nothing: nobody calls any more.
  std::optional<sim::Duration> next(sim::VirtualTime now);

  /// Whether somebody does. Requires: now is where next() has led to. Once.
  bool calls(sim::VirtualTime now);

 private:
  enum class State : std::uint8_t { kCalm, kBurst };
  struct Modulation {
    sim::Distribution gap;
    sim::Distribution calm;
    sim::Distribution burst;
    State state;
    sim::VirtualTime turns_at;
  };
  static Modulation modulation(const BurstSpec& spec, sim::Stream& turns);
  void turn(Modulation& bursts);
  sim::Duration next_gap(sim::VirtualTime now);

  sim::Distribution gap_;
  Streams streams_;
  std::optional<Modulation> bursts_;
  std::optional<DayCurve> day_;
  std::optional<TracedCalls> trace_;
  bool is_turn_{false};  ///< the next instant is where a burst begins or ends
};

}  // namespace parallax::steering
