// The files of the comparison: what was measured, and which scenario says the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scenarios/load.h"
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

/// Where files are. The binary carries scenarios/truth and scenarios/library, under these names.
enum class From : std::uint8_t { kDisk, kBinary };

ReadFile<schema::Truth> read_mapping(const std::filesystem::path& file, From from = From::kDisk);
ReadFile<schema::MeasuredSet> read_measured(const std::filesystem::path& file, From from = From::kDisk);
/// `overrides` are "path=value".
ReadFile<schema::Testbed> read_testbed(const std::filesystem::path& file, std::span<const std::string> overrides,
                                       From from = From::kDisk);
LoadOutcome read_scenario(const std::filesystem::path& file, std::span<const std::string> overrides, From from);

/// "truth/cut" of "scenarios/library/truth/cut.txtpb".
std::string library_name(const std::filesystem::path& file);

}  // namespace parallax::scenarios::truth
