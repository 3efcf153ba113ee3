#include "cli/schema_command.h"

#include <filesystem>
#include <string>

#include "cli/output_files.h"
#include "cli/standard_output.h"
#include "reports/authoring/schema_json.h"
#include "reports/files.h"
#include "scenarios/data/carried_file.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

/// As imports have them: scenarios/schema/scenario.proto.
ExitCode write_files(const fs::path& folder) {
  for (const scenarios::data::CarriedFile& file : scenarios::data::carried_schema()) {
    const fs::path path = folder / file.path;
    prepare_folder(path.parent_path());
    reports::write_atomically(path, std::string(file.text));
    write_standard_output("wrote " + path.string() + "\n");
  }
  return ExitCode::pass;
}

}  // namespace

ExitCode print_schema(const SchemaArguments& arguments) {
  if (arguments.form == SchemaArguments::Form::json) {
    write_standard_output(reports::schema_json());
    return ExitCode::pass;
  }
  if (arguments.out) return write_files(*arguments.out);
  for (const scenarios::data::CarriedFile& file : scenarios::data::carried_schema()) {
    write_standard_output("// " + std::string(file.path) + "\n" + std::string(file.text) + "\n");
  }
  return ExitCode::pass;
}

}  // namespace parallax::cli
