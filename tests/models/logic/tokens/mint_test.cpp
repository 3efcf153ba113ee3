#include "models/logic/tokens/mint.h"

#include <catch2/catch.hpp>

namespace parallax::logic::tokens {
namespace {

class Counting final : public RandomBytes {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = next_ = static_cast<std::uint8_t>(next_ + 0x11);
  }

 private:
  std::uint8_t next_{0xee};
};

// 0xee + 0x11 = 0xff, then 0x10, 0x21 ... by 0x11 modulo 256, 16 bytes.
TEST_CASE("a text is all of its 128 random bits, as digits") {
  Counting random;
  CHECK(mint(random).view() == "ff102132435465768798a9bacbdcedfe");
  CHECK(mint(random).view() != "ff102132435465768798a9bacbdcedfe");
}

}  // namespace
}  // namespace parallax::logic::tokens
