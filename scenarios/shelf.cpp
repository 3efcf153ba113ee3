#include "scenarios/shelf.h"

#include <set>
#include <system_error>

#include "scenarios/data/carried_file.h"

namespace parallax::scenarios {

namespace fs = std::filesystem;

// A pipe or a device could keep its reader waiting for ever.
ScenarioText Disk::text(const fs::path& path) const {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  const bool other = fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
  if (other) return {{}, "no regular file; expected a scenario file"};
  return read_scenario_text(path);
}

fs::path Disk::identity(const fs::path& path) const {
  std::error_code failed;
  fs::path real = fs::canonical(path, failed);
  return failed ? path.lexically_normal() : real;
}

std::vector<std::string> Disk::names_instead_of(const fs::path& path) const {
  std::error_code failed;
  if (fs::exists(path, failed)) return {};
  std::set<std::string> names;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".txtpb") names.insert(entry->path().filename().string());
  }
  return {names.begin(), names.end()};
}

ScenarioText CarriedLibrary::text(const fs::path& path) const {
  for (const data::CarriedFile& file : data::carried_library()) {
    if (file.path == path.generic_string()) return {std::string(file.text), {}};
  }
  return {{}, "is not in the library; expected one of its scenarios"};
}

fs::path CarriedLibrary::identity(const fs::path& path) const { return path.lexically_normal(); }

std::vector<std::string> CarriedLibrary::names_instead_of(const fs::path& path) const {
  std::vector<std::string> names;
  for (const data::CarriedFile& file : data::carried_library()) {
    const fs::path other(file.path);
    if (other == path) return {};
    if (other.parent_path() == path.parent_path()) names.push_back(other.filename().string());
  }
  return names;
}

}  // namespace parallax::scenarios
