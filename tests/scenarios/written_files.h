// Scenario files in a folder that is gone when the test is over.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace parallax::testing {

class WrittenFiles {
 public:
  explicit WrittenFiles(const std::string& name)
      : folder_{std::filesystem::temp_directory_path() / ("parallax_" + name + "_" + std::to_string(::getpid()))} {
    std::filesystem::create_directories(folder_);
  }
  ~WrittenFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  WrittenFiles(const WrittenFiles&) = delete;
  WrittenFiles& operator=(const WrittenFiles&) = delete;

  const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace parallax::testing
