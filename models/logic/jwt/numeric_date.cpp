#include "models/logic/jwt/numeric_date.h"

#include <algorithm>
#include <cstdint>

namespace parallax::logic::jwt {

namespace {

constexpr std::int64_t kNanosecondDigits = 9;
constexpr std::int64_t kLongestExponent = 1'000'000;  // far beyond any instant, and safe to add
constexpr std::int64_t kMostDigits = 19;              // 10^19 - 1 fits into 64 bits without a sign

// A number is 0.d1d2d3... times ten to the power `point`, the digits being those of `whole`, then of `fraction`.
struct Decimal {
  bool negative{false};
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent{0};

  std::int64_t digits() const { return static_cast<std::int64_t>(whole.size() + fraction.size()); }
  int digit(std::int64_t i) const {
    const auto at = static_cast<std::size_t>(i);
    if (at < whole.size()) return whole[at] - '0';
    return at - whole.size() < fraction.size() ? fraction[at - whole.size()] - '0' : 0;
  }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::int64_t take_exponent(std::string_view& text) {
  const bool negative = take(text, "-");
  if (!negative) take(text, "+");
  std::int64_t exponent = 0;
  for (const char c : take_digits(text)) exponent = std::min(kLongestExponent, exponent * 10 + (c - '0'));
  return negative ? -exponent : exponent;
}

Decimal decimal(std::string_view text) {
  Decimal decimal;
  decimal.negative = take(text, "-");
  decimal.whole = take_digits(text);
  if (take(text, ".")) decimal.fraction = take_digits(text);
  if (take(text, "eE")) decimal.exponent = take_exponent(text);
  return decimal;
}

}  // namespace

sim::VirtualTime numeric_date(std::string_view number) {
  const Decimal value = decimal(number);
  std::int64_t first = 0;
  while (first < value.digits() && value.digit(first) == 0) ++first;
  if (first == value.digits()) return {};
  const std::int64_t end = static_cast<std::int64_t>(value.whole.size()) + value.exponent + kNanosecondDigits;
  if (end - first > kMostDigits) return value.negative ? kAlways : sim::kNever;
  std::uint64_t ns = 0;
  for (std::int64_t i = first; i < end; ++i) ns = ns * 10 + static_cast<std::uint64_t>(value.digit(i));
  if (ns > static_cast<std::uint64_t>(sim::kNever.ns)) return value.negative ? kAlways : sim::kNever;
  return {value.negative ? -static_cast<std::int64_t>(ns) : static_cast<std::int64_t>(ns)};
}

std::string to_numeric_date(sim::VirtualTime instant) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto bits = static_cast<std::uint64_t>(instant.ns);
  const std::uint64_t ns = instant.ns < 0 ? 0 - bits : bits;
  std::string text = (instant.ns < 0 ? "-" : "") + std::to_string(ns / kSecond);
  if (ns % kSecond == 0) return text;
  const std::string fraction = std::to_string(kSecond + ns % kSecond);  // a leading 1 keeps the zeros behind it
  return text + "." + fraction.substr(1, fraction.find_last_not_of('0'));
}

}  // namespace parallax::logic::jwt
