// Who revokes, where and when.
#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "tests/models/support/deployment.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

struct Revocation {
  sim::VirtualTime time;
  domain::NodeId writer;
  domain::ObjectRef token;
};

std::vector<Revocation> revocations_of(const world::WorldConfig& config) {
  std::vector<Revocation> revocations;
  for_each<domain::ChangeInvoked>(run(config).journal, domain::RecordKind::kChangeInvoked,
                                  [&](const sim::Record& record, const domain::ChangeInvoked& change) {
                                    REQUIRE(change.change == domain::ChangeKind::kTokenRevoked);
                                    revocations.push_back({record.time, change.writer, change.object});
                                  });
  return revocations;
}

TEST_CASE("tokens are revoked at the nodes in turn, within the given time, each once") {
  world::WorldConfig config = deployment(3, 1);
  config.duration = sim::minutes(10);
  config.catalog.tokens = 1'000;
  add_revocations(config, sim::minutes(2), sim::minutes(5), sim::seconds(1));
  const auto revocations = revocations_of(config);
  CHECK(revocations.size() > 140);  // 180 on average, by 13.4 standard deviation
  CHECK(revocations.size() < 220);
  std::set<domain::ObjectRef> tokens;
  for (std::size_t i = 0; i < revocations.size(); ++i) {
    CHECK(domain::index(revocations[i].writer) == i % 3);
    CHECK(revocations[i].time.ns >= sim::minutes(2).ns);
    CHECK(revocations[i].time.ns < sim::minutes(5).ns);
    tokens.insert(revocations[i].token);
  }
  CHECK(tokens.size() == revocations.size());
}

TEST_CASE("when no live token is left nothing more is revoked") {
  world::WorldConfig config = deployment(2, 2);
  config.catalog.tokens = 5;
  add_revocations(config, {}, sim::minutes(1), sim::milliseconds(100));
  CHECK(revocations_of(config).size() == 5);
}

// Ages at the start are uniform over the validity of 100 s, so about half have expired at 50 s.
TEST_CASE("an expired token is not revoked") {
  world::WorldConfig config = deployment(2, 3);
  config.duration = sim::seconds(60);
  config.catalog.tokens = 200;
  config.catalog.token_validity = sim::seconds(100);
  add_revocations(config, sim::seconds(50), sim::seconds(60), sim::milliseconds(500));
  const Run result = run(config);
  std::size_t revoked = 0;
  for_each<domain::ChangeInvoked>(result.journal, domain::RecordKind::kChangeInvoked,
                                  [&](const sim::Record& record, const domain::ChangeInvoked& change) {
                                    CHECK(record.time < result.catalog.tokens[change.object.id()].expires);
                                    ++revoked;
                                  });
  CHECK(revoked > 5);
}

}  // namespace
}  // namespace parallax::test
