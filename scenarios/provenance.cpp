#include "scenarios/provenance.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <string>
#include <utility>

#include "scenarios/fields.h"
#include "scenarios/measured_delays.h"

namespace parallax::scenarios {
namespace {

constexpr int kShownElementsMax = 8;

bool is_prose(const FieldDescriptor& field) {
  const schema::Rule& rule = rule_of(field);
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && rule.quantity() == schema::PLAIN &&
         rule.default_value().empty();
}

std::string value_text(const FieldRef& at, int count) {
  if (count > kShownElementsMax) {
    return fmt::format("{} values, {} to {}", count, scalar_text(at.message, at.field, 0),
                       scalar_text(at.message, at.field, count - 1));
  }
  std::string text = scalar_text(at.message, at.field, 0);
  for (int i = 1; i < count; ++i) text += ", " + scalar_text(at.message, at.field, i);
  return text;
}

/// The last to have set the field or, in a list, one of its elements; nullptr: nobody has.
const Source* giver_of(const FieldRef& at, int count, const Places& places) {
  const Source* giver = nullptr;
  for (int i = 0; i < count; ++i) {
    const Place* place = places.find(at.message, at.field.number(), i);
    if (place == nullptr) continue;
    giver = &places.source_of(*place);
    if (giver->kind == Source::Kind::command_line) break;
  }
  return giver;
}

void set_origin(const FieldRef& at, const Source* giver, schema::Assumption& assumption) {
  const bool is_measured = at.field.containing_type() == schema::Delay::Measured::descriptor();
  if (giver == nullptr && is_measured) {
    assumption.set_origin("data set");
    assumption.set_source(source_of(static_cast<const schema::Delay::Measured&>(at.message)));
  } else if (giver == nullptr) {
    // The rule's source speaks for the default, not for what a scenario says instead.
    const schema::Rule& rule = rule_of(at.field);
    assumption.set_origin("default");
    assumption.set_source(rule.default_value().empty() ? "the profile" : rule.source());
  } else if (giver->kind == Source::Kind::extended) {
    assumption.set_origin("base");
    assumption.set_source(giver->as_said);
  } else {
    assumption.set_origin(giver->kind == Source::Kind::command_line ? "command line" : "scenario");
  }
}

}  // namespace

std::vector<schema::Assumption> assumptions_of(const Draft& draft) {
  std::vector<schema::Assumption> assumptions;
  for_each_field(*draft.scenario, [&](const FieldRef& at) {
    const int count = value_count(at.message, at.field);
    if (count == 0 || at.field.message_type() != nullptr) return;
    const Source* giver = giver_of(at, count, draft.places);
    if (is_prose(at.field) && giver != nullptr) return;  // nobody's default is prose: it is a profile's word
    schema::Assumption& assumption = assumptions.emplace_back();
    assumption.set_path(at.path);
    assumption.set_value(value_text(at, count));
    set_origin(at, giver, assumption);
  });
  return assumptions;
}

}  // namespace parallax::scenarios
