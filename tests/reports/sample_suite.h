// A suite with a row of each state, and names that try to be more than names.
#pragma once

#include <string>

#include "scenarios/suite/suite.h"
#include "tests/scenarios/suite/sample.h"

namespace parallax::reports::test {

using scenarios::suite::Row;
using scenarios::suite::State;
using scenarios::suite::Suite;

inline const std::string kHostile =
    "<script>alert(1)</script>\"' onload=x ]]> | `a` **b** [c](http://d.e) www.f.g @team #12 &amp; \\| \n\r\t "
    "\u202Eevil\u2066 \u05D0\u05D1 😀 \x01\x1B[2J \u009B \uFFFE \uFFFF \xFF\xC3(";

inline Row& add_row(Suite& suite, const std::string& name, const char* before, const char* now) {
  Row& row = suite.rows.emplace_back();
  row.scenario = name;
  row.command = "parallax run " + name + ".txtpb";
  row.sentence = name + " was looked at";
  schema::SuiteRecord record = scenarios::suite::test::record(now);
  if (std::string_view{before}.empty()) {
    compare(nullptr, record, row);
  } else {
    const schema::SuiteRecord old = scenarios::suite::test::record(before);
    compare(&old, record, row);
  }
  if (row.verdict() == "inconclusive") row.reasons.emplace_back("nothing happened that the target speaks about");
  suite.selected = suite.rows.size();
  return row;
}

inline Row& add_fault(Suite& suite, const std::string& name, const std::string& what) {
  Row& row = suite.rows.emplace_back();
  row.scenario = name;
  row.command = "parallax run " + name + ".txtpb";
  row.state = State::kFault;
  row.fault = what;
  suite.selected = suite.rows.size();
  return row;
}

inline Suite sample_suite() {
  Suite suite;
  suite.command = "parallax check scenarios";
  add_row(suite, "same", "pass", "pass").report = "same/report.html";
  add_row(suite, "better", "fail", "pass");
  add_row(suite, "fresh", "", "pass");
  add_row(suite, "known", "fail", "fail");
  add_row(suite, "open", "pass", "inconclusive");
  Row& moved = add_row(suite, "moved", "pass", "pass");
  const schema::SuiteRecord old = scenarios::suite::test::record("pass");
  compare(&old, scenarios::suite::test::moved(old), moved);
  moved.again = "parallax run moved.txtpb --seed 2 --journal 1s..2s";
  add_row(suite, "worse", "pass", "fail");
  add_fault(suite, "broken", "seed 1: a window is outside its bound");
  return suite;
}

/// Everything that comes from outside is hostile.
inline Suite hostile_suite() {
  Suite suite = sample_suite();
  suite.command = kHostile;
  for (Row& row : suite.rows) {
    row.scenario += kHostile;
    row.title = row.command = row.sentence = kHostile;
    row.reasons = {kHostile};
    if (!row.again.empty()) row.again = kHostile;
    if (!row.report.empty()) row.report = kHostile;
    if (!row.fault.empty()) row.fault = kHostile;
    if (row.difference) row.difference->site = kHostile;
    if (!row.now) continue;
    row.now->set_fingerprint(kHostile);
    row.now->set_config(kHostile);
    row.now->set_version(kHostile);
    for (auto& expectation : *row.now->mutable_expectations()) {
      expectation.set_metric(kHostile);
      expectation.set_text(kHostile);
    }
  }
  return suite;
}

inline bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// What no name may bring into a report: control characters but line feeds, what turns the direction of other text, and
/// what is no character.
inline bool has_controls(const std::string& text) {
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) return true;
  }
  for (const char* sign : {"\u009B", "\u202E", "\u2066", "\uFFFE", "\uFFFF"}) {
    if (contains(text, sign)) return true;
  }
  return false;
}

inline std::size_t times(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

}  // namespace parallax::reports::test
