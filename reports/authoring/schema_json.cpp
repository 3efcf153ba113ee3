#include "reports/authoring/schema_json.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <set>
#include <vector>

#include "reports/json.h"
#include "scenarios/fields.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::reports {
namespace {

using google::protobuf::Descriptor;
using scenarios::FieldDescriptor;

std::string text_or_null(const std::string& text) { return text.empty() ? "null" : json_string(text); }

std::string type_name(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return "block";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "boolean";
    case FieldDescriptor::CPPTYPE_UINT32:
      return "whole number";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "number";
    default:
      return "text";
  }
}

std::string quantity_name(schema::Quantity quantity) {
  std::string name = quantity == schema::PLAIN ? "" : schema::Quantity_Name(quantity);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

std::string choices_json(const schema::Rule& rule) {
  std::vector<std::string> words;
  for (const std::string& word : rule.choices()) words.push_back(json_string(word));
  return fmt::format("[{}]", fmt::join(words, ", "));
}

std::string field_json(const FieldDescriptor& field) {
  const schema::Rule& rule = scenarios::rule_of(field);
  const std::string message = field.message_type() == nullptr ? "" : field.message_type()->name();
  return fmt::format(
      R"({{"name": {}, "type": {}, "message": {}, "list": {}, "quantity": {}, "default": {}, "least": {}, "greatest": {}, )"
      R"("required": {}, "key": {}, "choices": {}, "help": {}, "source": {}}})",
      json_string(field.name()), json_string(type_name(field)), text_or_null(message), field.is_repeated(),
      text_or_null(quantity_name(rule.quantity())), text_or_null(rule.default_value()), text_or_null(rule.least()),
      text_or_null(rule.greatest()), rule.required(), rule.key() != schema::NO_KEY, choices_json(rule),
      text_or_null(rule.help()), text_or_null(rule.source()));
}

std::string message_json(const Descriptor& type) {
  std::vector<std::string> fields;
  for (int i = 0; i < type.field_count(); ++i) fields.push_back("      " + field_json(*type.field(i)));
  return fmt::format("    {{\"name\": {}, \"fields\": [\n{}\n    ]}}", json_string(type.name()),
                     fmt::join(fields, ",\n"));
}

/// Depth first, each once, in the order of the schema.
void collect(const Descriptor& type, std::set<const Descriptor*>& known, std::vector<const Descriptor*>& types) {
  if (!known.insert(&type).second) return;
  types.push_back(&type);
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->message_type() != nullptr) collect(*type.field(i)->message_type(), known, types);
  }
}

}  // namespace

std::string schema_json() {
  std::set<const Descriptor*> known;
  std::vector<const Descriptor*> types;
  collect(*schema::Scenario::descriptor(), known, types);
  std::vector<std::string> messages;
  for (const Descriptor* type : types) messages.push_back(message_json(*type));
  return fmt::format("{{\n  \"messages\": [\n{}\n  ]\n}}\n", fmt::join(messages, ",\n"));
}

}  // namespace parallax::reports
