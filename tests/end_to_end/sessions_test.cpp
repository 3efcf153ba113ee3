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

/// A line of a history, read as text.
struct Line {
  std::uint64_t process;
  std::string type;
  std::string f;
  std::int64_t time;
  std::map<std::string, std::uint64_t> registers;  ///< nil: 0
};

std::string word_after(std::string_view text, std::string_view key) {
  const std::size_t from = text.find(key) + key.size();
  return std::string{text.substr(from, text.find_first_of(" ,}]", from) - from)};
}

// [[:r "api 3" 1024] [:r "token 17" nil]]
std::map<std::string, std::uint64_t> registers_in(std::string_view text) {
  std::map<std::string, std::uint64_t> registers;
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    const std::size_t end = text.find('"', at + 1);
    const std::string value = word_after(text.substr(end), "\" ");
    registers[std::string{text.substr(at + 1, end - at - 1)}] = value == "nil" ? 0 : std::stoull(value);
    at = end + 1;
  }
  return registers;
}

struct Exported {
  schema::Result result;
  std::vector<Line> lines;
};

Exported exported(const std::string& name, std::vector<std::uint64_t> seeds,
                  const std::vector<std::string>& overrides = {}) {
  const auto file = std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library" / (name + ".txtpb");
  const auto outcome = scenarios::load_file(file, overrides);
  REQUIRE(outcome.loaded);
  Exported all;
  scenarios::RunOptions options;
  options.seeds = std::move(seeds);
  options.jobs = 2;
  options.history = [&all](std::string_view text) {
    // REQUIRE is not for other threads.
    if (word_after(text, ":index ") != std::to_string(all.lines.size())) throw std::logic_error("a line is missing");
    all.lines.push_back({std::stoull(word_after(text, "{:process ")), word_after(text, ":type :"),
                         word_after(text, ":f :"), std::stoll(word_after(text, ":time ")), registers_in(text)});
  };
  all.result = scenarios::run(*outcome.loaded, options).result;
  options.history = {};
  CHECK(scenarios::run(*outcome.loaded, options).result.SerializeAsString() == all.result.SerializeAsString());
  return all;
}

std::uint64_t broken(const schema::Result& result, const std::string& guarantee) {
  for (const auto& seen : result.guarantees()) {
    if (seen.guarantee() == guarantee) return seen.broken();
  }
  return 0;
}

}  // namespace

// One data center: a revoked token is refused at one node and lives on in the other's cache, and a new API comes and
// goes.
TEST_CASE("two nodes without a cluster let clients step back, and an oracle counts the same") {
  const SessionsFinding found = judged_alike("deployments/standalone_pair", 2, Tokens::kOpaque, {});
  CHECK(found.of(Guarantee::kReadYourWrites).broken > 0);
  CHECK(found.of(Guarantee::kMonotonicReads).broken > 0);
  CHECK_FALSE(found.has_replicas);
}

TEST_CASE("two regions refuse tokens of each other, and an oracle counts the same") {
  const SessionsFinding found = judged_alike("deployments/active_active", 4, Tokens::kOpaque, {});
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

// The link of the database is cut while developers write over it: some writes may end unknown.
TEST_CASE("in a history a process does one thing at a time, and the result is the same without it") {
  const Exported all = exported("databases/shared_over_wan", {1, 2});
  std::set<std::uint64_t> busy;
  std::set<std::uint64_t> gone;
  std::map<std::string, std::uint64_t> ends;
  for (const Line& line : all.lines) {
    REQUIRE_FALSE(gone.contains(line.process));
    if (line.type == "invoke") {
      REQUIRE(busy.insert(line.process).second);
      continue;
    }
    REQUIRE(busy.erase(line.process) == 1);
    if (line.type == "info") gone.insert(line.process);
    ++ends[line.f + " " + line.type];
  }
  const std::uint64_t requests = all.result.runs(0).requests();
  CHECK(ends["read ok"] > requests / 2);
  CHECK(ends["read ok"] <= requests);
  CHECK(ends["write ok"] > 0);
  CHECK(ends["read fail"] + ends["read info"] == 0);
}

// Nobody changes a subscription, so that each session's writes and reads are one process's.
TEST_CASE("who reads a history process by process finds what the audit has found") {
  const Exported all = exported("deployments/standalone_pair", {1},
                                {"workload.writes[new subscriptions]=", "workload.writes[blocked subscriptions]="});
  struct Seen {
    std::uint64_t version;
    std::int64_t time;
  };
  std::map<std::pair<std::uint64_t, std::string>, Seen> seen;
  std::map<std::pair<std::uint64_t, std::string>, std::uint64_t> written;
  std::uint64_t steps_back = 0;
  std::uint64_t own_writes_not_read = 0;
  for (const Line& line : all.lines) {
    if (line.type != "ok") continue;
    bool is_back = false;
    bool misses_own = false;
    for (const auto& [name, version] : line.registers) {
      const std::pair place{line.process, name};
      if (line.f == "write") {
        written[place] = version;
        continue;
      }
      const auto before = seen.try_emplace(place, Seen{version, line.time}).first;
      is_back |= version < before->second.version && before->second.time < line.time;
      if (version >= before->second.version) before->second = {version, line.time};
      const auto own = written.find(place);
      misses_own |= own != written.end() && own->second > version;
    }
    steps_back += is_back;
    own_writes_not_read += misses_own;
  }
  CHECK(steps_back == broken(all.result, "monotonic_reads"));
  CHECK(own_writes_not_read == broken(all.result, "read_your_writes"));
  CHECK(steps_back > 0);
}

}  // namespace parallax::test
