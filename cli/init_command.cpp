#include "cli/init_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "cli/command_line.h"
#include "cli/load_all.h"
#include "cli/standard_output.h"
#include "reports/files.h"
#include "scenarios/data/places.h"
#include "scenarios/data/round_trips.h"
#include "scenarios/first_draft.h"
#include "scenarios/library.h"
#include "scenarios/lower.h"
#include "scenarios/wording.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

std::string word_of(const scenarios::data::Place& place) {
  return std::string(place.word.empty() ? place.region : place.word);
}

/// Words for all places; those that people ask by, where there are any.
std::vector<std::string> place_words() {
  std::vector<std::string> words;
  for (const auto& known : scenarios::data::places()) words.push_back(word_of(known));
  return words;
}

/// The place that a part of the name is of: "West Europe", "asia-east1".
std::optional<scenarios::data::Place> place_within(std::string_view name) {
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of(" -"), name.size());
    if (const auto place = scenarios::data::find_place(name.substr(0, end))) return place;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return std::nullopt;
}

/// The word for the place with the likest name of any kind; empty: none is near.
std::string nearest_place(const std::string& site) {
  if (const auto within = place_within(site)) return word_of(*within);
  std::vector<std::string> names;
  for (const auto& known : scenarios::data::places()) {
    for (const std::string_view name : {known.word, known.where, known.region}) names.emplace_back(name);
  }
  const auto place = scenarios::data::find_place(scenarios::nearest_word(site, names));
  return place ? word_of(*place) : "";
}

/// The name of the set of round trips that has such a region, whatever the case of letters; empty: none has.
std::string set_with(std::string_view name) {
  const std::string asked = scenarios::lower(name);
  for (const auto& set : scenarios::data::all_round_trips()) {
    for (const std::string& region : set.regions) {
      if (scenarios::lower(region) == asked) return set.name;
    }
  }
  return {};
}

std::string unknown_place(const std::string& site) {
  if (site.empty()) return "found no place beside a comma, expected one, as --sites eu,us,asia";
  const std::vector<std::string> words = place_words();
  const std::string nearest = nearest_place(site);
  const std::string question = nearest.empty() ? "" : fmt::format("; did you mean {}?", scenarios::quoted(nearest));
  const std::string places = fmt::format("{} (places: {})", question, scenarios::listing(words));
  const std::string set = set_with(site);
  if (set.empty()) return fmt::format("unknown place {}{}", scenarios::quoted(site), places);
  return fmt::format("{} is a place of {}; expected one of {}, from which init takes all of them{}",
                     scenarios::quoted(site), set, scenarios::kDraftSet, places);
}

/// What is wrong with the places, or nothing.
std::string wrong_sites(const std::vector<std::string>& sites) {
  std::set<std::string> taken;
  for (const std::string& site : sites) {
    const auto place = scenarios::data::find_place(site);
    if (!place) return unknown_place(site);
    if (!taken.insert(std::string(place->region)).second) {
      return fmt::format("{} is {} again, expected each place once", scenarios::quoted(site), place->where);
    }
  }
  return sites.size() < 2 ? "found one place, expected two or more, as --sites eu,us,asia" : "";
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

/// What is wrong with writing there, or nothing.
std::string wrong_file(const fs::path& file, InitArguments::Existing existing) {
  std::error_code failed;
  const fs::file_status status = fs::symlink_status(file, failed);
  if (fs::exists(status) && existing == InitArguments::Existing::kept) {
    return file.string() + " is there already; --force replaces it";
  }
  if (failed != std::errc::filename_too_long) return {};
  return fmt::format("{}: {}; expected a shorter one", scenarios::quoted(file.string()), failed.message());
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
  if (const std::string wrong = wrong_file(file, arguments.existing); !wrong.empty()) return refuse(wrong);
  const std::string text = draft(arguments, file.stem().string());
  const scenarios::LoadOutcome outcome = scenarios::load_text(file.string(), text, {});
  if (!outcome.loaded) {  // a file's name need not be fit for a scenario's
    print_problems(outcome.problems);
    return ExitCode::usage;
  }
  std::error_code failed;
  const bool is_new = file.has_parent_path() && !fs::exists(file.parent_path(), failed);
  reports::write_atomically(file, text);
  if (is_new) write_standard_output(fmt::format("made the folder {}\n", file.parent_path().string()));
  const std::string word = shell_word(file.string());
  write_standard_output(
      fmt::format("wrote {0}\n"
                  "next: parallax describe {1}   what it models, and what can be set\n"
                  "      parallax run {1}        simulates it; edit the file, and again\n",
                  file.string(), word));
  return ExitCode::pass;
}

}  // namespace parallax::cli
