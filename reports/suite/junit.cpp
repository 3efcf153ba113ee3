#include "reports/suite/junit.h"

#include <fmt/format.h>

#include <cstdint>

#include "reports/escape.h"
#include "reports/suite/suite_words.h"
#include "reports/words.h"
#include "scenarios/suite/record.h"

namespace parallax::reports {
namespace {

using scenarios::suite::Holding;
using scenarios::suite::Row;
using scenarios::suite::State;
using scenarios::suite::Suite;

struct Counts {
  std::size_t tests{0};
  std::size_t failures{0};
  std::size_t errors{0};
  std::size_t skipped{0};
  std::uint64_t seconds{0};
};

// An outcome with its message in its body too.
std::string outcome(std::string_view element, std::string_view type, const std::string& message,
                    const std::string& further_lines) {
  return fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{2}{3}</{0}>\n", element, escaped(type), escaped(message),
                     further_lines);
}

std::string testcase(const Row& row, const std::string& name, std::uint64_t seconds, const std::string& content) {
  const std::string head = fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{}\"", escaped(name),
                                       escaped(row.scenario), seconds);
  return content.empty() ? head + "/>\n" : head + ">\n" + content + "    </testcase>\n";
}

std::string lines_of(const Row& row) {
  std::string lines;
  for (const std::string& finding : row_findings(row)) lines += fmt::format("\n{}", escaped(plain(finding)));
  for (const auto& [purpose, command] : row_commands(row)) lines += fmt::format("\n{}: {}", purpose, escaped(command));
  return lines;
}

std::string undecided(const Suite& suite, const std::string& message, const std::string& lines, Counts& counts) {
  const bool is_strict = suite.inconclusive == Suite::Inconclusive::kCountsAsFailure;
  ++(is_strict ? counts.failures : counts.skipped);
  return outcome(is_strict ? "failure" : "skipped", "inconclusive", message, lines);
}

std::string expectation_case(const Suite& suite, const Row& row, const schema::SuiteExpectation& expectation,
                             Counts& counts) {
  const std::string name =
      fmt::format("{} {} {}", expectation.metric(), expectation.operator_() == "at_most" ? "at most" : "at least",
                  expectation.has_limit() ? fmt::to_string(expectation.limit()) : "?");
  ++counts.tests;
  const std::string again = fmt::format("\nrun again: {}", escaped(row.command));
  const std::string words = plain(expectation_words(expectation));
  std::string content;
  switch (scenarios::suite::holding_of(expectation)) {
    case Holding::kMissed:
      ++counts.failures;
      content = outcome("failure", "missed", words, again);
      break;
    case Holding::kNowMet:
      ++counts.failures;
      content = outcome("failure", "now met", words, again);
      break;
    case Holding::kUndecided:
      content = undecided(suite, words, again, counts);
      break;
    case Holding::kHolds:
      if (expectation.known_miss().empty()) break;
      ++counts.skipped;
      content = outcome("skipped", "known miss", words, again);
      break;
  }
  return testcase(row, name, 0, content);
}

// What no single expectation tells.
std::string verdict_case(const Suite& suite, const Row& row, Counts& counts) {
  const std::string message = plain(state_sentence(row));
  ++counts.tests;
  std::string content;
  if (row.state == State::kFault) {
    ++counts.errors;
    content = outcome("error", "engine fault", message, lines_of(row));
  } else if (row.state == State::kRegressed) {
    ++counts.failures;
    content = outcome("failure", "regressed", message, lines_of(row));
  } else if (row.verdict() == "inconclusive") {
    content = undecided(suite, message, lines_of(row), counts);
  } else if (needs_a_look(row)) {
    content = fmt::format("      <system-out>{}{}</system-out>\n", escaped(message), lines_of(row));
  }
  return testcase(row, "verdict", counts.seconds, content);
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, escaped(value));
}

std::string properties(const Row& row) {
  std::string out = "    <properties>\n" + property("verdict", row.verdict()) +
                    property("state", to_string(row.state)) +
                    property("time_unit", "virtual seconds, of all seeds together");
  if (row.now) {
    out += property("fingerprint", row.now->fingerprint()) + property("config", row.now->config()) +
           property("seeds", fmt::to_string(row.now->seeds())) + property("version", row.now->version());
  }
  return out + property("command", row.command) + "    </properties>\n";
}

std::string testsuite(const Suite& suite, const Row& row, Counts& total) {
  Counts counts;
  if (row.now) counts.seconds = scenarios::suite::virtual_seconds(*row.now);
  std::string cases = verdict_case(suite, row, counts);
  if (row.now) {
    for (const auto& expectation : row.now->expectations()) cases += expectation_case(suite, row, expectation, counts);
  }
  total.tests += counts.tests;
  total.failures += counts.failures;
  total.errors += counts.errors;
  total.seconds += counts.seconds;
  return fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\">\n{}{}"
      "  </testsuite>\n",
      escaped(row.scenario), counts.tests, counts.failures, counts.errors, counts.skipped, counts.seconds,
      properties(row), cases);
}

}  // namespace

std::string junit(const Suite& suite) {
  Counts total;
  std::string suites;
  for (const Row& row : suite.rows) suites += testsuite(suite, row, total);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"parallax check\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">\n{}</testsuites>\n",
      total.tests, total.failures, total.errors, total.seconds, suites);
}

}  // namespace parallax::reports
