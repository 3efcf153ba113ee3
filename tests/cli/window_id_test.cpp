#include "cli/window_id.h"

#include <catch2/catch.hpp>

namespace parallax::cli {
namespace {

using Ids = std::vector<std::string>;

TEST_CASE("an id is a seed, a site and an index") {
  const auto id = window_id("18446744073709551615/us/east/7");
  REQUIRE(id);
  CHECK(id->seed == 18446744073709551615U);
  CHECK(id->site == "us/east");
  CHECK(id->index == 7);
  for (const char* text :
       {"", "/", "//", "1/dc", "1//7", "x/dc/7", "1/dc/", "1/dc/x", "-1/dc/7", "1/dc/99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(window_id(text));
  }
}

TEST_CASE("the nearest ids are those of the same seed and site by number") {
  const Ids ids{"1/dc/5", "1/dc/100", "1/eu/41", "1/dc/40", "2/dc/41", "1/dc/43", "1/dc/43"};
  CHECK(nearest_ids("1/dc/41", ids, 3) == Ids{"1/dc/40", "1/dc/43", "1/dc/5"});
  CHECK(nearest_ids("1/dc/41", ids, 9).size() == 6);  // each once
}

TEST_CASE("else the nearest in spelling") {
  const Ids ids{"2/eu/9", "1/dc/41", "1/dc/4"};
  CHECK(nearest_ids("1/dx/41", ids, 1) == Ids{"1/dc/41"});
  CHECK(nearest_ids("1-dc-4", ids, 1) == Ids{"1/dc/4"});
  CHECK(nearest_ids("x", {}, 5).empty());
  CHECK(nearest_ids(std::string(100'000, 'x'), ids, 5).size() == 3);
}

}  // namespace
}  // namespace parallax::cli
