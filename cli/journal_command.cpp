#include "cli/journal_command.h"

#include <cstdio>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/load_all.h"
#include "cli/standard_output.h"
#include "reports/files.h"
#include "scenarios/journal_text.h"
#include "scenarios/units.h"

namespace parallax::cli {

ExitCode print_journal(const RunArguments& arguments) {
  const auto loaded = load_all(arguments);
  if (!loaded) return ExitCode::usage;
  const std::string& duration = loaded->front().scenario.duration();
  if (arguments.journal->from.ns >= scenarios::parse_duration(duration).value->ns) {
    std::fprintf(stderr, "%s: the run ends at %s; expected a stretch of the journal that begins before\n",
                 arguments.files.front().c_str(), duration.c_str());
    return ExitCode::usage;
  }
  catch_interrupts();
  try {
    scenarios::print_journal(loaded->front().scenario, arguments.seed.value_or(1), *arguments.journal,
                             [](std::string_view lines) {
                               stop_if_interrupted();
                               if (!lines.empty()) write_standard_output(lines);
                             });
    return ExitCode::pass;
  } catch (const Interrupted&) {
    return ExitCode::interrupted;
  } catch (const reports::OutputError&) {
    throw;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "engine fault: %s; to make it again: %s\n", error.what(),
                 reproducing_command(arguments, arguments.files.front()).c_str());
    return ExitCode::engine_fault;
  }
}

}  // namespace parallax::cli
