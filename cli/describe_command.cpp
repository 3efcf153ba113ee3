#include "cli/describe_command.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include "cli/load_all.h"
#include "cli/standard_output.h"
#include "reports/authoring/claims_text.h"
#include "reports/authoring/describe_text.h"
#include "scenarios/claims/claims.h"
#include "scenarios/library.h"
#include "scenarios/scenario_text.h"
#include "scenarios/wording.h"

namespace parallax::cli {
namespace {

bool is_file_name(const std::string& name) {
  std::error_code ignored;
  return name.ends_with(".txtpb") || std::filesystem::exists(name, ignored);
}

ExitCode describe(const scenarios::LoadOutcome& outcome, std::string_view text) {
  print_problems(outcome.problems);
  if (!outcome.loaded) return ExitCode::usage;
  write_standard_output(reports::describe_text(*outcome.loaded, text));
  return ExitCode::pass;
}

ExitCode describe_scenario(const DescribeArguments& arguments) {
  const std::string& name = arguments.scenario;
  if (const auto entry = scenarios::find_in_library(name)) {
    return describe(scenarios::load(*entry, arguments.overrides), entry->text);
  }
  if (is_file_name(name)) {
    return describe(scenarios::load_file(name, arguments.overrides), scenarios::read_scenario_text(name).text);
  }
  std::fprintf(stderr, "unknown scenario %s%s\n", scenarios::quoted(name).c_str(),
               scenarios::suggestion_from_library(name).c_str());
  return ExitCode::usage;
}

ExitCode describe_claims(DescribeArguments::Form form) {
  const schema::Claims claims = scenarios::library_claims();
  const bool is_markdown = form == DescribeArguments::Form::markdown;
  write_standard_output(is_markdown ? reports::claims_markdown(claims) : reports::claims_text(claims));
  return ExitCode::pass;
}

}  // namespace

ExitCode describe(const DescribeArguments& arguments) {
  switch (arguments.what) {
    case DescribeArguments::What::metrics:
      write_standard_output(reports::metrics_text());
      return ExitCode::pass;
    case DescribeArguments::What::claims:
      return describe_claims(arguments.form);
    case DescribeArguments::What::scenario:
      break;
  }
  return describe_scenario(arguments);
}

}  // namespace parallax::cli
