#include "cli/argument_values.h"

#include "scenarios/units.h"

namespace parallax::cli {
namespace {

constexpr std::uint32_t kSeedsMax = 100'000;  // as `seeds` of a scenario

// More would only wait for each other.
constexpr unsigned kMostThreads = 1'024;

}  // namespace

std::optional<std::uint32_t> seed_count(std::string_view text) {
  if (text == "quick") return 30;
  if (text == "standard") return 300;
  if (text == "deep") return 3'000;
  const auto count = whole_number<std::uint32_t>(text);
  const bool valid = count && *count >= 1 && *count <= kSeedsMax;
  return valid ? count : std::nullopt;
}

std::string wrong_seed_count(const std::string& text) {
  return seed_count(text) ? "" : "found \"" + text + "\", expected 1 to 100000, quick, standard or deep";
}

std::string wrong_event_limit(const std::string& text) {
  const auto events = whole_number<std::uint64_t>(text);
  return events && *events > 0 ? "" : "found \"" + text + "\", expected a whole number from 1";
}

std::string wrong_time_limit(const std::string& text) {
  const auto time = scenarios::parse_duration(text);
  if (!time.value) return "found " + time.error;
  return time.value->ns > 0 ? "" : "found \"" + text + "\", expected more than no time";
}

std::string wrong_memory_limit(const std::string& text) {
  const auto memory = scenarios::parse_bytes(text);
  if (!memory.value) return "found " + memory.error;
  return *memory.value > 0 ? "" : "found \"" + text + "\", expected more than nothing";
}

std::string wrong_thread_count(const std::string& text) {
  const auto count = whole_number<unsigned>(text);
  return count && *count <= kMostThreads ? "" : "found \"" + text + "\", expected a whole number from 0 to 1024";
}

}  // namespace parallax::cli
