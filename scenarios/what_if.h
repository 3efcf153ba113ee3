// One window in a run, and the same one in a run of the same seed with another configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/run.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::scenarios {

/// The windows of the change `id`, one for each observer; empty if the run has no such change.
std::vector<schema::Window> windows_of(const SeedRun& run, std::string_view id);

/// The ids of all changes, in order of their acknowledgement.
std::vector<std::string> change_ids(const SeedRun& run);

/// The same window of another run. Records are numbered otherwise there, so it is known by what happened: the k-th
/// change of this kind, of this object, by this writer, as this observer sees it. Nothing if the other run has not so
/// many. Requires: `window` is of `run`.
std::optional<schema::Window> counterpart(const SeedRun& run, const schema::Window& window, const SeedRun& other);

/// All windows of its kind of change that were written at the same site and seen by the same observer.
std::optional<schema::WindowClass> class_of(const std::vector<SeedRun>& runs, const schema::Window& window);

}  // namespace parallax::scenarios
