#include "scenarios/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

// A count of 63 bits times a unit of 47 bits, and the cross products of two rates, need more than 64.
__extension__ using Wide = __int128;

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

constexpr std::array kUnits{Unit{"d", 86'400'000'000'000},
                            Unit{"h", 3'600'000'000'000},
                            Unit{"m", 60'000'000'000},
                            Unit{"s", 1'000'000'000},
                            Unit{"ms", 1'000'000},
                            Unit{"us", 1'000},
                            Unit{"ns", 1}};
struct ByteUnit {
  std::string_view name;
  std::uint64_t bytes;
  bool is_binary;
};

constexpr std::array kByteUnits{ByteUnit{"GiB", 1ULL << 30, true},    ByteUnit{"MiB", 1ULL << 20, true},
                                ByteUnit{"KiB", 1ULL << 10, true},    ByteUnit{"B", 1, true},
                                ByteUnit{"GB", 1'000'000'000, false}, ByteUnit{"MB", 1'000'000, false},
                                ByteUnit{"kB", 1'000, false}};

constexpr std::size_t kPlacesMax = 18;  // 10^18 is the greatest power of ten in 63 bits
constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

constexpr std::string_view kDurationHelp = "expected a duration with a unit, like \"40ms\", \"15m\" or \"1h30m\"";
constexpr std::string_view kBytesHelp = "expected an amount of memory with a unit, like \"512MiB\" or \"2GB\"";
constexpr std::string_view kRateHelp = "expected a rate, like \"200/s\", \"20/m\" or \"0.5/s\"";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <typename T>
Parsed<T> failure(std::string_view text, std::string_view what, std::string_view help) {
  return {std::nullopt, fmt::format("{} {}; {}", quoted(text), what, help)};
}

/// A decimal number: digits / 10^places, without trailing zeros after the point.
struct Decimal {
  std::int64_t digits{0};
  int places{0};
};

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// Appends one digit. Returns false if the number does not fit.
bool append_digit(Decimal& number, char digit) {
  return !__builtin_mul_overflow(number.digits, std::int64_t{10}, &number.digits) &&
         !__builtin_add_overflow(number.digits, std::int64_t{digit - '0'}, &number.digits);
}

enum class Reading { good, no_number, too_great };

/// Takes "12" or "12.5" from the front of `rest`.
Reading take_decimal(std::string_view& rest, Decimal& number) {
  std::size_t end = 0;
  while (end < rest.size() && is_digit(rest[end])) ++end;
  std::string_view fraction;
  const std::string_view whole = rest.substr(0, end);
  if (end < rest.size() && rest[end] == '.') {
    const std::size_t start = ++end;
    while (end < rest.size() && is_digit(rest[end])) ++end;
    fraction = rest.substr(start, end - start);
    if (fraction.empty()) return Reading::no_number;
  }
  if (whole.empty()) return Reading::no_number;
  rest.remove_prefix(end);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  if (fraction.size() > kPlacesMax) return Reading::too_great;
  number.places = static_cast<int>(fraction.size());
  for (const std::string_view part : {whole, fraction}) {
    for (const char digit : part) {
      if (!append_digit(number, digit)) return Reading::too_great;
    }
  }
  return Reading::good;
}

const Unit* find_unit(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

std::string unknown_unit(std::string_view name) {
  std::vector<std::string> names;
  for (const Unit& unit : kUnits) names.emplace_back(unit.name);
  return fmt::format("has an unknown unit {}{}", quoted(name), suggestion(name, "units", names));
}

/// Everything up to the next digit: what stands where a unit should.
std::string_view take_unit(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && !is_digit(rest[end])) ++end;
  const std::string_view name = rest.substr(0, end);
  rest.remove_prefix(end);
  return name;
}

Parsed<sim::Duration> parse_length(std::string_view text, std::string_view rest) {
  const auto fail = [text](std::string_view what) { return failure<sim::Duration>(text, what, kDurationHelp); };
  Wide total = 0;
  std::int64_t previous = kGreatest;
  while (!rest.empty()) {
    Decimal number;
    const Reading reading = take_decimal(rest, number);
    if (reading == Reading::no_number) return fail("is not a duration");
    if (reading == Reading::too_great) return fail("has too many digits");
    const std::string_view name = take_unit(rest);
    if (name.empty()) return fail("has no unit");
    const Unit* unit = find_unit(name);
    if (unit == nullptr) return fail(unknown_unit(name));
    if (unit->ns >= previous) return fail("does not go from greater to smaller units");
    previous = unit->ns;
    const Wide scaled = Wide{number.digits} * unit->ns;
    const std::int64_t divisor = power_of_ten(number.places);
    if (scaled % divisor != 0) return fail("is finer than 1ns");
    total += scaled / divisor;
    if (total > kGreatest) return fail("is too long (292 years is the most)");
  }
  return {sim::Duration{static_cast<std::int64_t>(total)}, {}};
}

/// `count` per `per`, multiplied up until the count is whole.
Parsed<Rate> scaled_rate(std::string_view text, Decimal count, sim::Duration per) {
  const std::int64_t divisor = power_of_ten(count.places);
  const std::int64_t common = std::gcd(count.digits, divisor);
  const Wide length = Wide{per.ns} * (divisor / common);
  if (length > kGreatest) return failure<Rate>(text, "is too fine a fraction", kRateHelp);
  return {Rate{count.digits / common, sim::Duration{static_cast<std::int64_t>(length)}}, {}};
}

/// The number of units as a decimal; empty if no finite one of at most nine places is exact.
std::string in_unit(std::int64_t ns, const Unit& unit) {
  constexpr int kShownPlacesMax = 9;
  std::int64_t remainder = ns % unit.ns;
  std::string text = std::to_string(ns / unit.ns);
  for (int place = 0; remainder != 0; ++place) {
    if (place == kShownPlacesMax) return {};
    if (place == 0) text += '.';
    remainder *= 10;
    text += static_cast<char>('0' + remainder / unit.ns);
    remainder %= unit.ns;
  }
  return text + std::string(unit.name);
}

/// Whole numbers of each unit, from great to small: "1h30m".
std::string in_parts(std::int64_t ns) {
  std::string text;
  for (const Unit& unit : kUnits) {
    if (ns >= unit.ns) text += std::to_string(ns / unit.ns) + std::string(unit.name);
    ns %= unit.ns;
  }
  return text;
}

}  // namespace

std::weak_ordering compare(const Rate& a, const Rate& b) {
  const Wide left = Wide{a.count} * b.per.ns;
  const Wide right = Wide{b.count} * a.per.ns;
  if (left == right) return std::weak_ordering::equivalent;
  return left < right ? std::weak_ordering::less : std::weak_ordering::greater;
}

Parsed<sim::Duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  if (rest.empty()) return failure<sim::Duration>(text, text.empty() ? "is empty" : "is not a duration", kDurationHelp);
  Parsed<sim::Duration> length = parse_length(text, rest);
  if (negative && length.value) length.value->ns = -length.value->ns;
  return length;
}

Parsed<std::uint64_t> parse_bytes(std::string_view text) {
  const auto fail = [text](std::string_view what) { return failure<std::uint64_t>(text, what, kBytesHelp); };
  std::uint64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed == std::errc::invalid_argument) return fail("is not an amount of memory");
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  if (name.empty()) return fail("has no unit");
  const auto unit = std::find_if(kByteUnits.begin(), kByteUnits.end(), [&](const auto& u) { return u.name == name; });
  if (unit == kByteUnits.end()) return fail("has an unknown unit " + quoted(name));
  std::uint64_t bytes = 0;
  if (failed != std::errc{} || __builtin_mul_overflow(count, unit->bytes, &bytes)) return fail("is too much");
  return {bytes, {}};
}

std::string format_bytes(std::uint64_t bytes) {
  for (const ByteUnit& unit : kByteUnits) {
    if (unit.is_binary && bytes % unit.bytes == 0) return std::to_string(bytes / unit.bytes) + std::string(unit.name);
  }
  return std::to_string(bytes) + "B";
}

Parsed<Rate> parse_rate(std::string_view text) {
  const auto fail = [text](std::string_view what) { return failure<Rate>(text, what, kRateHelp); };
  if (text.empty()) return fail("is empty");
  std::string_view rest = text;
  Decimal count;
  const Reading reading = take_decimal(rest, count);
  if (reading == Reading::too_great) return fail("has too many digits");
  if (reading == Reading::no_number) return fail(text.starts_with('-') ? "is negative" : "is not a rate");
  if (rest.empty()) return fail("has no unit of time");
  if (!rest.starts_with('/')) return fail("is not a rate");
  rest.remove_prefix(1);
  if (rest.empty()) return fail("has no unit of time");
  if (!is_digit(rest.front())) {
    const Unit* unit = find_unit(rest);
    return unit == nullptr ? fail(unknown_unit(rest)) : scaled_rate(text, count, sim::Duration{unit->ns});
  }
  const Parsed<sim::Duration> per = parse_length(text, rest);
  if (!per.value) return {std::nullopt, per.error};
  if (per.value->ns == 0) return fail("is per no time at all");
  return scaled_rate(text, count, *per.value);
}

Parsed<double> parse_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value);
  if (text.empty() || failed != std::errc{} || stop != end || !std::isfinite(value)) {
    return failure<double>(text, "is not a number", "expected a plain number, like \"0\" or \"0.25\"");
  }
  return {value, {}};
}

std::string format_duration(sim::Duration duration) {
  if (duration.ns == 0) return "0s";
  if (duration.ns < 0) return "-" + format_duration({-duration.ns});
  std::string shortest = in_parts(duration.ns);
  for (const Unit& unit : kUnits) {
    const std::string text = in_unit(duration.ns, unit);
    const bool whole = text.find('.') == std::string::npos;
    const bool shorter = text.size() < shortest.size() || (text.size() == shortest.size() && whole);
    if (!text.empty() && shorter) shortest = text;
  }
  return shortest;
}

}  // namespace parallax::scenarios
