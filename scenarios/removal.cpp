#include "scenarios/removal.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "scenarios/value_path.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

std::vector<std::string> given_fields(const Message& message) {
  std::vector<std::string> names;
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (value_count(message, *type.field(i)) > 0) names.push_back(type.field(i)->name());
  }
  return names;
}

/// Returns what is wrong with the path, or nothing.
std::string omit(std::string_view path, const Draft& base, Omitted& omitted) {
  const std::vector<PathStep> steps = split_path(path);
  if (steps.empty()) return fmt::format("{} is not a path; expected e.g. sites[dc] or faults", quoted(path));
  // It is not passed on: each scenario has its own.
  if (path == "name") return "name is never of the extended scenario; expected something else of it";
  const Message* message = base.scenario.get();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool last = i + 1 == steps.size();
    const auto [field, index, error] = find_field(*message, steps[i], last ? WholeList::allowed : WholeList::refused);
    if (!error.empty()) return error;
    if (value_count(*message, *field) == 0) {
      return fmt::format("{} is not given there, so there is nothing to remove{}", quoted(path),
                         suggestion(steps[i].field, "given", given_fields(*message)));
    }
    if (last) {
      omitted.add(*message, field->number(), field->is_repeated() ? index.value_or(Omitted::kWhole) : Omitted::kWhole);
      return {};
    }
    if (field->message_type() == nullptr) return fmt::format("{} has no fields", quoted(steps[i].field));
    message = &child(*message, *field, *index);
  }
  return {};
}

}  // namespace

Omitted removals_of(Draft& draft, const Draft& base) {
  const int field_number = schema::Scenario::kRemoveFieldNumber;
  Omitted omitted;
  for (int i = 0; i < draft.scenario->remove_size(); ++i) {
    const std::string error = omit(draft.scenario->remove(i), base, omitted);
    if (error.empty()) continue;
    const Place place = draft.places.nearest(*draft.scenario, field_number, i);
    draft.problems.push_back(draft.places.problem(place, "remove: " + error));
  }
  return omitted;
}

}  // namespace parallax::scenarios
