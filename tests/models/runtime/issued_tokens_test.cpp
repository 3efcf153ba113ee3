// Tokens issued by either node of a stand-alone pair work at both: they share the database.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/models/support/deployment.h"
#include "tests/models/support/invariants.h"
#include "tests/models/support/run.h"

namespace parallax::test {
namespace {

// 60 sessions with tokens of 20 s, three minutes: some 60 * 9 renewals.
Run pair_that_issues() {
  world::WorldConfig config = deployment(2, 1);
  config.duration = sim::minutes(3);
  config.catalog.tokens = 60;
  config.catalog.token_validity = sim::seconds(20);
  config.sites[0].node.token_validity = sim::seconds(20);
  add_callers(config, sim::milliseconds(10));
  return run(config);
}

TEST_CASE("a token that one node has issued works at both nodes at once") {
  const Run result = pair_that_issues();
  std::set<domain::NodeId> writers;
  for (const audit::WindowFinding& window : result.findings.windows) {
    REQUIRE(window.change == domain::ChangeKind::kTokenIssued);
    CHECK(window.length.ns == 0);
    writers.insert(window.writer);
  }
  CHECK(result.findings.windows.size() > 2 * 400);
  CHECK(writers.size() == 2);
  CHECK(result.findings.wrong.empty());
  check_invariants(result);
}

TEST_CASE("a renewed token is refused by nobody before it expires, and admitted by the node that did not issue it") {
  const Run result = pair_that_issues();
  std::map<domain::TokenId, domain::ChangeAcknowledged> issued;
  std::uint64_t elsewhere = 0;
  for (const sim::Record& record : result.journal) {
    if (domain::kind_of(record.body) == domain::RecordKind::kChangeAcknowledged) {
      const auto change = domain::ChangeAcknowledged::unpack(record.body);
      issued.emplace(domain::TokenId{change.object.id()}, change);
    } else if (domain::kind_of(record.body) == domain::RecordKind::kRequestDecided) {
      const auto d = domain::RequestDecided::unpack(record.body);
      const auto found = issued.find(d.token);
      if (found == issued.end()) continue;
      const bool is_valid = record.time < found->second.expires;
      CHECK((d.outcome == domain::Outcome::kAdmitted) == is_valid);
      elsewhere += is_valid && d.node != found->second.writer;
    }
  }
  CHECK(elsewhere > 5'000);  // of 18,000 calls about half
}

TEST_CASE("an issued token is valid for the key manager's validity from its making on") {
  const Run result = pair_that_issues();
  for_each<domain::ChangeAcknowledged>(
      result.journal, domain::RecordKind::kChangeAcknowledged,
      [&](const sim::Record& record, const domain::ChangeAcknowledged& change) {
        // The database is 1 ms away: the user's latest token is read after 1 ms, and the validity of its successor
        // counts from there; that is inserted after 3 ms and acknowledged after 4.
        CHECK(change.expires == change.invoked + sim::milliseconds(1) + sim::seconds(20));
        CHECK(record.time == change.invoked + sim::milliseconds(4));
      });
}

}  // namespace
}  // namespace parallax::test
