#include "reports/comparison/compare_marks.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <regex>

namespace parallax::reports {
namespace {

struct Name {
  double mark_y;  // percent of the plane's height
  double x;       // from its mark, as y
  double y;
  bool is_before;  // its mark
};

std::vector<Name> names_of(const std::string& plane) {
  const std::regex name(R"re(y="([\d.]+)%" overflow[^>]*><[^>]*><text x="(-?\d+)" y="(-?\d+)" class="([a-z ]*)")re");
  std::vector<Name> names;
  for (std::sregex_iterator at(plane.begin(), plane.end(), name), end; at != end; ++at) {
    names.push_back({std::stod((*at)[1]), std::stod((*at)[2]), std::stod((*at)[3]), (*at)[4].str().starts_with("end")});
  }
  return names;
}

TEST_CASE("a name on the right of the plane stands before its mark, and a long one is cut") {
  const std::vector<PlacedDesign> designs{{"left", 0, 1, false}, {std::string(60, 'w'), 10, 0, false}};
  const std::string plane = plane_mark(designs, "x", "y");
  const std::vector<Name> names = names_of(plane);
  REQUIRE(names.size() == 2);
  CHECK_FALSE(names[0].is_before);
  CHECK(names[0].x > 0);
  CHECK(names[1].is_before);
  CHECK(names[1].x < 0);
  CHECK(plane.find("wwww…</text>") != std::string::npos);
}

// The plane is 250 pixels high.
TEST_CASE("names of designs at one place keep apart and inside the frame") {
  std::vector<PlacedDesign> designs;
  for (int i = 0; i < 8; ++i) designs.push_back({fmt::format("design {}", i), 1, 0, false});
  const std::vector<Name> names = names_of(plane_mark(designs, "x", "y"));
  REQUIRE(names.size() == designs.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double y = names[i].mark_y / 100 * 250 + names[i].y;
    CHECK(y < 250);
    CHECK(y > 10);
    for (std::size_t j = 0; j < i; ++j) CHECK(std::abs(names[i].y - names[j].y) >= 15);
  }
}

}  // namespace
}  // namespace parallax::reports
