#include "cli/fit_command.h"

#include "cli/load_all.h"
#include "cli/standard_output.h"
#include "reports/authoring/fit_text.h"
#include "reports/files.h"
#include "reports/json.h"
#include "scenarios/fitting/fit.h"
#include "scenarios/fitting/measurements.h"

namespace parallax::cli {

ExitCode fit(const FitArguments& arguments) {
  auto read = scenarios::fitting::read_measurements(arguments.file, {arguments.column, arguments.unit});
  if (!read.measurements) {
    print_problems(read.problems);
    return ExitCode::usage;
  }
  // What ping measures there and back is halved for one way; of other files nobody knows but the user.
  const bool is_one_way = arguments.as == "delay";
  read.measurements->are_round_trips = arguments.round_trip || (is_one_way && read.measurements->are_round_trips);
  const schema::Fit found = scenarios::fitting::fit(std::move(*read.measurements), arguments.file, arguments.as);
  const std::string text = arguments.json ? reports::to_json_line(found) + "\n" : reports::fit_text(found);
  if (arguments.out) {
    reports::write_atomically(*arguments.out, text);
  } else {
    write_standard_output(text);
  }
  return ExitCode::pass;
}

}  // namespace parallax::cli
