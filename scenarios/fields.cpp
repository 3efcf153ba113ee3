#include "scenarios/fields.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

using google::protobuf::Reflection;

void visit_message(const Message& message, const std::string& prefix,
                   const std::function<void(const FieldRef&)>& visit) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string path = prefix + field.name();
    visit({message, field, path});
    if (field.message_type() == nullptr) continue;
    for (int k = 0; k < value_count(message, field); ++k) {
      const std::string element = field.is_repeated() ? "[" + element_name(message, field, k) + "]" : "";
      visit_message(child(message, field, k), path + element + ".", visit);
    }
  }
}

std::string not_a(std::string_view text, const FieldDescriptor& field) {
  return fmt::format("found {}; expected {}", quoted(text), expected_value(field));
}

std::string set_whole_number(Message& message, const FieldDescriptor& field, int index, std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value);
  if (text.empty() || failed != std::errc{} || stop != end) return not_a(text, field);
  if (field.is_repeated()) {
    message.GetReflection()->SetRepeatedUInt32(&message, &field, index, value);
  } else {
    message.GetReflection()->SetUInt32(&message, &field, value);
  }
  return {};
}

}  // namespace

void for_each_field(const Message& root, const std::function<void(const FieldRef&)>& visit) {
  visit_message(root, "", visit);
}

std::string path_anywhere(const std::string& path) {
  std::string out;
  bool is_inside = false;
  for (const char c : path) {
    if (c == ']') is_inside = false;
    if (!is_inside) out += c;
    if (c != '[') continue;
    is_inside = true;
    out += '*';
  }
  return out;
}

const schema::Rule& rule_of(const FieldDescriptor& field) { return field.options().GetExtension(schema::rule); }

bool shares_a_choice(const FieldDescriptor& one, const FieldDescriptor& other) {
  const auto& words = rule_of(other).choices();
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    const auto& own = rule_of(one).choices();
    return std::find(own.begin(), own.end(), word) != own.end();
  });
}

int value_count(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field);
  return reflection.HasField(message, &field) ? 1 : 0;
}

const Message& child(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, index)
                             : reflection.GetMessage(message, &field);
}

Message& mutable_child(Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? *reflection.MutableRepeatedMessage(&message, &field, index)
                             : *reflection.MutableMessage(&message, &field);
}

std::string element_name(const Message& message, const FieldDescriptor& field, int index) {
  if (field.message_type() == nullptr) return std::to_string(index);
  const FieldDescriptor* name = field.message_type()->FindFieldByName("name");
  if (name == nullptr) return std::to_string(index);
  const std::string text = scalar_text(child(message, field, index), *name, 0);
  return text.empty() ? std::to_string(index) : text;
}

std::string element_key(const Message& message, const FieldDescriptor& field, int index) {
  if (field.message_type() == nullptr) return {};
  const google::protobuf::Descriptor& type = *field.message_type();
  const Message& element = child(message, field, index);
  std::string key;
  bool has_key = false;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& part = *type.field(i);
    const schema::KeyPart kind = rule_of(part).key();
    has_key = has_key || kind != schema::NO_KEY;
    if (kind == schema::NO_KEY || value_count(element, part) == 0) continue;
    if (!key.empty()) key += '/';
    key += kind == schema::KEY_VALUE ? scalar_text(element, part, 0) : part.name();
  }
  const FieldDescriptor* name = has_key ? nullptr : type.FindFieldByName("name");
  return name == nullptr ? key : scalar_text(element, *name, 0);
}

std::string scalar_text(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.is_repeated() ? reflection.GetRepeatedString(message, &field, index)
                                 : reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(field.is_repeated() ? reflection.GetRepeatedUInt32(message, &field, index)
                                                : reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return fmt::format("{}", field.is_repeated() ? reflection.GetRepeatedDouble(message, &field, index)
                                                   : reflection.GetDouble(message, &field));
    default:
      throw std::logic_error("the schema has a field of a type that scenarios do not use: " + field.full_name());
  }
}

void copy_scalar(const Message& from, const FieldDescriptor& field, int index, Message& to) {
  const Reflection& reflection = *from.GetReflection();
  const bool listed = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return listed ? reflection.AddString(&to, &field, reflection.GetRepeatedString(from, &field, index))
                    : reflection.SetString(&to, &field, reflection.GetString(from, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return listed ? reflection.AddBool(&to, &field, reflection.GetRepeatedBool(from, &field, index))
                    : reflection.SetBool(&to, &field, reflection.GetBool(from, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return listed ? reflection.AddUInt32(&to, &field, reflection.GetRepeatedUInt32(from, &field, index))
                    : reflection.SetUInt32(&to, &field, reflection.GetUInt32(from, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return listed ? reflection.AddDouble(&to, &field, reflection.GetRepeatedDouble(from, &field, index))
                    : reflection.SetDouble(&to, &field, reflection.GetDouble(from, &field));
    default:
      throw std::logic_error("the schema has a field of a type that scenarios do not use: " + field.full_name());
  }
}

std::string set_scalar(Message& message, const FieldDescriptor& field, int index, std::string_view text) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.is_repeated()) {
        reflection.SetRepeatedString(&message, &field, index, std::string(text));
      } else {
        reflection.SetString(&message, &field, std::string(text));
      }
      return {};
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return not_a(text, field);
      reflection.SetBool(&message, &field, text == "true");
      return {};
    case FieldDescriptor::CPPTYPE_UINT32:
      return set_whole_number(message, field, index, text);
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const Parsed<double> number = parse_number(text);
      if (!number.value) return not_a(text, field);
      if (field.is_repeated()) {
        reflection.SetRepeatedDouble(&message, &field, index, *number.value);
      } else {
        reflection.SetDouble(&message, &field, *number.value);
      }
      return {};
    }
    default:
      throw std::logic_error("the schema has a field of a type that scenarios do not use: " + field.full_name());
  }
}

std::vector<std::string> field_names(const google::protobuf::Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

std::string expected_value(const FieldDescriptor& field) {
  switch (rule_of(field).quantity()) {
    case schema::NAME:
      return "a name in quotes";
    case schema::DURATION:
      return "a duration in quotes with a unit, like \"40ms\", \"15m\" or \"1h30m\"";
    case schema::RATE:
      return "a rate in quotes, like \"200/s\" or \"20/m\"";
    case schema::SITE:
      return "the name of a site or region in quotes";
    case schema::NODE:
      return "the name of a node in quotes, as \"site/node\"";
    case schema::METRIC:
      return "the name of a metric in quotes, like \"window.token_revoked.max\"";
    case schema::LIMIT:
      return "a limit in quotes, like \"30s\" or \"0\"";
    default:
      break;
  }
  if (field.message_type() != nullptr) {
    return fmt::format("a block {{ ... }} with some of: {}", listing(field_names(*field.message_type())));
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_UINT32:
      return "a whole number";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "a number";
    default:
      return "text in quotes";
  }
}

}  // namespace parallax::scenarios
