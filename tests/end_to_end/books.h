// The audit's books must balance in every run: each decision is right, right either way or wrong, and each of the wrong
// ones has one cause; the stages of every window add up to it, to the nanosecond.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <utility>

#include "models/audit/findings.h"
#include "models/audit/journeys.h"

namespace parallax::test {

struct WrongDecisions {
  std::uint64_t allows{0};
  std::uint64_t denies{0};
  std::uint64_t variants{0};
  friend bool operator==(const WrongDecisions&, const WrongDecisions&) = default;
};

/// By their causes.
inline WrongDecisions wrong_decisions(const audit::Findings& findings) {
  WrongDecisions wrong;
  for (const auto& [key, count] : findings.wrong) {
    const audit::DecisionError error = std::get<audit::DecisionError>(key);
    if (error == audit::DecisionError::kWrongAllow) wrong.allows += count;
    if (error == audit::DecisionError::kWrongDeny) wrong.denies += count;
    if (error == audit::DecisionError::kWrongVariant) wrong.variants += count;
  }
  return wrong;
}

// Causes are tallied when windows close, the minutes as decisions come, right ones where they are found so: three
// counts that share nothing.
inline void check_decision_books(const audit::Findings& findings) {
  const WrongDecisions wrong = wrong_decisions(findings);
  CHECK(findings.decisions == findings.right + findings.overlapping + wrong.allows + wrong.denies + wrong.variants);
  std::uint64_t decided = 0;
  WrongDecisions by_minute;
  for (const auto& minutes : findings.minutes) {
    for (const audit::MinuteCounts& minute : minutes) {
      decided += minute.requests;
      by_minute.allows += minute.wrong_allow;
      by_minute.denies += minute.wrong_deny;
      by_minute.variants += minute.wrong_variant;
    }
  }
  CHECK(decided == findings.decisions);
  CHECK(by_minute.allows == wrong.allows);
  CHECK(by_minute.denies == wrong.denies);
  CHECK(by_minute.variants == wrong.variants);
}

inline void check_cause_books(const audit::Findings& findings) {
  std::uint64_t without_cause = 0;
  std::uint64_t over_quota = 0;
  std::uint64_t by_changes = 0;
  for (const auto& [key, count] : findings.wrong) {
    const auto& [error, why, stage, node] = key;
    without_cause += stage == domain::Stage::kNone ? count : 0;
    const bool is_of_limit = why == audit::Why::kQuota || why == audit::Why::kPolicyChanged;
    over_quota += is_of_limit && error == audit::DecisionError::kWrongAllow ? count : 0;
    by_changes += why <= audit::Why::kPolicyChanged ? count : 0;
  }
  CHECK(without_cause == 0);
  CHECK(over_quota == findings.limits.over);
  std::uint64_t in_windows = 0;
  for (const audit::WindowFinding& window : findings.windows) in_windows += window.wrong_decisions;
  CHECK(in_windows == by_changes);
}

inline bool is_whole(const audit::WindowFinding& window) {
  const bool all_named = std::all_of(window.pieces.begin(), window.pieces.end(), [](const audit::Piece& piece) {
    return piece.stage != domain::Stage::kNone && piece.length.ns > 0;
  });
  return all_named && window.length.ns >= 0 && audit::total(window.pieces) == window.length;
}

inline void check_books(const audit::Findings& findings) {
  check_decision_books(findings);
  check_cause_books(findings);
  CHECK(std::count_if(findings.windows.begin(), findings.windows.end(),
                      [](const audit::WindowFinding& window) { return !is_whole(window); }) == 0);
  const audit::Ledger& ledger = findings.ledger;
  CHECK(ledger.answered == ledger.answered_in_journal);
  CHECK(ledger.timed_out == ledger.timed_out_in_journal);
  CHECK(ledger.sent == ledger.answered + ledger.timed_out + ledger.in_flight);
}

inline bool is_same(const audit::WindowFinding& a, const audit::WindowFinding& b) {
  return a.id == b.id && a.observer == b.observer && a.start == b.start && a.length == b.length &&
         a.ending == b.ending && a.wrong_decisions == b.wrong_decisions &&
         std::equal(a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end(),
                    [](const audit::Piece& one, const audit::Piece& other) {
                      return one.stage == other.stage && one.length == other.length;
                    });
}

/// What two audits of one journal say of its decisions and windows.
inline void check_same(const audit::Findings& one, const audit::Findings& other) {
  CHECK(one.decisions == other.decisions);
  CHECK(one.right == other.right);
  CHECK(one.overlapping == other.overlapping);
  CHECK((one.wrong == other.wrong));
  CHECK(one.issued_elsewhere_refused == other.issued_elsewhere_refused);
  CHECK(one.limits.over == other.limits.over);
  CHECK(one.limits.windows_over == other.limits.windows_over);
  CHECK(std::equal(one.windows.begin(), one.windows.end(), other.windows.begin(), other.windows.end(), is_same));
}

}  // namespace parallax::test
