// The deployments of the five seed texts (scenarios/library/deployments), in one trial: that each shows what its file
// says, and what no figure of the whole says: who is served from where, and how fast.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "models/domain/outcome.h"
#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using domain::RecordKind;

// Populations of the trial, in its order.
constexpr auto kAmerica = domain::PopulationId{0};
constexpr auto kEurope = domain::PopulationId{1};
constexpr auto kAsia = domain::PopulationId{2};

constexpr sim::VirtualTime kLost{sim::minutes(25).ns};

// Without travellers, up to the loss of us-east.
Rehearsal undisturbed(const std::string& deployment) {
  return rehearse_library("deployments/" + deployment, 1,
                          {"duration=25m", "faults[us-east lost]=", "workload.writes[new APIs].until=20m",
                           "workload.populations[america].roaming=0", "workload.populations[europe].roaming=0",
                           "workload.populations[asia].roaming=0"});
}

std::vector<Rehearsal::Entry<domain::RequestFinished>> answered(const Rehearsal& played, domain::PopulationId who) {
  auto calls = played.all<domain::RequestFinished>(RecordKind::kRequestFinished);
  calls.erase(std::remove_if(calls.begin(), calls.end(),
                             [&](const auto& call) {
                               return call.body.population != who || call.body.ending != domain::Ending::kAnswered ||
                                      call.body.sent > kLost - sim::minutes(1);
                             }),
              calls.end());
  REQUIRE(calls.size() > 1'000);
  return calls;
}

double median_ms(const Rehearsal& played, domain::PopulationId who) {
  std::vector<std::int64_t> waits;
  for (const auto& call : answered(played, who)) waits.push_back((call.time - call.body.sent).ns);
  std::nth_element(waits.begin(), waits.begin() + static_cast<std::ptrdiff_t>(waits.size() / 2), waits.end());
  return static_cast<double>(waits[waits.size() / 2]) / 1e6;
}

double share_of(const Rehearsal& played, domain::PopulationId who, std::string_view site) {
  const auto calls = answered(played, who);
  const auto there = std::count_if(calls.begin(), calls.end(),
                                   [&](const auto& call) { return call.body.called == played.site(site); });
  return static_cast<double>(there) / static_cast<double>(calls.size());
}

}  // namespace

TEST_CASE("every deployment shows what its file says") {
  for (const std::string folder : {"deployments", "deployments/variants"}) {
    for (const std::string& name : scenarios_in(folder)) {
      INFO(folder << "/" << name);
      CHECK(verdict(folder + "/" + name) == "pass");
    }
  }
}

// Round trips of 70.5 ms from Ireland and 152.4 ms from Tokyo to Virginia; 5 ms there and back on the own coast, in the
// middle. Half of the calls at least find their token cached.
TEST_CASE("from another continent each call takes its round trip") {
  const Rehearsal played = undisturbed("single_dc");
  CHECK(median_ms(played, kAmerica) == Approx(10.3).margin(0.7));
  CHECK(median_ms(played, kEurope) == Approx(70.5).margin(0.7));
  CHECK(median_ms(played, kAsia) == Approx(152.4).margin(0.7));
}

// Tokyo is 111.7 ms from Northern California. Nothing changes for the others, whose nearest is where it was.
TEST_CASE("a second data center helps those that it is nearer to, by the difference") {
  const Rehearsal one = undisturbed("single_dc");
  const Rehearsal two = undisturbed("active_active");
  CHECK(median_ms(two, kAsia) == Approx(111.7).margin(0.7));
  CHECK(median_ms(two, kAmerica) == Approx(median_ms(one, kAmerica)).margin(0.2));
  CHECK(median_ms(two, kEurope) == Approx(median_ms(one, kEurope)).margin(0.2));
}

TEST_CASE("both active data centers serve, each its own regions") {
  const Rehearsal played = undisturbed("cross_published");
  CHECK(share_of(played, kAmerica, "us-east") == 1);
  CHECK(share_of(played, kEurope, "us-east") == 1);
  CHECK(share_of(played, kAsia, "us-west") == 1);
}

TEST_CASE("a node that revokes a token refuses it from then on, the other one from its cache does not") {
  const Rehearsal played = undisturbed("standalone_pair");
  struct Revocation {
    domain::NodeId writer;
    sim::VirtualTime time;
  };
  std::map<domain::TokenId, Revocation> revoked;
  for (const auto& change : played.all<domain::ChangeAcknowledged>(RecordKind::kChangeAcknowledged)) {
    if (change.body.change != domain::ChangeKind::kTokenRevoked) continue;
    revoked.emplace(static_cast<domain::TokenId>(change.body.object.id()), Revocation{change.body.writer, change.time});
  }
  REQUIRE(revoked.size() > 100);
  std::size_t here = 0;
  std::size_t elsewhere = 0;
  for (const auto& call : played.all<domain::RequestDecided>(RecordKind::kRequestDecided)) {
    const auto found = revoked.find(call.body.token);
    if (found == revoked.end() || call.time <= found->second.time || call.body.outcome != domain::Outcome::kAdmitted)
      continue;
    ++(call.body.node == found->second.writer ? here : elsewhere);
  }
  CHECK(here == 0);
  CHECK(elsewhere > 50);
}

// Repositories are mirrored, databases are not: workers of us-west have each API, and their key manager forbids it.
TEST_CASE("an API whose files have come and whose row has not is refused wrongly, where the row is missing alone") {
  const Rehearsal played = rehearse_library("deployments/variants/mirrored_repositories_not_replicated");
  std::uint64_t refused = 0;
  for (const auto& [key, count] : played.findings.wrong) {
    if (std::get<audit::Why>(key) != audit::Why::kApiRow) continue;
    CHECK(std::get<audit::DecisionError>(key) == audit::DecisionError::kWrongDeny);
    CHECK(played.site_of(std::get<domain::NodeId>(key)) == played.site("us-west"));
    refused += count;
  }
  CHECK(refused > 50);
}

}  // namespace parallax::test
