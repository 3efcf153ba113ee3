#include "scenarios/fault_times.h"

#include <algorithm>

#include "scenarios/checked_text.h"
#include "sim/distribution.h"
#include "sim/random.h"

namespace parallax::scenarios {
namespace {

using sim::Distribution;
using sim::Duration;
using sim::Spell;
using sim::VirtualTime;

std::vector<Spell> periodic(const schema::Fault& fault, Duration run) {
  const VirtualTime at{duration(fault.at()).ns};
  const Duration lasts = duration(fault.lasts());
  const Duration every = fault.has_repeats() ? duration(fault.repeats().every()) : Duration{};
  std::vector<Spell> spells;
  for (std::int64_t i = 0; i < times_within(fault, run); ++i) {
    const VirtualTime from = at + Duration{every.ns * i};
    spells.push_back({from, std::min(from + lasts, VirtualTime{} + run)});
  }
  return spells;
}

// A draw of 0 would be no spell, or none apart from the next.
Duration draw(const Distribution& distribution, sim::Stream& stream) {
  return std::max(distribution.sample(stream), Duration{1});
}

// What is on when the run ends, ends with it.
std::vector<Spell> random(const schema::Fault& fault, Duration run, std::uint64_t seed) {
  const Rate starts = rate(fault.random().rate());
  const Distribution without = Distribution::exponential({starts.per.ns / starts.count});
  const Distribution with = Distribution::exponential(duration(fault.random().mean_duration()));
  const VirtualTime end{run.ns};
  sim::Stream gaps{seed, "fault " + fault.name(), "gap"};
  sim::Stream lengths{seed, "fault " + fault.name(), "length"};
  std::vector<Spell> spells;
  for (VirtualTime from = VirtualTime{} + draw(without, gaps); from < end;) {
    const VirtualTime until = std::min(from + draw(with, lengths), end);
    spells.push_back({from, until});
    from = until + draw(without, gaps);
  }
  return spells;
}

}  // namespace

std::int64_t times_within(const schema::Fault& fault, Duration run) {
  if (!fault.has_repeats()) return 1;
  const std::int64_t room = run.ns - duration(fault.at()).ns - duration(fault.lasts()).ns;
  const std::int64_t fit = room < 0 ? 0 : room / duration(fault.repeats().every()).ns + 1;
  return fault.repeats().has_times() ? std::min<std::int64_t>(fit, fault.repeats().times()) : fit;
}

std::vector<Spell> spells_of(const schema::Fault& fault, Duration run, std::uint64_t seed) {
  if (fault.has_when()) return {};
  return fault.has_random() ? random(fault, run, seed) : periodic(fault, run);
}

}  // namespace parallax::scenarios
