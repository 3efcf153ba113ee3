#include "cli/check_command.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "cli/interrupt.h"
#include "cli/scenario_files.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A folder that is there as long as it is.
struct Scratch {
  explicit Scratch(const std::string& name = "suite")
      : folder{fs::temp_directory_path() / ("parallax_check_" + name + "_" + std::to_string(::getpid()))} {
    fs::create_directories(folder);
  }
  ~Scratch() { fs::remove_all(folder); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path folder;

  std::string file(const std::string& name, const std::string& text) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  }
};

std::string scenario(const std::string& name) {
  std::string text = text_of(PARALLAX_SOURCE_DIR "/tests/cli/explained.txtpb");
  return text.replace(text.find("explained"), 9, name);
}

/// A result without a run: the scenario's name says how it goes.
scenarios::RunOutput played(const RunArguments&, const std::string&, const scenarios::Loaded& loaded,
                            const std::string&) {
  const std::string& name = loaded.scenario.name();
  if (name.starts_with("broken")) throw scenarios::BoundBroken("seed 1: a window is outside");
  if (name.starts_with("stopped")) throw Interrupted{};
  scenarios::RunOutput output;
  output.result.set_scenario(name);
  output.result.set_verdict(name.substr(0, name.find('-')));
  return output;
}

struct Checked {
  ExitCode code;
  std::string junit;
};

Checked check_all(const std::vector<std::string>& names, CheckArguments arguments = {}) {
  const Scratch scratch;
  for (const std::string& name : names) {
    arguments.paths.push_back(scratch.file(std::to_string(arguments.paths.size()) + ".txtpb", scenario(name)));
  }
  arguments.junit = (scratch.folder / "junit.xml").string();
  const ExitCode code = check(arguments, played);
  return {code, text_of(*arguments.junit)};
}

bool has_row(const Checked& checked, const std::string& name) {
  return checked.junit.find("<testsuite name=\"" + name + "\"") != std::string::npos;
}

TEST_CASE("the gravest of the rows decides") {
  CHECK(check_all({"pass", "pass-2"}).code == ExitCode::pass);
  CHECK(check_all({"pass", "inconclusive"}).code == ExitCode::inconclusive);
  CHECK(check_all({"inconclusive", "fail", "pass"}).code == ExitCode::fail);
  CheckArguments strict;
  strict.inconclusive = CheckArguments::Inconclusive::counts_as_failure;
  CHECK(check_all({"pass", "inconclusive"}, strict).code == ExitCode::fail);
}

TEST_CASE("a fault of the engine is a row of its own, and loses no other") {
  const Checked checked = check_all({"fail", "broken", "pass"});
  CHECK(checked.code == ExitCode::engine_fault);
  for (const char* name : {"fail", "broken", "pass"}) CHECK(has_row(checked, name));
  CHECK(checked.junit.find("engine fault: seed 1: a window is outside") != std::string::npos);
  CHECK(checked.junit.find("<error ") != std::string::npos);
}

TEST_CASE("an interrupt keeps what is finished, and blesses nothing") {
  const Scratch beside{"history"};
  CheckArguments arguments;
  arguments.baseline = (beside.folder / "history.jsonl").string();
  arguments.bless = "why";
  const Checked checked = check_all({"fail", "stopped", "pass"}, arguments);
  CHECK(checked.code == ExitCode::interrupted);
  CHECK(has_row(checked, "fail"));
  CHECK_FALSE(has_row(checked, "stopped"));
  CHECK_FALSE(has_row(checked, "pass"));
  CHECK_FALSE(fs::exists(*arguments.baseline));
}

TEST_CASE("what has no result is not blessed, and the others are") {
  const Scratch beside{"history"};
  CheckArguments arguments;
  arguments.baseline = (beside.folder / "history.jsonl").string();
  arguments.bless = "why";
  CHECK(check_all({"broken", "pass"}, arguments).code == ExitCode::engine_fault);
  const std::string lines = text_of(*arguments.baseline);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 1);
  CHECK(lines.find("\"because\":\"why\"") != std::string::npos);
}

TEST_CASE("a folder stands for the scenarios in it and below, by name, each once") {
  const Scratch scratch;
  const std::string b = scratch.file("b.txtpb", "name: \"b\"");
  const std::string a = scratch.file("sub/a.txtpb", "# A comment.\n# proto-message: parallax.schema.Scenario\n");
  scratch.file("sub/claims.txtpb", "# proto-message: parallax.schema.Claims\r\n");
  scratch.file("sub/notes.txt", "");
  const std::string whole = scratch.folder.string();
  CHECK(scenario_files({whole}) == std::vector<std::string>{b, a});
  CHECK(scenario_files({a, whole, whole + "/sub"}) == std::vector<std::string>{a, b});
  // Who names a file means it.
  CHECK(scenario_files({whole + "/sub/claims.txtpb", "missing.txtpb"}) ==
        std::vector<std::string>{whole + "/sub/claims.txtpb", "missing.txtpb"});
}

}  // namespace
}  // namespace parallax::cli
