#include "reports/authoring/list_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/plain_text.h"
#include "scenarios/data/places.h"

namespace parallax::reports {
namespace {

using scenarios::data::RoundTrips;

std::string folder_of(const std::string& name) {
  return name.substr(0, name.find('/') == std::string::npos ? 0 : name.rfind('/'));
}

/// "eu-west-1 (Ireland; --sites eu)".
std::string region_words(const std::string& region) {
  for (const scenarios::data::Place& place : scenarios::data::places()) {
    if (place.region != region) continue;
    return fmt::format("{} ({}{})", region, place.where,
                       place.word.empty() ? "" : "; --sites " + std::string(place.word));
  }
  return region;
}

std::string set_text(const RoundTrips& set) {
  std::string out = fmt::format("{}\n", set.name);
  out += wrapped(
      fmt::format("  {}, {} regions. Measured {}. {}.", set.title, set.regions.size(), set.measured, set.source), 2);
  std::vector<std::string> regions;
  for (const std::string& region : set.regions) regions.push_back(region_words(region));
  return out + wrapped(fmt::format("  {}", fmt::join(regions, ", ")), 2);
}

}  // namespace

std::string list_text(std::span<const ListedScenario> scenarios) {
  std::string out;
  std::string folder;
  for (std::size_t i = 0; i < scenarios.size();) {
    folder = folder_of(scenarios[i].name);
    if (!folder.empty()) out += fmt::format("\n{}/\n", folder);
    Columns columns({1});
    for (; i < scenarios.size() && folder_of(scenarios[i].name) == folder; ++i) {
      columns.row({scenarios[i].name.substr(folder.empty() ? 0 : folder.size() + 1), scenarios[i].title});
    }
    out += columns.text();
  }
  return out;
}

std::string data_text(std::span<const RoundTrips> sets) {
  std::string out;
  for (const RoundTrips& set : sets) out += (out.empty() ? "" : "\n") + set_text(set);
  return out;
}

}  // namespace parallax::reports
