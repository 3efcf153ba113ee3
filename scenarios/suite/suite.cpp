#include "scenarios/suite/suite.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace parallax::scenarios::suite {
namespace {

// What still fails as ever comes behind what has changed for the worse, by its state, and before all that does not
// fail.
int urgency(const Row& row) {
  if (row.state == State::kFault) return 0;
  if (row.verdict() == "fail") return 1;
  return row.verdict() == "inconclusive" ? 2 : 3;
}

}  // namespace

std::string_view Row::verdict() const { return now ? std::string_view{now->verdict()} : "error"; }

std::vector<const schema::SuiteExpectation*> with(Holding holding, const Row& row) {
  std::vector<const schema::SuiteExpectation*> found;
  if (!row.now) return found;
  for (const schema::SuiteExpectation& expectation : row.now->expectations()) {
    if (holding_of(expectation) == holding) found.push_back(&expectation);
  }
  return found;
}

std::size_t known_misses(const Row& row) {
  const auto held = with(Holding::kHolds, row);
  return static_cast<std::size_t>(
      std::count_if(held.begin(), held.end(), [](const auto* one) { return !one->known_miss().empty(); }));
}

void compare(const schema::SuiteRecord* before, schema::SuiteRecord now, Row& row) {
  row.state = state_of(before, now);
  if (before != nullptr) {
    row.before = *before;
    row.difference = first_difference(*before, now);
  }
  row.now = std::move(now);
}

std::size_t Suite::count(State state) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [state](const Row& row) { return row.state == state; }));
}

std::size_t Suite::count(std::string_view verdict) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [verdict](const Row& row) { return row.verdict() == verdict; }));
}

bool needs_a_look(const Row& row) {
  return row.verdict() != "pass" || row.state == State::kMoved || row.state == State::kImproved;
}

std::vector<const Row*> in_order(const Suite& suite) {
  std::vector<const Row*> rows;
  for (const Row& row : suite.rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) {
    return std::tuple(urgency(*a), a->state, std::string_view{a->scenario}) <
           std::tuple(urgency(*b), b->state, std::string_view{b->scenario});
  });
  return rows;
}

}  // namespace parallax::scenarios::suite
