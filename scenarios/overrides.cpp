#include "scenarios/overrides.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/fields.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

/// One part of a path: `sites[us-east]`.
struct Step {
  std::string_view field;
  std::optional<std::string_view> element;
};

/// Empty if the path is malformed.
std::vector<Step> split_path(std::string_view path) {
  std::vector<Step> steps;
  while (true) {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    Step step{path.substr(0, end), std::nullopt};
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

std::vector<std::string> element_names(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> names;
  for (int i = 0; i < value_count(message, field); ++i) names.push_back(element_name(message, field, i));
  return names;
}

std::optional<int> find_element(const Message& message, const FieldDescriptor& field, std::string_view key) {
  const int count = value_count(message, field);
  for (int i = 0; i < count; ++i) {
    if (element_name(message, field, i) == key) return i;
  }
  int index = 0;
  const auto [stop, failed] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool valid = failed == std::errc{} && stop == key.data() + key.size() && index >= 0 && index < count;
  return valid ? std::optional(index) : std::nullopt;
}

/// A path on its way through the messages. Stops at the first thing wrong.
struct Path {
  Message* message;
  const FieldDescriptor* field{nullptr};
  int index{0};
  std::string error{};
};

void find_field(const Step& step, Path& target) {
  const google::protobuf::Descriptor& type = *target.message->GetDescriptor();
  const std::string name(step.field);
  target.index = 0;
  target.field = type.FindFieldByName(name);
  if (target.field == nullptr) {
    target.error = fmt::format("unknown field {} in {}{}", quoted(name), type.name(),
                               suggestion(name, "fields", field_names(type)));
    return;
  }
  if (target.field->is_repeated() != step.element.has_value()) {
    target.error = step.element ? fmt::format("{} is no list; expected it without [...]", quoted(name))
                                : fmt::format("{} is a list; expected {}[name] or {}[index]", quoted(name), name, name);
    return;
  }
  if (!step.element) return;
  const std::optional<int> index = find_element(*target.message, *target.field, *step.element);
  if (index) {
    target.index = *index;
    return;
  }
  const std::vector<std::string> names = element_names(*target.message, *target.field);
  target.error = names.empty() ? fmt::format("{} is empty; expected a list with {}", name, quoted(*step.element))
                               : fmt::format("no element {} in {}{}", quoted(*step.element), name,
                                             suggestion(*step.element, "elements", names));
}

void enter_block(const Step& step, Place place, Places& places, Path& target) {
  if (target.field->message_type() == nullptr) {
    target.error = fmt::format("{} has no fields; expected {}", quoted(step.field), expected_value(*target.field));
    return;
  }
  const bool there = value_count(*target.message, *target.field) > 0;
  target.message = &mutable_child(*target.message, *target.field, target.index);
  if (!there) places.set(*target.message, place);
}

std::string apply(std::string_view path, std::string_view value, Place place, Message& root, Places& places) {
  const std::vector<Step> steps = split_path(path);
  if (steps.empty())
    return fmt::format("{} is not a path; expected e.g. sites[dc].gateway.decision_time", quoted(path));
  Path target{&root};
  for (std::size_t i = 0; i < steps.size() && target.error.empty(); ++i) {
    find_field(steps[i], target);
    const bool last = i + 1 == steps.size();
    if (!last && target.error.empty()) enter_block(steps[i], place, places, target);
  }
  if (!target.error.empty()) return target.error;
  if (target.field->message_type() != nullptr) {
    return fmt::format("{} is a block; expected one of its fields{}", quoted(path),
                       suggestion("", "fields", field_names(*target.field->message_type())));
  }
  places.set(*target.message, target.field->number(), target.index, place);
  return set_scalar(*target.message, *target.field, target.index, value);
}

}  // namespace

void apply_overrides(std::span<const std::string> overrides, Draft& draft) {
  apply_overrides(overrides, *draft.scenario, draft.places, draft.problems);
}

void apply_overrides(std::span<const std::string> overrides, Message& message, Places& places,
                     std::vector<Problem>& problems) {
  for (const std::string& text : overrides) {
    const std::size_t equals = text.find('=');
    const std::string path = text.substr(0, equals);
    const Place place = places.add_override(path);
    const std::string error = equals == std::string::npos
                                  ? fmt::format("{} sets nothing; expected path=value", quoted(text))
                                  : apply(path, std::string_view(text).substr(equals + 1), place, message, places);
    if (!error.empty()) problems.push_back(places.problem(place, error));
  }
}

}  // namespace parallax::scenarios
