// Where the files are that scenarios extend: on the disk, or in the library that the binary carries.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/scenario_text.h"

namespace parallax::scenarios {

class Shelf {
 public:
  Shelf() = default;
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;
  virtual ~Shelf() = default;

  virtual ScenarioText text(const std::filesystem::path& path) const = 0;

  /// The same for two paths that lead to one file.
  virtual std::filesystem::path identity(const std::filesystem::path& path) const = 0;

  /// Names of the scenario files in the folder where `path` would be; nothing if it is there itself.
  virtual std::vector<std::string> names_instead_of(const std::filesystem::path& path) const = 0;
};

class Disk final : public Shelf {
 public:
  ScenarioText text(const std::filesystem::path& path) const override;
  std::filesystem::path identity(const std::filesystem::path& path) const override;
  std::vector<std::string> names_instead_of(const std::filesystem::path& path) const override;
};

/// Paths are those below scenarios/library.
class CarriedLibrary final : public Shelf {
 public:
  ScenarioText text(const std::filesystem::path& path) const override;
  std::filesystem::path identity(const std::filesystem::path& path) const override;
  std::vector<std::string> names_instead_of(const std::filesystem::path& path) const override;
};

}  // namespace parallax::scenarios
