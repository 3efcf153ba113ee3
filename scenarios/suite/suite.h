// A regression suite that was run: a row for each scenario, and what they come to. The only input of its reports.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/suite.pb.h"
#include "scenarios/suite/difference.h"
#include "scenarios/suite/holding.h"
#include "scenarios/suite/state.h"

namespace parallax::scenarios::suite {

struct Row {
  std::string scenario;                         ///< name
  std::string title;                            ///< may be empty
  std::string command;                          ///< that makes it again
  std::optional<schema::SuiteRecord> now{};     ///< none after a fault of the engine
  std::optional<schema::SuiteRecord> before{};  ///< what was blessed last
  State state{State::kNew};
  std::optional<Difference> difference{};    ///< from what was blessed, if any seed went another way
  std::string again{};                       ///< command that shows what happens where it differs
  std::string sentence{};                    ///< the finding in words
  std::vector<std::string> reasons{};        ///< of the verdict, in words
  std::string fault{};                       ///< what the engine said
  std::string report{};                      ///< path of its report from the suite's page; empty: none
  std::string asked{};                       ///< that changes the scenario: "--set duration=5m"; empty: nothing
  std::vector<schema::SuitePast> history{};  ///< all that was blessed, the oldest first

  /// pass, fail, inconclusive or error.
  std::string_view verdict() const;
};

/// Expectations that came out so.
std::vector<const schema::SuiteExpectation*> with(Holding holding, const Row& row);

/// Targets that are missed, and are known to be.
std::size_t known_misses(const Row& row);

/// A result held against what was blessed.
void compare(const schema::SuiteRecord* before, schema::SuiteRecord now, Row& row);

struct Suite {
  std::vector<Row> rows;
  std::size_t selected{0};  ///< scenarios; more than rows if it was interrupted
  enum class Inconclusive { kAllowed, kCountsAsFailure } inconclusive{Inconclusive::kAllowed};
  std::string command;  ///< that runs it again

  std::size_t count(State state) const;
  std::size_t count(std::string_view verdict) const;
};

/// Whether somebody has to look at it: it does not pass, or did not go as it was blessed.
bool needs_a_look(const Row& row);

/// Regressed first, same and passing last; alike by name.
std::vector<const Row*> in_order(const Suite& suite);

}  // namespace parallax::scenarios::suite
