// What sessions see in scenarios of the library: the audit against a slow oracle over the whole journal, and what each
// scenario is there to show.
#include <catch2/catch.hpp>
#include <numeric>

#include "scenarios/run.h"
#include "tests/end_to_end/library.h"
#include "tests/end_to_end/rehearsal.h"
#include "tests/end_to_end/session_oracle.h"

namespace parallax::test {
namespace {

using audit::Guarantee;
using audit::SessionsFinding;
using audit::SessionWitness;
using Kind = audit::SessionOperation::Kind;

struct Uses {
  std::uint64_t asked{0};
  std::uint64_t refused{0};
};

Uses uses(const SessionsFinding& found, audit::Used used) {
  Uses all;
  for (const audit::GapCount& count : found.gaps[static_cast<std::size_t>(used)]) {
    all.asked += count.asked;
    all.refused += count.refused;
  }
  return all;
}

enum class Tokens : std::uint8_t { kOpaque, kSigned };

SessionsFinding judged_alike(const std::string& scenario, std::size_t nodes, Tokens tokens,
                             const std::vector<std::string>& overrides) {
  const Rehearsal played = rehearse_library(scenario, 1, overrides);
  const SessionVerdicts right = SessionOracle{played, nodes, tokens == Tokens::kSigned}.judge();
  const SessionsFinding& found = played.findings.sessions;
  CHECK(found.of(Guarantee::kReadYourWrites).broken == right.own_writes_not_read);
  CHECK(found.of(Guarantee::kMonotonicReads).broken == right.steps_back);
  CHECK(uses(found, audit::Used::kWhereIssued).asked == right.asked_here);
  CHECK(uses(found, audit::Used::kWhereIssued).refused == right.refused_here);
  CHECK(uses(found, audit::Used::kElsewhere).asked == right.asked_elsewhere);
  CHECK(uses(found, audit::Used::kElsewhere).refused == right.refused_elsewhere);
  CHECK(found.of(Guarantee::kReadYourWrites).looked_at == played.findings.decisions);
  CHECK(found.of(Guarantee::kMonotonicReads).looked_at == played.findings.decisions);
  return found;
}

/// The lines of a history, each as far as a checker reads it before it looks at values.
struct Line {
  std::uint64_t process;
  std::string type;
  std::string f;
};

std::vector<Line> history_of(const std::string& name, std::uint64_t& requests) {
  const auto file = std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library" / (name + ".txtpb");
  const auto outcome = scenarios::load_file(file, {});
  REQUIRE(outcome.loaded);
  std::vector<Line> lines;
  scenarios::RunOptions options;
  options.seeds = {1, 2};
  options.jobs = 2;
  options.history = [&](std::string_view text) {
    const auto word = [&](std::string_view key) {
      const std::size_t from = text.find(key) + key.size();
      return std::string{text.substr(from, text.find_first_of(" ,}", from) - from)};
    };
    // REQUIRE is not for other threads.
    if (word(":index ") != std::to_string(lines.size())) throw std::logic_error("a line is missing");
    lines.push_back({std::stoull(word("{:process ")), word(":type :"), word(":f :")});
  };
  const schema::Result with = scenarios::run(*outcome.loaded, options).result;
  options.history = {};
  CHECK(scenarios::run(*outcome.loaded, options).result.SerializeAsString() == with.SerializeAsString());
  requests = with.runs(0).requests();
  return lines;
}

}  // namespace

// One data center: a revoked token is refused at one node and lives on in the other's cache, and a new API comes and
// goes.
TEST_CASE("two nodes without a cluster let clients step back, and an oracle counts the same") {
  const SessionsFinding found = judged_alike("standalone_pair", 2, Tokens::kOpaque, {});
  CHECK(found.of(Guarantee::kReadYourWrites).broken > 0);
  CHECK(found.of(Guarantee::kMonotonicReads).broken > 0);
  CHECK_FALSE(found.has_replicas);
}

TEST_CASE("two regions refuse tokens of each other, and an oracle counts the same") {
  const SessionsFinding found = judged_alike("active_active", 4, Tokens::kOpaque, {});
  CHECK(found.of(Guarantee::kReadYourWrites).broken > 0);
  CHECK(uses(found, audit::Used::kElsewhere).refused > 0);
  CHECK(found.has_replicas);
}

TEST_CASE("gateways that know revocations by heart are judged by what they have heard") {
  const SessionsFinding found = judged_alike("events/memory_kept", 2, Tokens::kSigned, {});
  CHECK(found.of(Guarantee::kReadYourWrites).broken > 0);
  CHECK(uses(found, audit::Used::kElsewhere).refused == 0);
}

// With a balancer without affinity one client sees an API come and go. Each 404 after an answer is a step back, not
// only the first of several in a row, which is a flip. With affinity it sees one gateway alone.
TEST_CASE("a 404 after an answer is a step back") {
  const Rehearsal off = rehearse_library("steering/sticky_off");
  CHECK(off.findings.not_found.flips > 0);
  CHECK(off.findings.sessions.of(Guarantee::kMonotonicReads).broken >= off.findings.not_found.flips);
  const SessionWitness& witness = *off.findings.sessions.of(Guarantee::kMonotonicReads).smallest;
  CHECK(witness.operations.front().outcome == domain::Outcome::kAdmitted);
  CHECK(witness.operations.back().outcome == domain::Outcome::kApiUnknown);
  const Rehearsal sticky = rehearse_library("steering/sticky_sessions");
  CHECK(sticky.findings.not_found.flips == 0);
  CHECK(sticky.findings.sessions.of(Guarantee::kMonotonicReads).broken == 0);
}

// The link of the database is cut while developers and administrators write over it: some writes end unknown.
TEST_CASE("in a history a process does one thing at a time, and the result is the same without it") {
  std::uint64_t requests = 0;
  std::set<std::uint64_t> busy;
  std::set<std::uint64_t> gone;
  std::map<std::string, std::uint64_t> ends;
  for (const Line& line : history_of("databases/shared_over_wan", requests)) {
    REQUIRE_FALSE(gone.contains(line.process));
    if (line.type == "invoke") {
      REQUIRE(busy.insert(line.process).second);
      continue;
    }
    REQUIRE(busy.erase(line.process) == 1);
    if (line.type == "info") gone.insert(line.process);
    ++ends[line.f + " " + line.type];
  }
  CHECK(ends["read ok"] > requests / 2);
  CHECK(ends["read ok"] <= requests);
  CHECK(ends["write ok"] > 0);
  CHECK(ends.size() >= 2);
  CHECK(ends["read fail"] + ends["read info"] == 0);
}

}  // namespace parallax::test
