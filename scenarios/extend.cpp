#include "scenarios/extend.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "scenarios/lay_over.h"
#include "scenarios/scenario_text.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

namespace fs = std::filesystem;

// Ours: deeper ones nobody could follow.
constexpr std::size_t kFilesMax = 8;

enum Field { kExtends = schema::Scenario::kExtendsFieldNumber, kRemove = schema::Scenario::kRemoveFieldNumber };

void report(Draft& draft, Field field, std::string message) {
  const Place place = draft.places.nearest(*draft.scenario, field, 0);
  draft.problems.push_back(draft.places.problem(place, std::move(message)));
}

Draft refused(Draft draft, std::string message) {
  report(draft, kExtends, "extends: " + std::move(message));
  draft.extent = Draft::Extent::until_syntax_error;  // what is missing may stand in the other file
  return draft;
}

/// The same for two paths that lead to one file.
fs::path identity(const fs::path& path) {
  std::error_code failed;
  fs::path real = fs::canonical(path, failed);
  return failed ? path.lexically_normal() : real;
}

/// Scenario files in the folder of one that is not there.
std::string files_beside(const fs::path& missing) {
  std::error_code failed;
  if (fs::exists(missing, failed)) return {};
  std::set<std::string> names;
  const fs::path folder = missing.has_parent_path() ? missing.parent_path() : fs::path{"."};
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".txtpb") names.insert(entry->path().filename().string());
  }
  const std::vector<std::string> list(names.begin(), names.end());
  return suggestion(missing.filename().string(), "files there", list);
}

bool is_path(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < 0x20; });
}

/// What is wrong with extending `path`, or nothing.
std::string objection(const fs::path& path, const std::vector<fs::path>& chain) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (std::find(chain.begin(), chain.end(), identity(path)) != chain.end()) {
    return fmt::format("{} comes back to itself; expected a file that does not extend this one", quoted(path.string()));
  }
  if (chain.size() >= kFilesMax) {
    return fmt::format("{} would be file {} of a chain; expected at most {}", quoted(path.string()), kFilesMax + 1,
                       kFilesMax);
  }
  const bool other = fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
  return other ? quoted(path.string()) + " is no regular file; expected a scenario file" : std::string{};
}

/// `chain`: the files so far, the one of `draft` last.
Draft extended(Draft draft, const fs::path& path, std::vector<fs::path> chain) {
  const std::string as_said = draft.scenario->extends();
  if (draft.extent != Draft::Extent::whole) return draft;
  if (draft.places.find(*draft.scenario, kExtends, 0) == nullptr) {
    if (draft.scenario->remove_size() > 0) report(draft, kRemove, "remove without extends; expected both or neither");
    return draft;
  }
  if (!is_path(as_said)) return refused(std::move(draft), quoted(as_said) + " is no path; expected a scenario file");
  const fs::path base_path = (path.parent_path() / as_said).lexically_normal();
  if (const std::string wrong = objection(base_path, chain); !wrong.empty()) return refused(std::move(draft), wrong);
  const ScenarioText base = read_scenario_text(base_path);
  if (!base.error.empty()) {
    return refused(std::move(draft),
                   fmt::format("{}: {}{}", quoted(base_path.string()), base.error, files_beside(base_path)));
  }
  chain.push_back(identity(base_path));
  const Draft lower = extended(parse_text(base_path.string(), base.text), base_path, std::move(chain));
  return lay_over(std::move(draft), lower, as_said);
}

}  // namespace

Draft extended(Draft draft, const fs::path& path) { return extended(std::move(draft), path, {identity(path)}); }

void refuse_to_extend(Draft& draft) {
  if (draft.scenario->extends().empty() && draft.scenario->remove_size() == 0) return;
  report(draft, draft.scenario->extends().empty() ? kRemove : kExtends,
         "only a scenario file can extend another; expected neither extends nor remove");
}

}  // namespace parallax::scenarios
