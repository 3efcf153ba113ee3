#include "models/logic/routing/byte_scan.h"

#include <array>
#include <catch2/catch.hpp>

#include "models/logic/routing/segment_text.h"

namespace parallax::logic::routing {
namespace {

constexpr bool is_stop(int byte) { return kind_of(static_cast<char>(byte)) != ByteKind::kPlain; }

// A block of one byte, but for one place that has another: no byte may be missed, and none may disturb its neighbour.
/// How many of these blocks `check` finds wrong.
template <typename Check>
int wrong_blocks(Check&& check) {
  int wrong = 0;
  for (const char filler : {'a', '/', '\0', '\x7f', '\x80', '\xff', '@'}) {
    for (int byte = 0; byte <= 0xff; ++byte) {
      for (std::size_t place = 0; place < kScanBlock; ++place) {
        std::array<char, kScanBlock> block;
        block.fill(filler);
        block[place] = static_cast<char>(byte);
        std::uint64_t stops = 0;
        for (std::size_t i = 0; i < kScanBlock; ++i) stops |= std::uint64_t{is_stop(block[i])} << i;
        if (!check(block, stops)) ++wrong;
      }
    }
  }
  return wrong;
}

TEST_CASE("a block's stops are the bytes that do not mean themselves") {
  CHECK(wrong_blocks([](const auto& block, std::uint64_t stops) { return stops_in_block(block.data()) == stops; }) ==
        0);
}

TEST_CASE("a word's stops are those of the block") {
  const auto wrong = wrong_blocks([](const auto& block, std::uint64_t stops) {
    for (unsigned word = 0; word < kScanBlock / 8; ++word) {
      if (stops_in_word(block.data() + 8 * word) != (stops >> 8 * word & 0xff)) return false;
    }
    return true;
  });
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace parallax::logic::routing
