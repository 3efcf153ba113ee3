#include "models/logic/routing/edge_table.h"

#include <catch2/catch.hpp>
#include <map>
#include <utility>
#include <vector>

#include "tests/support/checked_property.h"

namespace parallax::logic::routing {
namespace {

using testing::check;
using testing::pick;

std::uint32_t find(const EdgeTable& table, std::uint32_t parent, std::uint32_t hash) {
  return table.find(parent, hash, [](std::uint32_t) { return true; });
}

TEST_CASE("two children under one hash are told apart by who asks") {
  EdgeTable table;
  table.insert(0, 7, 1);
  table.insert(0, 7, 2);
  CHECK(table.find(0, 7, [](std::uint32_t child) { return child == 2; }) == 2);
  CHECK(table.find(0, 7, [](std::uint32_t) { return false; }) == EdgeTable::kNone);
  table.erase(0, 7, 1);
  CHECK(find(table, 0, 7) == 2);
}

TEST_CASE("the edge table agrees with a map, also where hashes crowd") {
  check("edge table", 200, [] {
    EdgeTable table;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> edges;
    const std::uint32_t spread = pick<std::uint32_t>(1, 3) == 1 ? 1 : 0x0800'0000;  // 1: all hashes share a home
    for (std::uint32_t child = 0, steps = pick<std::uint32_t>(1, 200); child < steps; ++child) {
      const std::pair key{pick<std::uint32_t>(0, 4), pick<std::uint32_t>(0, 32) * spread};
      const auto found = edges.find(key);
      if (found != edges.end()) {
        table.erase(key.first, key.second, found->second);
        edges.erase(found);
      } else {
        table.insert(key.first, key.second, child);
        edges.emplace(key, child);
      }
      RC_ASSERT(table.size() == edges.size());
      for (std::uint32_t parent = 0; parent < 4; ++parent) {
        for (std::uint32_t hash = 0; hash < 32; ++hash) {
          const auto there = edges.find({parent, hash * spread});
          const std::uint32_t expected = there == edges.end() ? EdgeTable::kNone : there->second;
          RC_ASSERT(find(table, parent, hash * spread) == expected);
        }
      }
    }
  });
}

}  // namespace
}  // namespace parallax::logic::routing
