#include "scenarios/value_path.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>

#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

/// What an element is called where it is looked for: its key, else its index.
std::string called(const Message& message, const FieldDescriptor& field, int index) {
  const std::string key = element_key(message, field, index);
  return key.empty() ? std::to_string(index) : key;
}

std::vector<std::string> element_names(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> names;
  for (int i = 0; i < value_count(message, field); ++i) names.push_back(called(message, field, i));
  return names;
}

std::optional<int> find_element(const Message& message, const FieldDescriptor& field, std::string_view key) {
  const int count = value_count(message, field);
  for (int i = 0; i < count; ++i) {
    if (called(message, field, i) == key) return i;
  }
  int index = 0;
  const auto [stop, failed] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool valid = failed == std::errc{} && stop == key.data() + key.size() && index >= 0 && index < count;
  return valid ? std::optional(index) : std::nullopt;
}

std::string no_element(const Message& message, const FieldDescriptor& field, std::string_view key) {
  const std::vector<std::string> names = element_names(message, field);
  if (names.empty()) return fmt::format("{} is empty; expected a list with {}", field.name(), quoted(key));
  return fmt::format("no element {} in {}{}", quoted(key), field.name(), suggestion(key, "elements", names));
}

}  // namespace

std::vector<PathStep> split_path(std::string_view path) {
  std::vector<PathStep> steps;
  while (true) {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    PathStep step{path.substr(0, end), std::nullopt};
    path.remove_prefix(end);
    if (path.starts_with('[')) {
      const std::size_t close = path.find(']');
      if (close == std::string_view::npos) return {};
      step.element = path.substr(1, close - 1);
      path.remove_prefix(close + 1);
    }
    if (step.field.empty()) return {};
    steps.push_back(step);
    if (path.empty()) return steps;
    if (!path.starts_with('.')) return {};
    path.remove_prefix(1);
  }
}

PathTarget find_field(const Message& message, const PathStep& step, WholeList whole_list) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  const std::string name(step.field);
  const FieldDescriptor* field = type.FindFieldByName(name);
  if (field == nullptr) {
    return {nullptr, std::nullopt,
            fmt::format("unknown field {} in {}{}", quoted(name), type.name(),
                        suggestion(name, "fields", field_names(type)))};
  }
  if (!field->is_repeated() && step.element) {
    return {field, std::nullopt, fmt::format("{} is no list; expected it without [...]", quoted(name))};
  }
  if (!field->is_repeated()) return {field, 0, {}};
  if (!step.element && whole_list == WholeList::allowed) return {field, std::nullopt, {}};
  if (!step.element) {
    return {field, std::nullopt, fmt::format("{} is a list; expected {}[name] or {}[index]", quoted(name), name, name)};
  }
  const std::optional<int> index = find_element(message, *field, *step.element);
  return {field, index, index ? std::string{} : no_element(message, *field, *step.element)};
}

}  // namespace parallax::scenarios
