#include "cli/load_all.h"

#include <cstdio>
#include <utility>

namespace parallax::cli {

std::optional<std::vector<scenarios::Loaded>> load_all(const std::vector<std::string>& files,
                                                       const std::vector<std::string>& overrides) {
  std::vector<scenarios::Loaded> loaded;
  for (const std::string& file : files) {
    scenarios::LoadOutcome outcome = scenarios::load_file(file, overrides);
    for (const scenarios::Problem& problem : outcome.problems) {
      std::fprintf(stderr, "%s\n", to_string(problem).c_str());
    }
    if (outcome.loaded) loaded.push_back(std::move(*outcome.loaded));
  }
  if (loaded.size() != files.size()) return std::nullopt;
  return loaded;
}

}  // namespace parallax::cli
