// The files of the comparison: what was measured, and which scenario says the same.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/places.h"
#include "scenarios/problem.h"
#include "scenarios/schema/testbed.pb.h"
#include "scenarios/schema/truth.pb.h"

namespace parallax::scenarios::truth {

/// A checked message and where its values stand; or all that is wrong with it. The message is on the heap, because
/// places know its parts by address.
template <typename Message>
struct ReadFile {
  std::unique_ptr<Message> message;  ///< null where there are problems
  Places places;
  std::vector<Problem> problems{};
};

ReadFile<schema::Truth> read_mapping(const std::filesystem::path& file);
ReadFile<schema::MeasuredSet> read_measured(const std::filesystem::path& file);
/// `overrides` are "path=value".
ReadFile<schema::Testbed> read_testbed(const std::filesystem::path& file, std::span<const std::string> overrides);

}  // namespace parallax::scenarios::truth
