#include "scenarios/load.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "scenarios/check.h"
#include "scenarios/defaults.h"
#include "scenarios/extend.h"
#include "scenarios/measured_delays.h"
#include "scenarios/overrides.h"
#include "scenarios/parse.h"
#include "scenarios/profiles.h"
#include "scenarios/provenance.h"
#include "scenarios/scenario_text.h"

namespace parallax::scenarios {
namespace {

LoadOutcome refusal(std::string file, std::string message) {
  return {std::nullopt, {{std::move(file), 1, 1, std::move(message)}}};
}

/// Those of the file first, by place; then those of files that it extends, and of overrides. Several at one place in
/// the order found. Nothing is said twice.
std::vector<Problem> in_order(std::vector<Problem> problems, const Places& places) {
  std::stable_sort(problems.begin(), problems.end(), [&places](const Problem& a, const Problem& b) {
    return std::tuple(places.rank_of(a.file), a.line, a.column) < std::tuple(places.rank_of(b.file), b.line, b.column);
  });
  problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
  return problems;
}

/// Further problems than these are of words that nobody knows: something of the scenario is missing then, and what
/// would be said of that is none of its author's doing.
void pass_over_the_rest(Draft& draft, std::size_t problems) {
  const bool is_read = draft.extent == Draft::Extent::whole;
  if (is_read && draft.problems.size() > problems) draft.extent = Draft::Extent::but_for_unknown_words;
}

}  // namespace

LoadOutcome finish_loading(Draft draft, std::span<const std::string> overrides) {
  pass_over_the_rest(draft, 0);
  if (draft.extent == Draft::Extent::whole) {
    check_mutations(draft);
    const std::size_t so_far = draft.problems.size();
    apply_overrides(overrides, draft);
    refuse_to_extend(draft);
    pass_over_the_rest(draft, so_far);
  }
  const NameClash clash = check_values(draft);
  if (draft.extent == Draft::Extent::whole && clash == NameClash::none) {
    fill_defaults(*draft.scenario);
    fill_profiles(*draft.scenario);
    fill_measured(*draft.scenario);
    check_sense(draft);
  }
  if (!draft.problems.empty()) return {std::nullopt, in_order(std::move(draft.problems), draft.places)};
  std::vector<schema::Assumption> assumptions = assumptions_of(draft);
  return {Loaded{std::move(*draft.scenario), std::move(assumptions)}, {}};
}

LoadOutcome load_text(std::string_view file_name, std::string_view text, std::span<const std::string> overrides) {
  const std::string file(file_name);
  if (text.size() > kFileBytesMax) return refusal(file, "the file is too large; expected at most 16 MiB");
  return finish_loading(parse_text(file, text), overrides);
}

LoadOutcome load_from(const Shelf& shelf, const std::filesystem::path& path, std::string_view text,
                      std::span<const std::string> overrides) {
  return finish_loading(extended(parse_text(path.string(), text), path, shelf), overrides);
}

LoadOutcome load_file(const std::filesystem::path& path, std::span<const std::string> overrides) {
  const ScenarioText file = read_scenario_text(path);
  if (!file.error.empty()) return refusal(path.string(), file.error);
  return load_from(Disk{}, path, file.text, overrides);
}

}  // namespace parallax::scenarios
