#include "reports/delays.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "reports/words.h"

namespace parallax::reports {
namespace {

using Unit = std::pair<std::string_view, double>;
constexpr std::array<Unit, 7> kUnits{
    {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3'600e9}, {"d", 86'400e9}}};

constexpr std::string_view kDigits = "0123456789.";

// Digits and at most one point: enough of a number for a file that was checked before it was run.
std::optional<double> number_of(std::string_view text) {
  double value = 0;
  double place = 0;
  for (const char c : text) {
    if (c == '.') {
      if (place > 0) return std::nullopt;
      place = 1;
      continue;
    }
    value = value * 10 + (c - '0');
    place *= 10;
  }
  return place > 0 ? value / place : value;
}

std::int64_t length_or_zero(std::string_view text) { return length_of(text).value_or(0); }

}  // namespace

std::optional<std::int64_t> length_of(std::string_view text) {
  double sum = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of(kDigits), text.size());
    const std::size_t end = std::min(text.find_first_of(kDigits, digits), text.size());
    const std::string_view name = text.substr(digits, end - digits);
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.first == name; });
    const auto number = number_of(text.substr(0, digits));
    if (digits == 0 || unit == kUnits.end() || !number) return std::nullopt;
    sum += *number * unit->second;
    text.remove_prefix(end);
  }
  return static_cast<std::int64_t>(std::round(std::min(sum, 9e18)));
}

std::string length_in_words(std::string_view text) {
  const auto length = length_of(text);
  return length ? round_clock_words(*length) : std::string(text);
}

std::int64_t typical_ns(const schema::Delay& delay) {
  if (delay.has_uniform()) {
    return (length_or_zero(delay.uniform().least()) + length_or_zero(delay.uniform().greatest())) / 2;
  }
  if (delay.has_lognormal()) return length_or_zero(delay.lognormal().p50());
  if (delay.has_measured()) return length_or_zero(delay.measured().p50());
  const auto& quantiles = delay.empirical().quantiles();
  if (delay.has_empirical() && !quantiles.empty()) return length_or_zero(quantiles[quantiles.size() / 2]);
  return length_or_zero(delay.constant());
}

std::string spread_words(const schema::Delay& delay) {
  if (delay.has_uniform()) {
    return fmt::format("{} to {}, all alike", length_in_words(delay.uniform().least()),
                       length_in_words(delay.uniform().greatest()));
  }
  if (delay.has_lognormal()) return "95\u00A0% within " + length_in_words(delay.lognormal().p95());
  if (delay.has_measured() && delay.measured().p50() != delay.measured().p95()) {
    return "95\u00A0% within " + length_in_words(delay.measured().p95());
  }
  const auto& quantiles = delay.empirical().quantiles();
  if (delay.has_empirical() && !quantiles.empty()) {
    return fmt::format("measured, {} to {}", length_in_words(*quantiles.begin()), length_in_words(*quantiles.rbegin()));
  }
  return "always";
}

}  // namespace parallax::reports
