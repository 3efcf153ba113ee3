// The scenarios of scenarios/library, in all of its folders.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace parallax::test {

inline std::filesystem::path library_folder() {
  return std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library";
}

/// By name. What is no scenario beside them is left out: what others claim of them.
inline std::vector<std::filesystem::path> library_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(library_folder())) {
    const std::filesystem::path& file = entry.path();
    if (file.extension() == ".txtpb" && file.filename() != "claims.txtpb") files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// "databases/keys_alike"
inline std::string library_name(const std::filesystem::path& file) {
  return file.lexically_relative(library_folder()).replace_extension().generic_string();
}

}  // namespace parallax::test
