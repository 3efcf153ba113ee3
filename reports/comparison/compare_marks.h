// The small pictures of a comparison, as inline SVG like those of marks.h.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/schema/comparison.pb.h"

namespace parallax::reports {

/// A difference and its interval around "none" in the middle; `greatest` is at either end. Disc: better, diamond:
/// worse, hollow: unclear, small and grey: same. `words` for who does not see it.
std::string difference_mark(const schema::Difference& difference, double greatest, std::string_view words);

/// A tick for each seed's value on an axis from 0 to `greatest`.
std::string seeds_mark(const schema::DesignValues& values, double greatest, std::string_view words);

struct PlacedDesign {
  std::string name;
  double x;
  double y;
  bool is_dominated;
};

/// Designs by two metrics, whose names are plain text, less of both to the lower left; both axes from 0.
std::string plane_mark(std::span<const PlacedDesign> designs, std::string_view x_words, std::string_view y_words);

}  // namespace parallax::reports
