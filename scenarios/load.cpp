#include "scenarios/load.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "scenarios/check.h"
#include "scenarios/defaults.h"
#include "scenarios/overrides.h"
#include "scenarios/parse.h"
#include "scenarios/profiles.h"
#include "scenarios/provenance.h"
#include "scenarios/text_file.h"

namespace parallax::scenarios {
namespace {

LoadOutcome refusal(std::string file, std::string message) {
  return {std::nullopt, {{std::move(file), 1, 1, std::move(message)}}};
}

/// Those of the file first, by place; several at one place in the order found. Nothing is said twice.
std::vector<Problem> in_order(std::vector<Problem> problems, const std::string& file) {
  std::stable_sort(problems.begin(), problems.end(), [&file](const Problem& a, const Problem& b) {
    return std::tuple(a.file != file, a.line, a.column) < std::tuple(b.file != file, b.line, b.column);
  });
  problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
  return problems;
}

}  // namespace

LoadOutcome load_text(std::string_view file_name, std::string_view text, std::span<const std::string> overrides) {
  const std::string file(file_name);
  if (text.size() > kFileBytesMax) return refusal(file, "the file is too large; expected at most 16 MiB");
  Draft draft = parse_text(file, text);
  if (draft.extent == Draft::Extent::whole) apply_overrides(overrides, draft);
  check_values(draft);
  if (draft.extent == Draft::Extent::whole) {
    fill_defaults(*draft.scenario);
    fill_profiles(*draft.scenario);
    check_sense(draft);
  }
  if (!draft.problems.empty()) return {std::nullopt, in_order(std::move(draft.problems), file)};
  std::vector<schema::Assumption> assumptions = assumptions_of(draft);
  return {Loaded{std::move(*draft.scenario), std::move(assumptions)}, {}};
}

LoadOutcome load_file(const std::filesystem::path& path, std::span<const std::string> overrides) {
  const auto read = read_text_file(path, "a scenario file");
  if (const auto* problem = std::get_if<Problem>(&read)) return {std::nullopt, {*problem}};
  return load_text(path.string(), std::get<std::string>(read), overrides);
}

}  // namespace parallax::scenarios
