#include "reports/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numeric>
#include <utility>

namespace parallax::reports {
namespace {

constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

enum class Tail { kKeep, kDropZero };

// Requires: value >= 0.
std::int64_t rounded(std::int64_t value, std::int64_t unit) {
  return value / unit + (value % unit * 2 >= unit ? 1 : 0);
}

// "1.9 ms" under ten, "31 ms" from there; ".0" is dropped.
std::string short_words(std::int64_t ns, std::int64_t unit, std::string_view name) {
  const std::int64_t tenths = rounded(ns, unit / 10);
  if (tenths >= 100) return fmt::format("{}\u00A0{}", rounded(ns, unit), name);
  if (tenths % 10 == 0) return fmt::format("{}\u00A0{}", tenths / 10, name);
  return fmt::format("{}.{}\u00A0{}", tenths / 10, tenths % 10, name);
}

std::string two_part_words(std::int64_t count, std::int64_t base, std::string_view great, std::string_view small,
                           Tail tail) {
  if (tail == Tail::kDropZero && count % base == 0) return fmt::format("{}\u00A0{}", count / base, great);
  return fmt::format("{}\u00A0{}\u00A0{:02}\u00A0{}", count / base, great, count % base, small);
}

// Each limit is half a step of the coarser format below it, so that rounding never prints "60 s" or "1000 ms".
std::string length_words(std::int64_t ns, Tail tail) {
  if (ns == 0) return "0\u00A0s";
  if (ns < kMicrosecond) return fmt::format("{}\u00A0ns", ns);
  if (ns < kMillisecond - kMicrosecond / 2) return short_words(ns, kMicrosecond, "µs");
  if (ns < kSecond - kMillisecond / 2) return short_words(ns, kMillisecond, "ms");
  if (ns < kMinute - kSecond / 2) return short_words(ns, kSecond, "s");
  if (ns < kHour - kSecond / 2) return two_part_words(rounded(ns, kSecond), 60, "min", "s", tail);
  if (ns < 2 * kDay - kMinute / 2) return two_part_words(rounded(ns, kMinute), 60, "h", "min", tail);
  return two_part_words(rounded(ns, kHour), 24, "d", "h", tail);
}

std::string signed_words(std::int64_t ns, Tail tail) {
  if (ns >= 0) return length_words(ns, tail);
  return "\u2212" + length_words(ns == INT64_MIN ? INT64_MAX : -ns, tail);
}

// The step in which length_words counts a length of this size.
std::int64_t step_of(std::int64_t ns) {
  if (ns >= 2 * kDay) return kHour;
  if (ns >= kHour) return kMinute;
  if (ns >= 10 * kSecond) return kSecond;
  if (ns >= kSecond) return kSecond / 10;
  if (ns >= 10 * kMillisecond) return kMillisecond;
  return 1;
}

std::string trimmed_decimals(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// Of nearly all the nines matter: it is never rounded up to the whole.
std::string nearly_all(double percent) {
  double step = 1;
  for (int decimals = 1; decimals <= 3; ++decimals) {
    step /= 10;
    if (100 - percent < step) continue;
    return fmt::format("{:.{}f}\u00A0%", std::floor(percent / step + 1e-6) * step, decimals);
  }
  return "over\u00A099.999\u00A0%";
}

}  // namespace

std::string clock_words(std::int64_t ns) { return signed_words(ns, Tail::kKeep); }
std::string round_clock_words(std::int64_t ns) { return signed_words(ns, Tail::kDropZero); }

// Largest remainder: each part is cut to whole steps, and the steps that are missing to the rounded whole go to the
// parts that lost most. A part under one step keeps its own words; it is too small to disturb the sum.
std::vector<std::string> parts_in_words(std::span<const std::int64_t> parts_ns, std::int64_t whole_ns) {
  const std::int64_t step = step_of(whole_ns);
  std::vector<std::int64_t> steps;
  std::vector<std::size_t> by_remainder;
  for (std::size_t i = 0; i < parts_ns.size(); ++i) {
    steps.push_back(parts_ns[i] / step);
    if (steps[i] > 0) by_remainder.push_back(i);
  }
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&](std::size_t a, std::size_t b) { return parts_ns[a] % step > parts_ns[b] % step; });
  std::int64_t missing = rounded(whole_ns, step) - std::accumulate(steps.begin(), steps.end(), std::int64_t{0});
  for (const std::size_t i : by_remainder) {
    if (missing-- <= 0) break;
    ++steps[i];
  }
  std::vector<std::string> words;
  for (std::size_t i = 0; i < parts_ns.size(); ++i) {
    words.push_back(round_clock_words(parts_ns[i] < step ? parts_ns[i] : steps[i] * step));
  }
  return words;
}

std::string count_words(std::uint64_t count) {
  const std::string digits = fmt::to_string(count);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += "\u202F";
    out += digits[i];
  }
  return out;
}

std::string large_count_words(std::uint64_t count) {
  if (count < 1'000'000) return count_words(count);
  // The limit is half a hundredth under a billion, so that rounding never prints "1000 million".
  const auto [unit, name] = count < 999'995'000 ? std::pair{std::uint64_t{1'000'000}, "million"}
                                                : std::pair{std::uint64_t{1'000'000'000}, "billion"};
  const std::uint64_t step = unit / 100;
  const std::uint64_t hundredths = count / step + (count % step * 2 >= step ? 1 : 0);
  return trimmed_decimals(static_cast<double>(hundredths) / 100) + "\u00A0" + name;
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{}\u00A0{}", count_words(count), count == 1 ? one : many);
}

std::string ratio_words(double ratio) { return trimmed_decimals(ratio) + "×"; }

std::string percent_words(double share) {
  const double percent = share * 100;
  if (percent >= 99 && percent < 100) return nearly_all(percent);
  if (percent > 0 && percent < 0.1) return "under\u00A00.1\u00A0%";
  if (percent >= 10 || percent == std::floor(percent)) return fmt::format("{:.0f}\u00A0%", percent);
  return fmt::format("{:.1f}\u00A0%", percent);
}

std::string number_words(double value) {
  if (value >= 0 && value < 1e18 && value == std::floor(value)) return count_words(static_cast<std::uint64_t>(value));
  if (value < 0) return "\u2212" + number_words(-value);
  if (value >= 100) return count_words(static_cast<std::uint64_t>(std::min(value + 0.5, 1e18)));
  return trimmed_decimals(value);
}

std::string spelled_length(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t number = text.find_first_not_of("0123456789.", i);
    if (number == i || number == std::string_view::npos) return std::string(text);
    const std::size_t unit = std::min(text.find_first_of("0123456789.", number), text.size());
    const std::string_view name = text.substr(number, unit - number);
    constexpr std::array<std::string_view, 7> kUnits{"ns", "us", "ms", "s", "m", "h", "d"};
    if (std::find(kUnits.begin(), kUnits.end(), name) == kUnits.end()) return std::string(text);
    out += fmt::format("{}{}\u00A0{}", out.empty() ? "" : "\u00A0", text.substr(i, number - i),
                       name == "m"    ? "min"
                       : name == "us" ? "µs"
                                      : name);
    i = unit;
  }
  return out;
}

std::string joined(std::span<const std::string> items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " and " : ", ";
    out += items[i];
  }
  return out;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string plain(std::string_view words) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kPlain{{{"\u00A0", " "},
                                                                                        {"\u202F", ""},
                                                                                        {"\u2212", "-"},
                                                                                        {"×", "x"},
                                                                                        {"≥", ">="},
                                                                                        {"µ", "u"},
                                                                                        {"’", "'"},
                                                                                        {"“", "\""},
                                                                                        {"”", "\""}}};
  std::string out;
  while (!words.empty()) {
    const auto match = std::find_if(kPlain.begin(), kPlain.end(), [&](auto& p) { return words.starts_with(p.first); });
    const std::size_t length = match == kPlain.end() ? 1 : match->first.size();
    out += match == kPlain.end() ? words.substr(0, 1) : match->second;
    words.remove_prefix(length);
  }
  return out;
}

}  // namespace parallax::reports
