// Where the regions of round trips are, and the words by which people ask for one of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parallax::scenarios::data {

struct Place {
  std::string_view region;  ///< of AWS: "eu-west-1"
  std::string_view where;   ///< "Ireland"
  std::string_view word;    ///< "eu": the first choice for a part of the world; may be empty
};

std::vector<Place> places();

/// By region, word or where it is, whatever the case of letters.
std::optional<Place> find_place(std::string_view name);

}  // namespace parallax::scenarios::data
