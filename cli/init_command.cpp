#include "cli/init_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <set>
#include <string>

#include "cli/command_line.h"
#include "cli/load_all.h"
#include "cli/standard_output.h"
#include "reports/files.h"
#include "scenarios/data/places.h"
#include "scenarios/first_draft.h"
#include "scenarios/library.h"
#include "scenarios/wording.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

/// What is wrong with the places, or nothing.
std::string wrong_sites(const std::vector<std::string>& sites) {
  if (sites.size() < 2) return "found one place, expected two or more, as --sites eu,us,asia";
  std::set<std::string> taken;
  for (const std::string& site : sites) {
    const auto place = scenarios::data::find_place(site);
    if (!place) {
      std::vector<std::string> words;
      for (const auto& known : scenarios::data::places())
        words.emplace_back(known.word.empty() ? known.region : known.word);
      return fmt::format("unknown place {}{}", scenarios::quoted(site), scenarios::suggestion(site, "places", words));
    }
    if (!taken.insert(std::string(place->region)).second) {
      return fmt::format("{} is {} again, expected each place once", scenarios::quoted(site), place->where);
    }
  }
  return {};
}

/// What is wrong with the request, or nothing.
std::string objection(const InitArguments& arguments) {
  if (!arguments.from) return wrong_sites(arguments.sites);
  if (scenarios::find_in_library(*arguments.from)) return {};
  return fmt::format("unknown scenario {}{}", scenarios::quoted(*arguments.from),
                     scenarios::suggestion_from_library(*arguments.from));
}

fs::path file_of(const InitArguments& arguments) {
  if (arguments.file) return *arguments.file;
  return (arguments.from ? fs::path(*arguments.from).filename().string() : "scenario") + ".txtpb";
}

std::string draft(const InitArguments& arguments, const std::string& name) {
  return arguments.from ? scenarios::draft_from(*scenarios::find_in_library(*arguments.from), name)
                        : scenarios::draft_over(arguments.sites, name);
}

ExitCode refuse(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return ExitCode::usage;
}

}  // namespace

ExitCode init(const InitArguments& arguments) {
  if (const std::string wrong = objection(arguments); !wrong.empty()) return refuse(wrong);
  const fs::path file = file_of(arguments);
  if (fs::exists(fs::symlink_status(file)) && arguments.existing == InitArguments::Existing::kept) {
    return refuse(file.string() + " is there already; --force replaces it");
  }
  const std::string text = draft(arguments, file.stem().string());
  const scenarios::LoadOutcome outcome = scenarios::load_text(file.string(), text, {});
  if (!outcome.loaded) {  // a file's name need not be fit for a scenario's
    print_problems(outcome.problems);
    return ExitCode::usage;
  }
  reports::write_atomically(file, text);
  const std::string word = shell_word(file.string());
  write_standard_output(
      fmt::format("wrote {0}\n"
                  "next: parallax describe {1}   what it models, and what can be set\n"
                  "      parallax run {1}        simulates it; edit the file, and again\n",
                  file.string(), word));
  return ExitCode::pass;
}

}  // namespace parallax::cli
