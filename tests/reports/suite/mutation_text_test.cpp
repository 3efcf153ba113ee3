#include "reports/suite/mutation_text.h"

#include <catch2/catch.hpp>

#include "tests/reports/sample_suite.h"

namespace parallax::reports {
namespace {

using scenarios::suite::Fate;
using scenarios::suite::MutatedScenario;
using scenarios::suite::MutatedSuite;
using test::contains;

scenarios::suite::Trial trial(Fate fate) {
  return {fate, "pass: x at most 1m, found 5", "pass: x at most 1m, found 7", "parallax run a.txtpb --set y=1"};
}

TEST_CASE("an expectation that cannot fail is told with both outcomes and the command that plays its mutation") {
  const MutatedSuite suite{{{"pair", {trial(Fate::kTurned), trial(Fate::kSurvived)}, {}}}, ""};
  CHECK(mutation_text(suite) ==
        "\nsurvived: pair\n"
        "  as it is: pass: x at most 1m, found 5\n"
        "  mutated: pass: x at most 1m, found 7\n"
        "  to see it: parallax run a.txtpb --set y=1\n"
        "\n1 scenario, 2 expectations: 1 turns round under its mutation, 1 survives\n");
}

TEST_CASE("what is no proof either way is told too") {
  const MutatedSuite suite{{{"pair", {trial(Fate::kUndecided), trial(Fate::kDoesNotHold)}, {}},
                            {"other", {trial(Fate::kNamesNone)}, {"a window is outside its bound"}}},
                           ""};
  const std::string text = mutation_text(suite);
  CHECK(contains(text, "undecided: pair\n"));
  CHECK(contains(text, "does not hold: pair\n"));
  CHECK(contains(text, "no mutation: other\n"));
  CHECK(contains(text, "engine fault: other\n  a window is outside its bound\n"));
}

TEST_CASE("hostile names are nothing but text in a terminal") {
  const MutatedSuite suite{{MutatedScenario{test::kHostile, {trial(Fate::kSurvived)}, {test::kHostile}}}, ""};
  CHECK_FALSE(test::has_controls(mutation_text(suite)));
}

}  // namespace
}  // namespace parallax::reports
