#include "models/audit/tokens_in_force.h"

#include <catch2/catch.hpp>

namespace parallax::audit {
namespace {

using domain::ChangeKind;

sim::VirtualTime second(std::int64_t s) { return sim::VirtualTime{} + sim::seconds(s); }

domain::ChangeAcknowledged change(ChangeKind kind, std::uint32_t token, std::int64_t expires) {
  domain::ChangeAcknowledged change{};
  change.change = kind;
  change.object = domain::ObjectRef::of(static_cast<domain::TokenId>(token));
  change.expires = second(expires);
  return change;
}

std::vector<std::int64_t> counted(const TokensInForce& tokens, std::int64_t end) {
  Findings findings;
  tokens.finish(second(end), findings);
  return findings.tokens_in_force;
}

}  // namespace

// Steps of 10 s: what happens within one shows at its end, what happens at its end too.
TEST_CASE("tokens are in force from the acknowledgement until they expire or are revoked") {
  domain::Catalog catalog;
  catalog.tokens.resize(3);
  catalog.tokens[0].expires = second(15);  // shows at 20 s
  catalog.tokens[1].expires = second(30);  // shows at 30 s
  catalog.tokens[2].expires = sim::kNever;
  TokensInForce tokens{catalog};
  CHECK(counted(tokens, 40) == std::vector<std::int64_t>{3, 3, 2, 1, 1});

  // A token of 12 s to 33 s: shows from 20 s on, and no more at 40 s.
  tokens.acknowledged(change(ChangeKind::kTokenIssued, 7, 33), second(12));
  CHECK(counted(tokens, 40) == std::vector<std::int64_t>{3, 3, 3, 2, 1});

  // Revoked at 16 s it does not show at all; a second revocation, and one of an expired token, change nothing.
  tokens.acknowledged(change(ChangeKind::kTokenRevoked, 7, 33), second(16));
  tokens.acknowledged(change(ChangeKind::kTokenRevoked, 7, 33), second(17));
  tokens.acknowledged(change(ChangeKind::kTokenRevoked, 0, 15), second(18));
  CHECK(counted(tokens, 40) == std::vector<std::int64_t>{3, 3, 2, 1, 1});

  tokens.acknowledged(change(ChangeKind::kApiPublished, 2, 33), second(20));
  CHECK(counted(tokens, 40) == std::vector<std::int64_t>{3, 3, 2, 1, 1});
}

}  // namespace parallax::audit
