#include "cli/window_id.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "scenarios/wording.h"

namespace parallax::cli {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = !text.empty() && failed == std::errc{} && stop == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

// Nobody types a longer one; the distance costs the product of the lengths.
constexpr std::size_t kComparedBytes = 80;

struct Distance {
  bool is_elsewhere;     // another seed or site
  std::uint64_t places;  // between the indices
  std::size_t letters;   // to be changed
  auto operator<=>(const Distance&) const = default;
};

Distance distance(std::string_view text, const std::optional<WindowId>& wanted, std::string_view candidate) {
  const auto id = window_id(candidate);
  if (wanted && id && wanted->seed == id->seed && wanted->site == id->site) {
    return {false, std::max(wanted->index, id->index) - std::min(wanted->index, id->index), 0};
  }
  return {true, 0, scenarios::edit_distance(text.substr(0, kComparedBytes), candidate.substr(0, kComparedBytes))};
}

}  // namespace

std::optional<WindowId> window_id(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t last = text.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto seed = number(text.substr(0, first));
  const auto index = number(text.substr(last + 1));
  const std::string_view site = text.substr(first + 1, last - first - 1);
  if (!seed || !index || site.empty()) return std::nullopt;
  return WindowId{*seed, site, *index};
}

std::vector<std::string> nearest_ids(std::string_view text, std::vector<std::string> ids, std::size_t count) {
  const auto wanted = window_id(text);
  std::vector<std::pair<Distance, std::string>> ranked;
  for (std::string& id : ids) {
    const Distance far = distance(text, wanted, id);
    ranked.emplace_back(far, std::move(id));
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (auto& [far, id] : ranked) {
    if (nearest.size() == count) break;
    if (std::find(nearest.begin(), nearest.end(), id) == nearest.end()) nearest.push_back(std::move(id));
  }
  return nearest;
}

}  // namespace parallax::cli
