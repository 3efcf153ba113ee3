// From the text of a scenario to its message: syntax only. Everything that the schema does not know is found at once; a
// syntax error ends the reading of the file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/places.h"
#include "scenarios/problem.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// A scenario on its way through loading. On the heap, because `places` knows its messages by address.
struct Draft {
  /// But for unknown words: it was read to its end, and something of the scenario is missing all the same.
  enum class Extent { whole, but_for_unknown_words, until_syntax_error };

  explicit Draft(std::string file) : places{std::move(file)} {}

  std::unique_ptr<schema::Scenario> scenario{std::make_unique<schema::Scenario>()};
  std::unique_ptr<schema::Scenario> replaced{};  ///< holds what a trial has taken the place of (trial.h)
  Places places;
  std::vector<Problem> problems{};
  Extent extent{Extent::whole};
};

Draft parse_text(const std::string& file_name, std::string_view text);

/// The same of any message whose fields have rules. `expected` says what the text should be, for one that cannot be it.
Draft::Extent parse_message(std::string_view text, std::string_view expected, google::protobuf::Message& into,
                            Places& places, std::vector<Problem>& problems);

}  // namespace parallax::scenarios
