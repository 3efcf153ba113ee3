#include "reports/suite/suite_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using scenarios::suite::Holding;
using scenarios::suite::Row;
using scenarios::suite::State;
using scenarios::suite::Suite;

std::string verb_of(std::string_view verdict) {
  if (verdict == "pass") return "passes";
  if (verdict == "fail") return "fails";
  return verdict == "inconclusive" ? "is inconclusive" : "could not be judged";
}

std::string past_verb_of(std::string_view verdict) {
  if (verdict == "pass") return "passed";
  return verdict == "fail" ? "failed" : "was inconclusive";
}

// One of the limits of this metric and side in what was blessed: the one that stands in the same place among them.
const schema::SuiteExpectation* counterpart(const Row& row, int index) {
  const auto& all = row.now->expectations();
  const auto alike = [&](const schema::SuiteExpectation& other) {
    return other.metric() == all.Get(index).metric() && other.operator_() == all.Get(index).operator_();
  };
  auto earlier = std::count_if(all.begin(), all.begin() + index, alike);
  for (const schema::SuiteExpectation& old : row.before->expectations()) {
    if (alike(old) && earlier-- == 0) return &old;
  }
  return nullptr;
}

std::string value_of(const schema::SuiteExpectation& expectation) {
  if (!expectation.has_value()) return "nothing to measure";
  return value_words(expectation.value(), metric_words(expectation.metric(), "").measure, Length::kMeasured);
}

void add_changed_values(const Row& row, std::vector<std::string>& findings) {
  for (int i = 0; i < row.now->expectations_size(); ++i) {
    const schema::SuiteExpectation* const old = counterpart(row, i);
    if (old == nullptr) continue;
    const std::string is = value_of(row.now->expectations(i));
    const std::string was = value_of(*old);
    if (is != was) findings.push_back(fmt::format("{}: was {}, is {}", old->metric(), was, is));
  }
}

std::string difference_words(const scenarios::suite::Difference& difference) {
  std::string words = fmt::format("seed {} goes another way", difference.seed);
  if (difference.second) words += fmt::format(" from virtual second {} on", *difference.second);
  if (difference.site.empty()) return words;
  words += fmt::format("; its journal differs at {}", difference.site);
  return difference.sites < 2 ? words
                              : words + fmt::format(" and {} more", counted(difference.sites - 1, "site", "sites"));
}

// What was blessed is held against something else.
void add_caveats(const Row& row, std::vector<std::string>& findings) {
  if (row.before->config() != row.now->config()) {
    findings.push_back(row.asked.empty()
                           ? "its scenario has changed since it was blessed"
                           : fmt::format("what was asked for differs from what was blessed: {}", row.asked));
  }
  if (row.before->version() != row.now->version()) {
    findings.push_back(
        fmt::format("it was blessed with version {}, this is {}", row.before->version(), row.now->version()));
  }
  if (row.before->seeds() != row.now->seeds()) {
    findings.push_back(fmt::format("it was blessed with {}, now there {} {}",
                                   counted(row.before->seeds(), "seed", "seeds"), row.now->seeds() == 1 ? "is" : "are",
                                   row.now->seeds()));
  }
}

void add_count(std::size_t count, std::string_view what, std::vector<std::string>& parts) {
  if (count > 0) parts.push_back(fmt::format("{}\u00A0{}", count, what));
}

}  // namespace

std::string suite_headline(const Suite& suite) {
  std::string words = counted(suite.selected, "scenario", "scenarios");
  if (suite.rows.size() < suite.selected) words += fmt::format(", interrupted after {}", suite.rows.size());
  std::vector<std::string> verdicts;
  const auto add_verdict = [&](std::string_view verdict, std::string_view one, std::string_view many) {
    const std::size_t count = suite.count(verdict);
    add_count(count, count == 1 ? one : many, verdicts);
  };
  add_verdict("error", "engine fault", "engine faults");
  add_verdict("fail", "fails", "fail");
  add_verdict("inconclusive", "is inconclusive", "are inconclusive");
  add_verdict("pass", "passes", "pass");
  if (verdicts.empty()) return words;
  words += ": " + joined(verdicts);
  std::vector<std::string> states;
  for (const State state :
       {State::kRegressed, State::kInconclusive, State::kMoved, State::kNew, State::kImproved, State::kSame}) {
    add_count(suite.count(state), state == State::kInconclusive ? "undecided since" : to_string(state), states);
  }
  if (!states.empty()) words += fmt::format("; {}", fmt::join(states, ", "));
  std::size_t known = 0;
  for (const Row& row : suite.rows) known += known_misses(row);
  return known == 0 ? words : words + fmt::format("; {} missed, as is known", counted(known, "target", "targets"));
}

std::string state_sentence(const Row& row) {
  if (row.state == State::kFault) return "has no result: the engine gave up";
  const std::string now = verb_of(row.verdict());
  switch (row.state) {
    case State::kNew:
      return now + "; it was never blessed";
    case State::kMoved:
      return now + " as when it was blessed, but runs another way";
    case State::kSame:
      return now + " as when it was blessed";
    default:
      break;
  }
  if (row.before->verdict() != row.verdict())
    return now + "; it " + past_verb_of(row.before->verdict()) + " when it was blessed";
  return now + (row.state == State::kRegressed ? ", and misses what it met when it was blessed"
                                               : ", but meets what it missed when it was blessed");
}

std::string expectation_words(const schema::SuiteExpectation& expectation) {
  std::string_view text = expectation.text();
  const std::string verdict = expectation.verdict() + ": ";
  if (text.starts_with(verdict)) text.remove_prefix(verdict.size());
  return metric_words(expectation.metric(), "").title + ": " + std::string(text);
}

std::vector<std::string> row_findings(const Row& row) {
  std::vector<std::string> findings;
  if (!row.fault.empty()) findings.push_back("engine fault: " + row.fault);
  for (const schema::SuiteExpectation* expectation : with(Holding::kMissed, row)) {
    findings.push_back("missed: " + expectation_words(*expectation));
  }
  for (const schema::SuiteExpectation* expectation : with(Holding::kNowMet, row)) {
    findings.push_back("now met, remove known_miss: " + expectation_words(*expectation));
  }
  for (const std::string& reason : row.reasons) findings.push_back(reason);
  if (!row.now || !row.before) return findings;
  add_changed_values(row, findings);
  if (row.difference) findings.push_back(difference_words(*row.difference));
  add_caveats(row, findings);
  return findings;
}

std::vector<SuiteCommand> row_commands(const Row& row) {
  std::vector<SuiteCommand> commands{{"run again", row.command}};
  if (!row.again.empty()) commands.push_back({"to see it", row.again});
  return commands;
}

}  // namespace parallax::reports
