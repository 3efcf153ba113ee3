#include "cli/bounds_command.h"

#include "cli/load_all.h"
#include "cli/standard_output.h"
#include "reports/run/bounds_text.h"
#include "scenarios/result_bounds.h"

namespace parallax::cli {

ExitCode bounds(const BoundsArguments& arguments) {
  const auto loaded = load_all(arguments.files, arguments.overrides);
  if (!loaded) return ExitCode::usage;
  bool is_first = true;
  for (const scenarios::Loaded& one : *loaded) {
    const schema::Result foreseen = scenarios::foresee(one.scenario);
    std::string text = std::exchange(is_first, false) ? "" : "\n";
    text += reports::bounds_text(foreseen);
    if (arguments.dependencies) text += reports::dependencies_text(foreseen);
    write_standard_output(text);
  }
  return ExitCode::pass;
}

}  // namespace parallax::cli
