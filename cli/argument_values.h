// Texts of options as values, and what is wrong with those that are none: "" if nothing is, as CLI11 asks of a check.
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parallax::cli {

/// CLI11's own conversion takes "-1" for the greatest number and "010" for eight.
template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  return failed == std::errc{} && stop == end && !text.empty() ? std::optional(number) : std::nullopt;
}

template <typename Number>
CLI::Validator whole() {
  return {[](const std::string& text) {
            return whole_number<Number>(text) ? "" : "found \"" + text + "\", expected a whole number from 0";
          },
          ""};
}

/// From 1.
std::string wrong_event_limit(const std::string& text);
/// A duration above 0.
std::string wrong_time_limit(const std::string& text);
/// A size above 0.
std::string wrong_memory_limit(const std::string& text);
/// From 0, which is one for each core.
std::string wrong_thread_count(const std::string& text);

}  // namespace parallax::cli
