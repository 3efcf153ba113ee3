// The `parallax` command: options in, exit code out.
#include <cstdio>
#include <exception>

#include "cli/arguments.h"
#include "cli/backtest_command.h"
#include "cli/bounds_command.h"
#include "cli/check_command.h"
#include "cli/compare_command.h"
#include "cli/describe_command.h"
#include "cli/explain_command.h"
#include "cli/fit_command.h"
#include "cli/init_command.h"
#include "cli/list_command.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/schema_command.h"
#include "cli/truth_command.h"
#include "cli/validate_command.h"
#include "reports/files.h"

namespace parallax::cli {
namespace {

ExitCode answer(const Request& request) {
  if (const auto* arguments = std::get_if<RunArguments>(&request)) return run(*arguments);
  if (const auto* arguments = std::get_if<CheckArguments>(&request)) return check(*arguments);
  if (const auto* arguments = std::get_if<ValidateArguments>(&request)) return validate(*arguments);
  if (const auto* arguments = std::get_if<CompareArguments>(&request)) return compare(*arguments);
  if (const auto* arguments = std::get_if<BoundsArguments>(&request)) return bounds(*arguments);
  if (const auto* arguments = std::get_if<ExplainArguments>(&request)) return explain(*arguments);
  if (const auto* arguments = std::get_if<ReportArguments>(&request)) return report(*arguments);
  if (const auto* arguments = std::get_if<FitArguments>(&request)) return fit(*arguments);
  if (const auto* arguments = std::get_if<BacktestArguments>(&request)) return backtest(*arguments);
  if (const auto* arguments = std::get_if<ListArguments>(&request)) return list(*arguments);
  if (const auto* arguments = std::get_if<DescribeArguments>(&request)) return describe(*arguments);
  if (const auto* arguments = std::get_if<InitArguments>(&request)) return init(*arguments);
  if (const auto* arguments = std::get_if<SchemaArguments>(&request)) return print_schema(*arguments);
  if (const auto* arguments = std::get_if<TruthArguments>(&request)) return truth(*arguments);
  return std::get<ExitCode>(request);
}

/// Every error ends here at the latest, and has an exit code.
ExitCode guarded(int count, const char* const* arguments) {
  try {
    return answer(parse_arguments(count, arguments));
  } catch (const reports::OutputError& error) {
    std::fprintf(stderr, "output could not be written: %s\n", error.what());
    return ExitCode::output_failed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "engine fault: %s\n", error.what());
    return ExitCode::engine_fault;
  } catch (...) {
    std::fputs("engine fault: unknown exception\n", stderr);
    return ExitCode::engine_fault;
  }
}

}  // namespace
}  // namespace parallax::cli

int main(int count, char** arguments) { return static_cast<int>(parallax::cli::guarded(count, arguments)); }
