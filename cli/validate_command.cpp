#include "cli/validate_command.h"

#include <fmt/format.h>

#include "cli/load_all.h"
#include "cli/standard_output.h"
#include "scenarios/metrics.h"
#include "scenarios/timers.h"

namespace parallax::cli {
namespace {

std::string counted(int count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string size_of(const schema::Scenario& scenario) {
  int nodes = 0;
  for (const schema::Site& site : scenario.sites()) nodes += site.nodes_size();
  return fmt::format("{}, {}, {}, {}, {}, {}, {}", counted(scenario.sites_size(), "site"), counted(nodes, "node"),
                     counted(scenario.regions_size(), "region"),
                     counted(scenario.workload().populations_size(), "population"),
                     counted(scenario.workload().writes_size(), "write"), counted(scenario.faults_size(), "fault"),
                     counted(scenario.expectations_size(), "expectation"));
}

}  // namespace

ExitCode validate(const ValidateArguments& arguments) {
  const auto loaded = load_all(arguments.files, arguments.overrides);
  if (!loaded) return ExitCode::usage;
  for (std::size_t i = 0; i < loaded->size(); ++i) {
    const schema::Scenario& scenario = (*loaded)[i].scenario;
    write_standard_output(fmt::format("{}: ok ({})\n", arguments.files[i], size_of(scenario)));
    const auto advice = scenarios::advice_on_duration(scenario);
    for (const schema::Expectation& expectation : scenario.expectations()) {
      if (!scenarios::is_never_measured(expectation.metric())) continue;
      write_standard_output(fmt::format("{}: {}: no model makes this change yet; the target will be inconclusive\n",
                                        arguments.files[i], expectation.metric()));
    }
    if (advice) write_standard_output(fmt::format("{}: {}\n", arguments.files[i], *advice));
  }
  return ExitCode::pass;
}

}  // namespace parallax::cli
