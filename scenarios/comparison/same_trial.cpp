#include "scenarios/comparison/same_trial.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <utility>

#include "scenarios/fields.h"
#include "scenarios/trial.h"
#include "scenarios/units.h"

namespace parallax::scenarios {

namespace {

using google::protobuf::Reflection;

std::string printed(const Message& message, const FieldDescriptor& field, int index) {
  std::string text;
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  printer.PrintFieldValueToString(message, &field, index, &text);
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string shown(const std::string& text) {
  constexpr std::size_t kMost = 60;
  return text.size() > kMost ? text.substr(0, kMost) + "..." : text;
}

// "60m" is "1h", and "60/m" is "1/s".
bool mean_the_same(const FieldDescriptor& field, const Message& expected, const Message& found, int index) {
  const auto quantity = rule_of(field).quantity();
  if (quantity != schema::DURATION && quantity != schema::RATE) return false;
  const int place = field.is_repeated() ? index : 0;
  const std::string wanted = scalar_text(expected, field, place);
  const std::string got = scalar_text(found, field, place);
  if (quantity == schema::DURATION) return parse_duration(wanted).value == parse_duration(got).value;
  const auto rates = std::pair{parse_rate(wanted).value, parse_rate(got).value};
  return rates.first && rates.second && compare(*rates.first, *rates.second) == 0;
}

std::string said(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const bool is_there = field.is_repeated() ? index < reflection.FieldSize(message, &field)
                                            : !field.has_presence() || reflection.HasField(message, &field);
  return is_there ? printed(message, field, field.is_repeated() ? index : -1) : "nothing";
}

std::optional<std::string> message_difference(const Message& expected, const Message& found, const std::string& path);

std::optional<std::string> value_difference(const Message& expected, const Message& found, const FieldDescriptor& field,
                                            int index, const std::string& path) {
  const std::string wanted = said(expected, field, index);
  const std::string got = said(found, field, index);
  const bool are_messages = field.type() == FieldDescriptor::TYPE_MESSAGE && wanted != "nothing" && got != "nothing";
  if (!are_messages) {
    const bool are_there = wanted != "nothing" && got != "nothing";
    if (wanted == got || (are_there && mean_the_same(field, expected, found, index))) return std::nullopt;
    return fmt::format("{}: found {}, expected {}", path, shown(got), shown(wanted));
  }
  const Reflection& ours = *expected.GetReflection();
  const Reflection& theirs = *found.GetReflection();
  if (field.is_repeated()) {
    return message_difference(ours.GetRepeatedMessage(expected, &field, index),
                              theirs.GetRepeatedMessage(found, &field, index), path);
  }
  return message_difference(ours.GetMessage(expected, &field), theirs.GetMessage(found, &field), path);
}

std::optional<std::string> field_difference(const Message& expected, const Message& found, const FieldDescriptor& field,
                                            const std::string& path) {
  if (rule_of(field).suite_only()) return std::nullopt;
  if (!field.is_repeated()) return value_difference(expected, found, field, 0, path);
  const int size =
      std::max(expected.GetReflection()->FieldSize(expected, &field), found.GetReflection()->FieldSize(found, &field));
  for (int i = 0; i < size; ++i) {
    const auto difference = value_difference(expected, found, field, i, fmt::format("{}[{}]", path, i));
    if (difference) return difference;
  }
  return std::nullopt;
}

std::optional<std::string> message_difference(const Message& expected, const Message& found, const std::string& path) {
  const google::protobuf::Descriptor& fields = *expected.GetDescriptor();
  for (int i = 0; i < fields.field_count(); ++i) {
    const FieldDescriptor& field = *fields.field(i);
    const auto difference = field_difference(expected, found, field, path + "." + field.name());
    if (difference) return difference;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> trial_difference(const schema::Scenario& expected, const schema::Scenario& found) {
  for (const char* const name : kTrialFields) {
    const auto difference =
        field_difference(expected, found, *schema::Scenario::descriptor()->FindFieldByName(name), name);
    if (difference) return difference;
  }
  return std::nullopt;
}

}  // namespace parallax::scenarios
