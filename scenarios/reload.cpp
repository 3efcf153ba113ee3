#include "scenarios/reload.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <set>

#include "scenarios/fields.h"

namespace parallax::scenarios {
namespace {

using DefaultPaths = std::set<std::string, std::less<>>;

void clear_defaults(Message& message, const std::string& prefix, const DefaultPaths& defaults) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string path = prefix + field.name();
    if (field.message_type() == nullptr) {
      if (defaults.contains(path)) message.GetReflection()->ClearField(&message, &field);
      continue;
    }
    for (int k = 0; k < value_count(message, field); ++k) {
      const std::string element = field.is_repeated() ? "[" + element_name(message, field, k) + "]" : "";
      clear_defaults(mutable_child(message, field, k), path + element + ".", defaults);
    }
  }
}

schema::Scenario as_given(const schema::Result& result) {
  DefaultPaths defaults;
  for (const schema::Assumption& assumption : result.assumptions()) {
    // Another set, region or profile brings other ones.
    const bool follows = assumption.origin() == "default" || assumption.origin() == "data set";
    if (follows) defaults.insert(assumption.path());
  }
  schema::Scenario scenario = result.config();
  clear_defaults(scenario, "", defaults);
  for (schema::Expectation& expectation : *scenario.mutable_expectations()) expectation.clear_broken_by();
  return scenario;
}

}  // namespace

LoadOutcome reload(std::string_view file, const schema::Result& result, std::span<const std::string> overrides) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(as_given(result), &text);
  LoadOutcome outcome = load_text(file, text, overrides);
  for (Problem& problem : outcome.problems) {
    if (problem.file != file) continue;
    problem = {problem.file, 1, 1, "config: " + problem.message};  // nobody sees the text that it stands in
  }
  return outcome;
}

}  // namespace parallax::scenarios
