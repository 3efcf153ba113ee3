#include "scenarios/compile_clients.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/checked_text.h"

namespace parallax::scenarios {

steering::BackoffSpec backoff_spec(const schema::Population& population) {
  const sim::Duration first = duration(population.backoff());
  return {first, population.backoff_factor(), std::max(first, duration(population.greatest_backoff())),
          word<steering::Jitter>(jitter_words(), population.jitter())};
}

std::optional<steering::DaySpec> day_spec(const schema::Population& population) {
  if (!population.has_day()) return std::nullopt;
  const schema::Day& day = population.day();
  return steering::DaySpec{sim::VirtualTime{} + duration(day.peak_at()), day.least_share(), duration(day.period())};
}

// An integer once and for all, here: 2^53 holds every product that checking lets pass, and halves are rounded up.
std::optional<steering::TraceSpec> trace_spec(const schema::Population& population) {
  if (!population.has_trace()) return std::nullopt;
  const schema::Trace& trace = population.trace();
  steering::TraceSpec spec{duration(trace.bucket()), {}};
  for (const std::uint32_t count : trace.counts()) {
    spec.counts.push_back(static_cast<std::uint32_t>(std::floor(count * trace.factor() + 0.5)));
  }
  return spec;
}

std::span<const std::string> jitter_words() {
  static const std::array<std::string, 3> words{"none", "full", "equal"};
  return words;
}

std::span<const std::string> arrival_words() {
  static const std::array<std::string, 2> words{"poisson", "regular"};
  return words;
}

std::span<const std::string> kind_words() {
  static const std::array<std::string, 4> words{"api", "token", "portal", "publisher"};
  return words;
}

}  // namespace parallax::scenarios
