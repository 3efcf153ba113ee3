#include "cli/scenario_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

// The head that Protobuf's text format has for this (its specification, "Header").
bool says_it_is_something_else(const fs::path& file) {
  constexpr std::string_view kHeader = "# proto-message:";
  std::ifstream stream(file, std::ios::binary);
  std::string line;
  while (std::getline(stream, line) && line.starts_with('#')) {
    if (!line.starts_with(kHeader)) continue;
    const std::size_t begin = std::min(line.find_first_not_of(' ', kHeader.size()), line.size());
    const std::string name = line.substr(begin, line.find_last_not_of(" \r") + 1 - begin);
    return name != "parallax.schema.Scenario" && name != "Scenario";
  }
  return false;
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const bool is_text = entry.path().extension() == ".txtpb" && !entry.is_directory();
    if (is_text && !says_it_is_something_else(entry.path())) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<std::string> scenario_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  std::set<fs::path> taken;
  for (const std::string& path : paths) {
    const std::vector<std::string> named = fs::is_directory(path) ? files_below(path) : std::vector{path};
    for (const std::string& file : named) {
      if (taken.insert(fs::weakly_canonical(file)).second) files.push_back(file);
    }
  }
  return files;
}

}  // namespace parallax::cli
