// Issuer nodes on one table, their steps in any order: what holds whatever the order.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <tuple>

#include "models/logic/tokens/memory_token_table.h"
#include "tests/models/logic/tokens/issuing.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::tokens {
namespace {

using domain::SiteId;
using domain::TokenId;
using parallax::testing::pick;
using testing::as_in_7901;
using testing::at;
using testing::Node;
using testing::request;

constexpr IssuingRules kFixed;

// Several requests of two owners on up to three nodes, their steps in any order, and time that goes on between them.
struct Crowd {
  MemoryTokenTable table;
  std::vector<Node> nodes;
  std::vector<TokenType> asked;
  std::vector<std::uint32_t> owners;
  std::int64_t second{0};

  explicit Crowd(DataCenterInKey in_key) : table{in_key} {}

  void add(const IssuingRules& rules, TokenType type, DataCenterInKey in_key) {
    IssueRequest one = request(type, static_cast<std::uint32_t>(nodes.size()));
    owners.push_back(pick(0U, 2U));
    one.key.client = domain::ClientId{owners.back()};
    if (in_key == DataCenterInKey::kYes) one.data_center = SiteId{static_cast<std::uint16_t>(pick(0, 2))};
    asked.push_back(type);
    nodes.emplace_back(rules, one);
  }
  bool is_done() const {
    for (const Node& node : nodes) {
      if (!node.is_done()) return false;
    }
    return true;
  }
  // Up to `second_max`; no client waits for ever.
  void step(std::int64_t second_max) {
    if (second < second_max && pick(0, 4) == 0) second += pick(1, 900);
    nodes[pick<std::size_t>(0, nodes.size())].step(table, at(second));
  }
};

void at_most_one_active(const Crowd& crowd, DataCenterInKey in_key) {
  std::set<std::tuple<TokenKey, SiteId>> seen;
  for (std::uint32_t id = 0; id < crowd.nodes.size(); ++id) {
    const auto row = crowd.table.find(TokenId{id});
    if (!row || row->state != TokenState::kActive) continue;
    RC_ASSERT(seen.emplace(row->key, in_key == DataCenterInKey::kYes ? row->data_center : SiteId{}).second);
  }
}

TEST_CASE("at any time there is at most one ACTIVE row for each unique key, and every sequence of steps ends") {
  parallax::testing::check("one active row", 300, [] {
    const auto in_key = pick(0, 2) == 0 ? DataCenterInKey::kNo : DataCenterInKey::kYes;
    const IssuingRules rules = pick(0, 3) == 0 ? as_in_7901() : kFixed;
    Crowd crowd{in_key};
    for (int i = 0; i < 8; ++i) crowd.add(rules, pick(0, 2) == 0 ? TokenType::kJwt : TokenType::kOpaque, in_key);
    for (int steps = 0; !crowd.is_done(); ++steps) {
      crowd.step(20'000);
      at_most_one_active(crowd, in_key);
      RC_ASSERT(steps < 10'000);
    }
    for (std::size_t i = 0; i < crowd.nodes.size(); ++i) {
      const Node& node = crowd.nodes[i];
      RC_ASSERT(node.table_steps() <= 2 * (rules.violation_retries_max + 1));
      const bool is_typed = rules.recovery == ViolationRecovery::kByRequestedType && node.issued() != nullptr;
      if (is_typed) RC_ASSERT(node.issued()->handed_out == crowd.asked[i]);
    }
  });
}

// Each token handed out is valid at the hand-over, and while it is nobody of the same owner gets another one.
TEST_CASE("opaque tokens of one owner are equal until expiry, whatever the interleaving of the nodes") {
  parallax::testing::check("same active token", 300, [] {
    Crowd crowd{DataCenterInKey::kNo};
    for (int i = 0; i < 8; ++i) crowd.add(kFixed, TokenType::kOpaque, DataCenterInKey::kNo);
    std::map<std::uint32_t, AccessToken> current;
    std::set<std::size_t> seen;
    while (!crowd.is_done()) {
      crowd.step(20'000);
      for (std::size_t i = 0; i < crowd.nodes.size(); ++i) {
        if (!crowd.nodes[i].is_done() || !seen.insert(i).second) continue;
        RC_ASSERT(crowd.nodes[i].issued() != nullptr);  // losing a race is never the end of an opaque request
        const AccessToken& got = crowd.nodes[i].issued()->row;
        const auto before = current.find(crowd.owners[i]);
        if (before != current.end() && at(crowd.second) < before->second.expires) {
          RC_ASSERT(got.id == before->second.id);
          RC_ASSERT(got.token == before->second.token);
        }
        current.insert_or_assign(crowd.owners[i], got);
      }
    }
  });
}

}  // namespace
}  // namespace parallax::logic::tokens
