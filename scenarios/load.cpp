#include "scenarios/load.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <tuple>
#include <utility>

#include "scenarios/check.h"
#include "scenarios/defaults.h"
#include "scenarios/overrides.h"
#include "scenarios/parse.h"
#include "scenarios/profiles.h"
#include "scenarios/provenance.h"

namespace parallax::scenarios {
namespace {

// Ours: a thousand times the largest scenario that a person would write, and little enough to read at once.
constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;

ReadText refusal(std::string file, std::string message) {
  return {std::nullopt, {std::move(file), 1, 1, std::move(message)}};
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

ReadText read_scenario_text(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return refusal(path.string(), "found a folder; expected a scenario file");
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return refusal(path.string(),
                   std::string("cannot be opened (") + std::strerror(errno) + "); expected a scenario file");
  }
  // One byte more than allowed tells a file that is too large, even one without an end.
  std::string text(kFileBytesMax + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return refusal(path.string(), "cannot be read; expected a scenario file");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kFileBytesMax) return refusal(path.string(), "the file is too large; expected at most 16 MiB");
  return {std::move(text), {}};
}

LoadOutcome finish_loading(Draft draft, std::span<const std::string> overrides) {
  const std::string file = draft.places.file();
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

LoadOutcome load_text(std::string_view file_name, std::string_view text, std::span<const std::string> overrides) {
  return finish_loading(parse_text(std::string(file_name), text), overrides);
}

LoadOutcome load_file(const std::filesystem::path& path, std::span<const std::string> overrides) {
  ReadText read = read_scenario_text(path);
  if (!read.text) return {std::nullopt, {std::move(read.problem)}};
  return load_text(path.string(), *read.text, overrides);
}

}  // namespace parallax::scenarios
