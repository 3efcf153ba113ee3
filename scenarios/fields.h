// The scenario seen through its schema: every field with its rule and its dotted path, so that validation, defaults,
// overrides and provenance need no list of fields of their own.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/rule.pb.h"

namespace parallax::scenarios {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// One field of one message that is present; the field itself may be absent.
struct FieldRef {
  const Message& message;
  const FieldDescriptor& field;
  std::string path;  ///< "sites[dc].gateway.token_cache.ttl", as `--set` takes it
};

/// Calls `visit` for every field of `root` and of the messages in it, depth first, in the order of the schema.
void for_each_field(const Message& root, const std::function<void(const FieldRef&)>& visit);

/// The same path for all elements: "sites[*].gateway.token_cache.ttl".
std::string path_anywhere(const std::string& path);

const schema::Rule& rule_of(const FieldDescriptor& field);

/// Of such fields of a message a scenario gives one (rule.proto).
bool shares_a_choice(const FieldDescriptor& one, const FieldDescriptor& other);

/// Number of values: of a list its length, else 0 or 1. A plain string is there when it is not empty.
int value_count(const Message& message, const FieldDescriptor& field);

/// The `index`-th message in a message field that holds one. `index` counts only in lists.
const Message& child(const Message& message, const FieldDescriptor& field, int index);
Message& mutable_child(Message& message, const FieldDescriptor& field, int index);

/// What identifies an element of a list in paths: its name, else its index.
std::string element_name(const Message& message, const FieldDescriptor& field, int index);

/// What identifies an element of a list to a scenario that extends another: the parts of its key with "/" between them.
/// Empty: nothing does.
std::string element_key(const Message& message, const FieldDescriptor& field, int index);

/// A value that is no message, as a scenario would write it, without quotes.
std::string scalar_text(const Message& message, const FieldDescriptor& field, int index);

/// Sets such a value from text. `index` is an element that exists, in a list. Returns what is wrong, or nothing.
std::string set_scalar(Message& message, const FieldDescriptor& field, int index, std::string_view text);

/// Gives `to` the same value, in a list behind those that it has. Both are of the field's type.
void copy_scalar(const Message& from, const FieldDescriptor& field, int index, Message& to);

std::vector<std::string> field_names(const google::protobuf::Descriptor& type);

/// What the field takes, e.g. `a duration with a unit, like "40ms"` or `a whole number`.
std::string expected_value(const FieldDescriptor& field);

}  // namespace parallax::scenarios
