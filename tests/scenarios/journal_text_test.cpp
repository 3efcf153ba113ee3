#include "scenarios/journal_text.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

using audit::at;
using domain::ObjectRef;
using domain::TokenId;

const std::vector<std::string> kSites{"dc", "a \"b\"\n"};
const std::vector<std::string> kNodes{"dc/a", "dc/b"};
constexpr ObjectRef kToken = ObjectRef::of(TokenId{17});
constexpr domain::Version kSecond = domain::Version::of(2, sim::SiteId{1});

template <typename Body>
std::string line_of(const Body& body, sim::RecordId cause = {}) {
  const sim::Record record{{61'400'000'007}, sim::RecordId::of(sim::SiteId{0}, 4711), cause, body.pack()};
  return journal_line(record, {kSites, kNodes});
}

TEST_CASE("a record is a line: time, site, number, kind, cause and its fields by name") {
  CHECK(line_of(domain::ChangeInvoked{domain::ChangeKind::kTokenRevoked, audit::kB, kToken}) ==
        "61.400000007 \"dc\" 4711 change_invoked cause=- change=token_revoked writer=\"dc/b\" object=\"token 17\" "
        "quota=0\n");
  const domain::Passage passage{domain::Stage::kLinkDown, domain::Stage::kReplicationLag, at(3)};
  CHECK(
      line_of(domain::EntryPut{audit::kDatabase, kToken, 5, kSecond, passage}, sim::RecordId::of(sim::SiteId{1}, 3)) ==
      "61.400000007 \"dc\" 4711 entry_put cause=\"a \\\"b\\\"\\x0a\"/3 layer=4 object=\"token 17\" variant=5 "
      "version=2@1 passage.first=link_down passage.second=replication_lag passage.turn=3.000000000 companion=- "
      "companion.version=0@0\n");
}

TEST_CASE("what never comes, what nobody is and enumerations have words") {
  const domain::ChangeAcknowledged change{
      domain::ChangeKind::kTokenIssued, audit::kA, kToken, kSecond, at(1), sim::kNever};
  CHECK_THAT(line_of(change), Catch::Contains(" invoked=1.000000000 expires=never "));
  domain::RequestFinished request{domain::PopulationId{0}, TokenId{1}, at(2), domain::Ending::kTimedOut, {}};
  request.called = sim::SiteId{0xffff};
  CHECK_THAT(line_of(request), Catch::Contains(" ending=timed_out ") && Catch::Contains(" called=-\n"));
  CHECK_THAT(line_of(domain::WorkersClosed{audit::kA, domain::WorkersRole::kKeyManager, 2, 3, sim::milliseconds(40)}),
             Catch::EndsWith(" workers_closed cause=- node=\"dc/a\" role=key_manager workers=2 still_there=3 "
                             "longest_wait=40ms\n"));
}

// The second minute, and it in two halves: the same lines, none before 60 s and none from 2 min on.
TEST_CASE("a stretch of a run is printed, from its first instant to before its last") {
  const LoadOutcome outcome = load(kSample, {"workload.populations[users].rate=5/s"});
  REQUIRE(outcome.loaded);
  const auto print = [&](std::int64_t from, std::int64_t until) {
    std::string lines;
    print_journal(outcome.loaded->scenario, 1, {at(from), at(until)}, [&](std::string_view some) { lines += some; });
    return lines;
  };
  const std::string whole = print(60, 120);
  CHECK(std::count(whole.begin(), whole.end(), '\n') > 300);
  CHECK(whole == print(60, 90) + print(90, 120));
  CHECK(whole.starts_with("60."));
  CHECK(whole.substr(whole.rfind('\n', whole.size() - 2) + 1).starts_with("119."));
  CHECK_THAT(whole, Catch::Contains(" request_decided ") && Catch::Contains(" change_acknowledged "));
}

}  // namespace
}  // namespace parallax::scenarios
