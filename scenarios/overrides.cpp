#include "scenarios/overrides.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/fields.h"
#include "scenarios/reshape.h"
#include "scenarios/value_path.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

/// The element of a list that is not there yet: `faults[+]`.
constexpr std::string_view kOneMore = "+";
/// Each that is there: `sites[*]`.
constexpr std::string_view kEach = "*";

/// One value that a path leads to; several where it names each element of a list.
struct Target {
  Message* message;
  const FieldDescriptor* field{nullptr};
  int index{0};

  bool is_there() const { return value_count(*message, *field) > 0; }
};

bool names_each(const PathStep& step) { return step.element == kEach; }

/// A path on its way through the messages. Stops at the first thing wrong.
class Walk {
 public:
  Walk(Message& root, Place place, Places& places) : targets_{{&root}}, place_{place}, places_{places} {}

  /// Returns what is wrong with the path, or nothing.
  std::string along(std::span<const PathStep> steps) {
    for (std::size_t i = 0; i < steps.size() && error_.empty(); ++i) {
      follow(steps[i]);
      const std::span<const PathStep> rest = steps.subspan(i + 1);
      if (!rest.empty() && error_.empty()) enter_blocks(steps[i], rest);
    }
    return error_;
  }

  /// Not empty, if nothing is wrong.
  const std::vector<Target>& targets() const { return targets_; }

 private:
  void follow(const PathStep& step) {
    std::vector<Target> found;
    for (const Target& from : targets_) follow(step, *from.message, found);
    targets_ = std::move(found);
    if (targets_.empty() && error_.empty()) error_ = nothing_in(step.field);
  }

  void follow(const PathStep& step, Message& message, std::vector<Target>& found) {
    const FieldDescriptor* list = message.GetDescriptor()->FindFieldByName(std::string(step.field));
    const bool is_list = list != nullptr && list->is_repeated();
    if (is_list && step.element == kOneMore) {
      found.push_back({&message, list, add_element(message, *list, place_, places_)});
    } else if (is_list && names_each(step)) {
      for (int i = 0; i < value_count(message, *list); ++i) found.push_back({&message, list, i});
    } else {
      const PathTarget target = find_field(message, step, WholeList::refused);
      if (error_.empty()) error_ = target.error;
      found.push_back({&message, target.field, target.index.value_or(0)});
    }
  }

  /// A block that is not there is begun, unless each element of a list in it is asked for: it has none.
  void enter_blocks(const PathStep& step, std::span<const PathStep> rest) {
    const bool is_begun = std::none_of(rest.begin(), rest.end(), names_each);
    std::vector<Target> inside;
    for (const Target& target : targets_) {
      if (target.field->message_type() == nullptr) {
        error_ = fmt::format("{} has no fields; expected {}", quoted(step.field), expected_value(*target.field));
        return;
      }
      const bool there = target.is_there();
      if (!there && !is_begun) continue;
      take_out_rivals(*target.message, *target.field, places_);
      inside.push_back({&mutable_child(*target.message, *target.field, target.index)});
      if (!there) places_.set(*inside.back().message, place_);
    }
    targets_ = std::move(inside);
    if (targets_.empty()) error_ = nothing_in(step.field);
  }

  static std::string nothing_in(std::string_view field) {
    return fmt::format("{} is empty; expected a list with something in it for [*]", field);
  }

  std::vector<Target> targets_;
  Place place_;
  Places& places_;
  std::string error_;
};

/// From the last to the first, so that those of one list keep their indices.
std::string take_out_all(std::string_view path, const std::vector<Target>& targets, Places& places) {
  bool any = false;
  for (auto target = targets.rbegin(); target != targets.rend(); ++target) {
    if (!target->is_there()) continue;
    any = true;
    take_out(*target->message, *target->field, target->index, places);
  }
  return any ? std::string{} : fmt::format("{} is not there; expected something to take out", quoted(path));
}

std::string empty_all(std::string_view path, std::string_view value, const std::vector<Target>& targets, Place place,
                      Places& places) {
  if (value != "{}") {
    return fmt::format("{} is a block; expected one of its fields, \"{{}}\", or no value to take it out{}",
                       quoted(path), suggestion("", "fields", field_names(*targets.front().field->message_type())));
  }
  for (const Target& target : targets) {
    take_out_rivals(*target.message, *target.field, places);
    make_empty(*target.message, *target.field, target.index, place, places);
  }
  return {};
}

std::string set_all(std::string_view value, const std::vector<Target>& targets, Place place, Places& places) {
  for (const Target& target : targets) {
    take_out_rivals(*target.message, *target.field, places);
    places.set(*target.message, target.field->number(), target.index, place);
    const std::string error = set_scalar(*target.message, *target.field, target.index, value);
    if (!error.empty()) return error;
  }
  return {};
}

std::string apply(std::string_view path, std::string_view value, Place place, Message& root, Places& places) {
  const std::vector<PathStep> steps = split_path(path);
  if (steps.empty())
    return fmt::format("{} is not a path; expected e.g. sites[dc].gateway.decision_time", quoted(path));
  Walk walk(root, place, places);
  if (const std::string error = walk.along(steps); !error.empty()) return error;
  const FieldDescriptor& field = *walk.targets().front().field;  // of one type: all have come the same way
  const bool is_block = field.message_type() != nullptr;
  if (value.empty() && (is_block || field.is_repeated())) return take_out_all(path, walk.targets(), places);
  return is_block ? empty_all(path, value, walk.targets(), place, places)
                  : set_all(value, walk.targets(), place, places);
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
