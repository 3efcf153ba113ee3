#include "scenarios/overrides.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <string_view>
#include <vector>

#include "scenarios/fields.h"
#include "scenarios/reshape.h"
#include "scenarios/value_path.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

/// The element of a list that is not there yet: `faults[+]`.
constexpr std::string_view kOneMore = "+";

/// A path on its way through the messages. Stops at the first thing wrong.
struct Path {
  Message* message;
  const FieldDescriptor* field{nullptr};
  int index{0};
  std::string error{};
};

void follow(const PathStep& step, Place place, Places& places, Path& target) {
  const FieldDescriptor* list = target.message->GetDescriptor()->FindFieldByName(std::string(step.field));
  if (list != nullptr && list->is_repeated() && step.element == kOneMore) {
    target.field = list;
    target.index = add_element(*target.message, *list, place, places);
    return;
  }
  const PathTarget found = find_field(*target.message, step, WholeList::refused);
  target.field = found.field;
  target.index = found.index.value_or(0);
  target.error = found.error;
}

void enter_block(const PathStep& step, Place place, Places& places, Path& target) {
  if (target.field->message_type() == nullptr) {
    target.error = fmt::format("{} has no fields; expected {}", quoted(step.field), expected_value(*target.field));
    return;
  }
  const bool there = value_count(*target.message, *target.field) > 0;
  target.message = &mutable_child(*target.message, *target.field, target.index);
  if (!there) places.set(*target.message, place);
}

std::string reshape(std::string_view path, std::string_view value, Place place, const Path& target, Places& places) {
  const bool is_there = value_count(*target.message, *target.field) > 0;
  if (value.empty() && !is_there) return fmt::format("{} is not there; expected something to take out", quoted(path));
  if (value.empty()) {
    take_out(*target.message, *target.field, target.index, places);
  } else if (value == "{}") {
    make_empty(*target.message, *target.field, target.index, place, places);
  } else {
    return fmt::format("{} is a block; expected one of its fields, \"{{}}\", or no value to take it out{}",
                       quoted(path), suggestion("", "fields", field_names(*target.field->message_type())));
  }
  return {};
}

std::string apply(std::string_view path, std::string_view value, Place place, Message& root, Places& places) {
  const std::vector<PathStep> steps = split_path(path);
  if (steps.empty())
    return fmt::format("{} is not a path; expected e.g. sites[dc].gateway.decision_time", quoted(path));
  Path target{&root};
  for (std::size_t i = 0; i < steps.size() && target.error.empty(); ++i) {
    follow(steps[i], place, places, target);
    const bool last = i + 1 == steps.size();
    if (!last && target.error.empty()) enter_block(steps[i], place, places, target);
  }
  if (!target.error.empty()) return target.error;
  const bool is_block = target.field->message_type() != nullptr;
  if (is_block || (target.field->is_repeated() && value.empty())) {
    return reshape(path, value, place, target, places);
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
