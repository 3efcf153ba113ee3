#include "cli/argument_values.h"

#include "scenarios/units.h"

namespace parallax::cli {
namespace {

// More would only wait for each other.
constexpr unsigned kMostThreads = 1'024;

}  // namespace

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
