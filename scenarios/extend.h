// `extends: "base.txtpb"`: a scenario file together with those that it is laid over.
#pragma once

#include <filesystem>

#include "scenarios/parse.h"
#include "scenarios/shelf.h"

namespace parallax::scenarios {

/// `draft` as read from `path` of a shelf, laid over the file that it extends, which may extend another in turn. A file
/// that is missing, unreadable or extended by itself, and a chain of more than eight, are problems at the `extends`
/// that names it.
Draft extended(Draft draft, const std::filesystem::path& path, const Shelf& shelf);

/// A scenario without a file has nothing that its paths could be relative to: extending is a problem.
void refuse_to_extend(Draft& draft);

}  // namespace parallax::scenarios
