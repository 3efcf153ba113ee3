#include "reports/text_width.h"

#include <catch2/catch.hpp>

#include "reports/utf8.h"

namespace parallax::reports {
namespace {

// Advances of DejaVu Sans Condensed and of Arial in units of their size, the wider of both: i 0.25, a 0.56, W 0.94,
// an ideograph 1, a picture 1.33.
TEST_CASE("letters are taken to be at least as wide as those of the page's fonts") {
  CHECK(text_width("i", 100) >= 25);
  CHECK(text_width("a", 100) >= 56);
  CHECK(text_width("W", 100) >= 94);
  CHECK(text_width("\u4E2D", 100) >= 100);
  CHECK(text_width("\U0001F600", 100) >= 133);
  CHECK(text_width("", 13) == 0);
  CHECK(text_width("ab", 13) == Approx(text_width("a", 13) + text_width("b", 13)));
}

TEST_CASE("what is fitted keeps its width, whatever its letters") {
  for (const char* name : {"us-east", "WWWWWWWWWWWWWWWWWWWWWW", "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
                           "\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600",
                           "Donaudampfschifffahrtsgesellschaft"}) {
    INFO(name);
    const std::string text = fitted(name, 100, 13);
    CHECK(text_width(text, 13) <= 100);
    CHECK((text == name || text.ends_with("…")));
  }
  CHECK(fitted("us-east", 100, 13) == "us-east");
  CHECK(fitted("WW", 1, 13) == "W…");  // never nothing
  CHECK(well_formed(fitted("\xF0\x9F broken", 200, 13)) == fitted("\xF0\x9F broken", 200, 13));
}

}  // namespace
}  // namespace parallax::reports
