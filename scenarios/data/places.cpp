#include "scenarios/data/places.h"

#include <algorithm>

#include "scenarios/lower.h"

namespace parallax::scenarios::data {

// AWS documentation, Regions and Availability Zones: the names of the regions that were measured in June 2020.
std::vector<Place> places() {
  return {{"us-east-1", "Virginia", "us"},
          {"us-east-2", "Ohio", ""},
          {"us-west-1", "California", ""},
          {"us-west-2", "Oregon", "us-west"},
          {"ca-central-1", "Montreal", "canada"},
          {"sa-east-1", "Sao Paulo", "south-america"},
          {"eu-west-1", "Ireland", "eu"},
          {"eu-west-2", "London", "uk"},
          {"eu-west-3", "Paris", "france"},
          {"eu-central-1", "Frankfurt", "germany"},
          {"eu-north-1", "Stockholm", "sweden"},
          {"eu-south-1", "Milan", "italy"},
          {"me-south-1", "Bahrain", "gulf"},
          {"af-south-1", "Cape Town", "africa"},
          {"ap-south-1", "Mumbai", "india"},
          {"ap-southeast-1", "Singapore", "asia"},
          {"ap-southeast-2", "Sydney", "australia"},
          {"ap-east-1", "Hong Kong", ""},
          {"ap-northeast-1", "Tokyo", "japan"}};
}

std::optional<Place> find_place(std::string_view name) {
  const std::string asked = lower(name);
  if (asked.empty()) return std::nullopt;
  if (asked == "europe") return find_place("eu");
  if (asked == "america" || asked == "us-east") return find_place("us");
  const std::vector<Place> all = places();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Place& place) {
    return asked == place.region || asked == place.word || asked == lower(place.where);
  });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace parallax::scenarios::data
