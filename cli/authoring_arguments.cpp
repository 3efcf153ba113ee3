#include "cli/authoring_arguments.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string_view>

namespace parallax::cli {
namespace {

constexpr const char* kListExamples =
    "Examples:\n"
    "  parallax list                                  the library that this command carries\n"
    "  parallax list --data                           measured round trips, for delay { measured { ... } }";

constexpr const char* kDescribeExamples =
    "Examples:\n"
    "  parallax describe active_active                a scenario of the library\n"
    "  parallax describe mine.txtpb                   your own, with what it leaves at its defaults\n"
    "  parallax describe --metrics                    what expectations can be about\n"
    "  parallax describe --claims                     what others claim of such deployments, with our verdicts";

constexpr const char* kInitExamples =
    "Examples:\n"
    "  parallax init --sites eu,us,asia mine.txtpb    a plain deployment over these places\n"
    "  parallax init --from active_active mine.txtpb  a copy of one of the library's, to be changed";

constexpr const char* kSchemaExamples =
    "Examples:\n"
    "  parallax schema --out editor                   .proto files for language servers of Protobuf text\n"
    "  parallax schema --json                         each field with its default, range and help";

ExitCode refused(const char* message) {
  std::fputs(message, stderr);
  return ExitCode::usage;
}

/// Also what is nothing, so that it can be objected to.
std::vector<std::string> split_at_commas(const std::vector<std::string>& texts) {
  std::vector<std::string> parts;
  for (std::string_view text : texts) {
    for (std::size_t comma = text.find(','); comma != std::string_view::npos; comma = text.find(',')) {
      parts.emplace_back(text.substr(0, comma));
      text.remove_prefix(comma + 1);
    }
    parts.emplace_back(text);
  }
  return parts;
}

}  // namespace

AuthoringCommands::AuthoringCommands(CLI::App& app) {
  add_list(app);
  add_describe(app);
  add_init(app);
  add_schema(app);
}

void AuthoringCommands::add_list(CLI::App& app) {
  list_command_ = app.add_subcommand("list", "Name the library's scenarios, or the round trips, to begin with");
  list_command_->add_flag("--data", data_, "Round trips that delays can be taken from, with their regions");
  list_command_->footer(kListExamples);
}

void AuthoringCommands::add_describe(CLI::App& app) {
  describe_command_ = app.add_subcommand("describe", "Tell what a scenario models, in words, without running it");
  describe_command_->add_option("scenario", describe_.scenario, "A name that `parallax list` prints, or a file")
      ->type_name("NAME|FILE");
  describe_command_->add_flag("--metrics", metrics_,
                              "Every metric with its unit and definition, in place of a scenario");
  CLI::Option* claims = describe_command_->add_flag(
      "--claims", claims_, "What others claim of the library's deployments, with our verdicts, in place of a scenario");
  describe_command_->add_flag("--markdown", markdown_, "Claims as tables in Markdown")->needs(claims);
  describe_command_->add_option("--set", describe_.overrides, "Replace one value first, as with run. Repeatable.")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  describe_command_->footer(kDescribeExamples);
}

void AuthoringCommands::add_init(CLI::App& app) {
  init_command_ = app.add_subcommand("init", "Begin a scenario of your own");
  CLI::Option* from =
      init_command_->add_option("--from", init_.from, "Begin with this one of the library")->type_name("NAME");
  init_command_
      ->add_option("--sites", init_.sites, "Begin with data centers at these places (parallax list --data), a,b,c")
      ->type_name("PLACE,...")
      ->allow_extra_args(false)
      ->excludes(from);
  init_command_->add_option("file", init_.file, "The file to write [<name>.txtpb]")->type_name("FILE");
  init_command_->add_flag("--force", force_, "Replace the file if there is one");
  init_command_->footer(kInitExamples);
}

void AuthoringCommands::add_schema(CLI::App& app) {
  schema_command_ = app.add_subcommand("schema", "Print the schema of scenarios, for editors");
  CLI::Option* out =
      schema_command_->add_option("--out", schema_.out, "Write the .proto files below this folder instead")
          ->type_name("DIR");
  schema_command_->add_flag("--json", json_, "Print each field with its default, range and help as JSON")
      ->excludes(out);
  schema_command_->footer(kSchemaExamples);
}

AuthoringRequest AuthoringCommands::describe_request() const {
  DescribeArguments arguments = describe_;
  if (metrics_) arguments.what = DescribeArguments::What::metrics;
  if (claims_) arguments.what = DescribeArguments::What::claims;
  if (markdown_) arguments.form = DescribeArguments::Form::markdown;
  if (int{!arguments.scenario.empty()} + int{metrics_} + int{claims_} != 1) {
    return refused("expected NAME, FILE, --metrics or --claims, and one of them\n");
  }
  return arguments;
}

AuthoringRequest AuthoringCommands::init_request() const {
  InitArguments arguments = init_;
  arguments.sites = split_at_commas(init_.sites);
  if (force_) arguments.existing = InitArguments::Existing::replaced;
  if (!arguments.from && arguments.sites.empty()) {
    return refused("expected --from NAME (see parallax list) or --sites PLACE,PLACE (as --sites eu,us,asia)\n");
  }
  return arguments;
}

std::optional<AuthoringRequest> AuthoringCommands::request() const {
  if (list_command_->parsed()) {
    return ListArguments{data_ ? ListArguments::What::data : ListArguments::What::scenarios};
  }
  if (describe_command_->parsed()) return describe_request();
  if (init_command_->parsed()) return init_request();
  if (!schema_command_->parsed()) return std::nullopt;
  SchemaArguments arguments = schema_;
  if (json_) arguments.form = SchemaArguments::Form::json;
  return arguments;
}

}  // namespace parallax::cli
