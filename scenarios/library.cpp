#include "scenarios/library.h"

#include <algorithm>

#include "scenarios/data/carried_file.h"
#include "scenarios/scenario_text.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('/') + 1); }

}  // namespace

std::vector<LibraryEntry> library() {
  std::vector<LibraryEntry> entries;
  for (const data::CarriedFile& file : data::carried_library()) {
    if (is_another_message(file.text)) continue;
    entries.push_back({std::string(file.path.substr(0, file.path.rfind('.'))), file.text});
  }
  std::sort(entries.begin(), entries.end(), [](const LibraryEntry& a, const LibraryEntry& b) {
    const bool a_is_below = a.name.find('/') != std::string::npos;
    const bool b_is_below = b.name.find('/') != std::string::npos;
    return a_is_below != b_is_below ? b_is_below : a.name < b.name;
  });
  return entries;
}

std::optional<LibraryEntry> find_in_library(std::string_view name) {
  std::vector<LibraryEntry> alike;
  for (LibraryEntry& entry : library()) {
    if (entry.name == name) return std::move(entry);
    if (last_part(entry.name) == name) alike.push_back(std::move(entry));
  }
  return alike.size() == 1 ? std::optional(std::move(alike.front())) : std::nullopt;
}

std::string suggestion_from_library(std::string_view name) {
  std::vector<std::string> names;
  for (const LibraryEntry& entry : library()) {
    names.push_back(entry.name);
    if (last_part(name) == name) names.back() = last_part(entry.name);
  }
  return suggestion(name, "scenarios", names);
}

LoadOutcome load(const LibraryEntry& entry, std::span<const std::string> overrides) {
  return load_from(CarriedLibrary{}, entry.name + ".txtpb", entry.text, overrides);
}

}  // namespace parallax::scenarios
