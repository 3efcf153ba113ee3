#include "cli/scenario_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "scenarios/scenario_text.h"

namespace parallax::cli {
namespace {

namespace fs = std::filesystem;

bool says_it_is_something_else(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string head;
  for (std::string line; std::getline(stream, line) && line.starts_with('#');) head += line + '\n';
  return scenarios::is_another_message(head);
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
