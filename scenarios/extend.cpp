#include "scenarios/extend.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/lay_over.h"
#include "scenarios/library.h"
#include "scenarios/shelf.h"
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

bool is_path(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < 0x20; });
}

/// What is wrong with extending `path`, or nothing.
std::string objection(const fs::path& path, const std::vector<fs::path>& chain, const Shelf& shelf) {
  if (std::find(chain.begin(), chain.end(), shelf.identity(path)) != chain.end()) {
    return fmt::format("{} comes back to itself; expected a file that does not extend this one", quoted(path.string()));
  }
  if (chain.size() < kFilesMax) return {};
  return fmt::format("{} would be file {} of a chain; expected at most {}", quoted(path.string()), kFilesMax + 1,
                     kFilesMax);
}

/// Whoever gives a name that `describe` takes is told how to come by a file.
std::string hint_at_library(const std::string& as_said) {
  if (!find_in_library(as_said)) return {};
  return fmt::format("; {0} is of the library: parallax init --from {0} writes it to a file that can be extended",
                     as_said);
}

/// `chain`: the files so far, the one of `draft` last.
Draft extended(Draft draft, const fs::path& path, std::vector<fs::path> chain, const Shelf& shelf) {
  const std::string as_said = draft.scenario->extends();
  if (draft.extent != Draft::Extent::whole) return draft;
  if (draft.places.find(*draft.scenario, kExtends, 0) == nullptr) {
    if (draft.scenario->remove_size() > 0) report(draft, kRemove, "remove without extends; expected both or neither");
    draft.scenario->clear_remove();  // all is said of it
    return draft;
  }
  if (!is_path(as_said)) return refused(std::move(draft), quoted(as_said) + " is no path; expected a scenario file");
  const fs::path lower_path = (path.parent_path() / as_said).lexically_normal();
  const std::string wrong = objection(lower_path, chain, shelf);
  if (!wrong.empty()) return refused(std::move(draft), wrong);
  const ScenarioText text = shelf.text(lower_path);
  if (!text.error.empty()) {
    const std::vector<std::string> names = shelf.names_instead_of(lower_path);
    return refused(std::move(draft), fmt::format("{}: {}{}{}", quoted(lower_path.string()), text.error,
                                                 suggestion(lower_path.filename().string(), "files there", names),
                                                 hint_at_library(as_said)));
  }
  chain.push_back(shelf.identity(lower_path));
  const Draft lower = extended(parse_text(lower_path.string(), text.text), lower_path, std::move(chain), shelf);
  return lay_over(std::move(draft), lower, as_said);
}

}  // namespace

Draft extended(Draft draft, const fs::path& path, const Shelf& shelf) {
  return extended(std::move(draft), path, {shelf.identity(path)}, shelf);
}

void refuse_to_extend(Draft& draft) {
  if (draft.scenario->extends().empty() && draft.scenario->remove_size() == 0) return;
  report(draft, draft.scenario->extends().empty() ? kRemove : kExtends,
         "only a scenario file can extend another; expected neither extends nor remove");
}

}  // namespace parallax::scenarios
