#include "models/steering/arrivals.h"

#include <sleef.h>

#include <algorithm>
#include <functional>

namespace parallax::steering {

namespace {

constexpr std::size_t kCells = 4096;

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

// SLEEF's cosine without fused multiply-add: the same bits on every CPU, as in sim/distribution.cpp.
double raised_cosine(double turns) {
  constexpr double kTwoPi = 6.283185307179586476925;
  return (1 + Sleef_cinz_cosd1_u10purec(kTwoPi * turns)) / 2;
}

}  // namespace

DayCurve::DayCurve(const DaySpec& spec) : peak_{spec.peak}, period_{spec.period} {
  for (std::size_t i = 0; i <= kCells; ++i) {
    const double share = raised_cosine(static_cast<double>(i) / kCells);
    table_.push_back(sim::chance_threshold(spec.least_share + (1 - spec.least_share) * share));
  }
}

std::uint64_t DayCurve::threshold(sim::VirtualTime now) const {
  const sim::Duration since_peak = now - peak_;
  const sim::Duration phase = since_peak - (sim::floor_to({since_peak.ns}, period_) - sim::VirtualTime{});
  const Wide at = (static_cast<Wide>(phase.ns) * kCells << 32) / static_cast<Wide>(period_.ns);
  const auto cell = static_cast<std::size_t>(at >> 32);
  const auto fraction = static_cast<SignedWide>(at & 0xffff'ffff);
  const auto left = static_cast<SignedWide>(table_[cell]);
  const auto rise = static_cast<SignedWide>(table_[cell + 1]) - left;
  return static_cast<std::uint64_t>(left + (rise * fraction >> 32));
}

std::optional<sim::VirtualTime> TracedCalls::next(sim::Stream& instants) {
  while (left_.empty()) {
    if (drawn_ == spec_.counts.size()) return std::nullopt;
    for (std::uint32_t call = 0; call < spec_.counts[drawn_]; ++call) {
      left_.push_back({static_cast<std::int64_t>(instants.below(static_cast<std::uint64_t>(spec_.bucket.ns)))});
    }
    std::sort(left_.begin(), left_.end(), std::greater<>{});
    ++drawn_;
  }
  const sim::Duration since_start = left_.back();
  left_.pop_back();
  return sim::VirtualTime{} + spec_.bucket * (static_cast<std::int64_t>(drawn_) - 1) + since_start;
}

Arrivals::Arrivals(const ArrivalSpec& spec, const Streams& streams) : gap_{spec.gap}, streams_{streams} {
  if (spec.bursts) bursts_ = modulation(*spec.bursts, streams_.turns);
  if (spec.day) day_.emplace(*spec.day);
  if (spec.trace) trace_.emplace(*spec.trace);
}

Arrivals::Modulation Arrivals::modulation(const BurstSpec& spec, sim::Stream& turns) {
  const auto both = static_cast<std::uint64_t>((spec.mean_calm + spec.mean_burst).ns);
  const bool bursts = turns.below(both) < static_cast<std::uint64_t>(spec.mean_burst.ns);
  Modulation started{spec.gap,
                     sim::Distribution::exponential(spec.mean_calm),
                     sim::Distribution::exponential(spec.mean_burst),
                     bursts ? State::kBurst : State::kCalm,
                     {}};
  // What is left of an exponential time is distributed as the whole.
  started.turns_at = sim::VirtualTime{} + (bursts ? started.burst : started.calm).sample(turns);
  return started;
}

void Arrivals::turn(Modulation& bursts) {
  bursts.state = bursts.state == State::kCalm ? State::kBurst : State::kCalm;
  const sim::Distribution& length = bursts.state == State::kBurst ? bursts.burst : bursts.calm;
  bursts.turns_at = bursts.turns_at + length.sample(streams_.turns);
}

std::optional<sim::Duration> Arrivals::next(sim::VirtualTime now) {
  if (!trace_) return next_gap(now);
  const std::optional<sim::VirtualTime> instant = trace_->next(streams_.instants);
  return instant ? std::optional{*instant - now} : std::nullopt;
}

// A gap that a turn cuts short is drawn anew from there, which the exponential law allows. Each turn is an instant of
// its own, not a step of a loop here: states that are much shorter than gaps would keep such a loop busy for ever.
sim::Duration Arrivals::next_gap(sim::VirtualTime now) {
  if (!bursts_) return gap_.sample(streams_.gaps);
  const sim::Distribution& gaps = bursts_->state == State::kBurst ? bursts_->gap : gap_;
  const sim::Duration gap = gaps.sample(streams_.gaps);
  is_turn_ = now + gap >= bursts_->turns_at;
  if (!is_turn_) return gap;
  const sim::Duration rest = bursts_->turns_at - now;
  turn(*bursts_);
  return rest;
}

bool Arrivals::calls(sim::VirtualTime now) {
  if (is_turn_) return false;
  return !day_ || streams_.thinning.chance(day_->threshold(now));
}

}  // namespace parallax::steering
