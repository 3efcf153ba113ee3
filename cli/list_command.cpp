#include "cli/list_command.h"

#include <stdexcept>
#include <vector>

#include "cli/standard_output.h"
#include "reports/authoring/list_text.h"
#include "scenarios/data/round_trips.h"
#include "scenarios/library.h"

namespace parallax::cli {
namespace {

std::vector<reports::ListedScenario> listed_library() {
  std::vector<reports::ListedScenario> listed;
  for (const scenarios::LibraryEntry& entry : scenarios::library()) {
    const scenarios::LoadOutcome outcome = scenarios::load(entry, {});
    if (!outcome.loaded) throw std::logic_error("a scenario of the library: " + to_string(outcome.problems.front()));
    listed.push_back({entry.name, outcome.loaded->scenario.title()});
  }
  return listed;
}

}  // namespace

ExitCode list(const ListArguments& arguments) {
  if (arguments.what == ListArguments::What::data) {
    write_standard_output(reports::data_text(scenarios::data::all_round_trips()));
    return ExitCode::pass;
  }
  write_standard_output(reports::list_text(listed_library()));
  write_standard_output("\nparallax describe NAME tells of one; parallax init --from NAME begins with it.\n");
  return ExitCode::pass;
}

}  // namespace parallax::cli
