#include "models/logic/caches/slot_index.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <utility>
#include <vector>

#include "tests/support/checked_property.h"

namespace parallax::logic::caches {
namespace {

SlotId found(const SlotIndex& index, std::uint32_t hash, SlotId wanted) {
  return index.find(hash, [&](SlotId slot) { return slot == wanted; });
}

TEST_CASE("an empty index finds nothing") { CHECK(found(SlotIndex{}, 7, SlotId{0}) == kNoSlot); }

// 16 places at first: hashes 14, 14, 30 and 15 all want the last two, so the probe goes round the end.
TEST_CASE("a probe goes round the end of the table, and a hole in it is closed") {
  SlotIndex index;
  const std::vector<std::pair<std::uint32_t, SlotId>> entries{
      {14, SlotId{1}}, {14, SlotId{2}}, {30, SlotId{3}}, {15, SlotId{4}}};
  for (const auto& [hash, slot] : entries) index.insert(hash, slot);
  index.erase(14, SlotId{1});
  CHECK(found(index, 14, SlotId{1}) == kNoSlot);
  for (const auto& [hash, slot] : entries) {
    if (slot != SlotId{1}) CHECK(found(index, hash, slot) == slot);
  }
  CHECK(index.size() == 3);
}

TEST_CASE("an equal hash is not enough") {
  SlotIndex index;
  index.insert(5, SlotId{1});
  index.insert(5, SlotId{2});
  CHECK(found(index, 5, SlotId{2}) == SlotId{2});
  CHECK(found(index, 5, SlotId{3}) == kNoSlot);
  index.replace(5, SlotId{2}, SlotId{3});
  CHECK(found(index, 5, SlotId{2}) == kNoSlot);
  CHECK(found(index, 5, SlotId{3}) == SlotId{3});
}

// Hashes of few bits, so that nearly all collide or stand in each other's way.
TEST_CASE("the index agrees with a map under any operations") {
  parallax::testing::check("slot index", 300, [] {
    const auto bits = parallax::testing::pick<std::uint32_t>(1, 7);
    const auto spread = *rc::gen::element<std::uint32_t>(1U, 0x0400'0000U, 0xffff'ffffU / 61);
    SlotIndex index;
    std::map<SlotId, std::uint32_t> model;
    for (std::uint32_t step = 0; step < 200; ++step) {
      const auto slot = static_cast<SlotId>(parallax::testing::pick<std::uint32_t>(0, 60));
      if (const auto there = model.find(slot); there != model.end()) {
        index.erase(there->second, slot);
        model.erase(there);
      } else {
        const std::uint32_t hash = parallax::testing::pick<std::uint32_t>(0, 1U << bits) * spread;
        index.insert(hash, slot);
        model.emplace(slot, hash);
      }
      RC_ASSERT(index.size() == model.size());
      for (const auto& [there, hash] : model) RC_ASSERT(found(index, hash, there) == there);
    }
  });
}

}  // namespace
}  // namespace parallax::logic::caches
