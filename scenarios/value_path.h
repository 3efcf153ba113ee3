// A value of a scenario by its dotted path, as `--set` and `remove` name it: `sites[us-east].gateway.token_cache.ttl`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/fields.h"

namespace parallax::scenarios {

/// One part of a path: `sites[us-east]`.
struct PathStep {
  std::string_view field;
  std::optional<std::string_view> element;
};

/// Empty if the path is malformed.
std::vector<PathStep> split_path(std::string_view path);

enum class WholeList { refused, allowed };

/// What a step leads to in a message. `index` is 0 where the field is no list, and nothing where it is a whole one.
struct PathTarget {
  const FieldDescriptor* field{nullptr};
  std::optional<int> index{};
  std::string error{};  ///< not empty: the step leads nowhere
};

/// Elements are named by their key or their index.
PathTarget find_field(const Message& message, const PathStep& step, WholeList whole_list);

}  // namespace parallax::scenarios
