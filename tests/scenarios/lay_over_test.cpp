// A scenario is taken apart at random into one that is extended and one that is laid over it: together they are the
// scenario again. The parts are made from the whole, so nothing here lays anything over anything.
#include "scenarios/lay_over.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "scenarios/fields.h"
#include "tests/support/checked_property.h"

namespace parallax::scenarios {
namespace {

using testing::pick;

bool heads(int out_of) { return pick(0, out_of) == 0; }

bool is_key(const FieldDescriptor& field) {
  if (rule_of(field).key() != schema::NO_KEY) return true;
  const google::protobuf::Descriptor& type = *field.containing_type();
  for (int i = 0; i < type.field_count(); ++i) {
    if (rule_of(*type.field(i)).key() != schema::NO_KEY) return false;
  }
  return field.name() == "name";
}

bool has_keys(const FieldDescriptor& list) {
  const google::protobuf::Descriptor& type = *list.message_type();
  for (int i = 0; i < type.field_count(); ++i) {
    if (is_key(*type.field(i))) return true;
  }
  return false;
}

bool excludes(const FieldDescriptor& one, const FieldDescriptor& other) {
  const auto& words = rule_of(one).choices();
  const auto& others = rule_of(other).choices();
  return &one != &other && std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(others.begin(), others.end(), word) != others.end();
  });
}

bool has_rival(const Message& message, const FieldDescriptor& field) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (excludes(field, *type.field(i)) && value_count(message, *type.field(i)) > 0) return true;
  }
  return false;
}

/// A value that is not nothing, of the field's type.
void add_random_value(Message& message, const FieldDescriptor& field) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const bool listed = field.is_repeated();
  const int number = pick(1, 1'000'000'000);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = "v" + std::to_string(number);
      return listed ? reflection.AddString(&message, &field, text) : reflection.SetString(&message, &field, text);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, number % 2 == 0);
    case FieldDescriptor::CPPTYPE_UINT32: {
      const auto value = static_cast<std::uint32_t>(number);
      return listed ? reflection.AddUInt32(&message, &field, value) : reflection.SetUInt32(&message, &field, value);
    }
    default:
      return reflection.SetDouble(&message, &field, number / 8.0);
  }
}

constexpr int kDepthMax = 4;

void fill(Message& message, int depth);

void add_random(Message& message, const FieldDescriptor& field, int depth) {
  if (field.message_type() == nullptr) return add_random_value(message, field);
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  fill(field.is_repeated() ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field),
       depth + 1);
}

/// Some of the fields, of those that exclude each other one; keys always, no two alike.
void fill(Message& message, int depth) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.containing_type() == schema::Scenario::descriptor() &&
        (field.name() == "extends" || field.name() == "remove")) {
      continue;
    }
    const bool needed = is_key(field) && rule_of(field).key() != schema::KEY_PRESENCE;
    const bool wanted = needed || (depth <= kDepthMax && heads(3));
    if (!wanted || has_rival(message, field)) continue;
    const int count = field.is_repeated() ? pick(1, 4) : 1;
    for (int k = 0; k < count; ++k) add_random(message, field, depth);
  }
}

/// The whole, and what it is taken apart into.
struct Parts {
  Draft lower{"lower.txtpb"};
  Draft upper{"upper.txtpb"};
};

void take_apart(const Message& whole, Message& lower, Message& upper, const std::string& path, Parts& parts);

void copy_all(const Message& from, const FieldDescriptor& field, Message& to) {
  for (int i = 0; i < value_count(from, field); ++i) {
    if (field.message_type() == nullptr) {
      copy_scalar(from, field, i, to);
    } else if (field.is_repeated()) {
      to.GetReflection()->AddMessage(&to, &field)->CopyFrom(child(from, field, i));
    } else {
      to.GetReflection()->MutableMessage(&to, &field)->CopyFrom(child(from, field, i));
    }
  }
}

/// In the lower part something else that the upper part is to replace, or to remove where it does not say the field.
void add_what_must_go(Message& lower, const FieldDescriptor& field, bool replaced, const std::string& path,
                      Parts& parts) {
  if (!replaced) parts.upper.scenario->add_remove(path);
  add_random(lower, field, 3);
}

/// The first elements are in the lower part, where each may be taken apart in turn or have one beside it that must go;
/// those that are left are the upper part's.
void take_list_apart(const Message& whole, const FieldDescriptor& field, Message& lower, Message& upper,
                     const std::string& path, Parts& parts) {
  const int count = value_count(whole, field);
  const int below = pick(0, count + 1);
  for (int i = 0; i < count; ++i) {
    const Message& element = child(whole, field, i);
    if (i >= below) {
      upper.GetReflection()->AddMessage(&upper, &field)->CopyFrom(element);
      continue;
    }
    if (heads(4)) {
      add_random(lower, field, 3);
      const std::string key = element_key(lower, field, value_count(lower, field) - 1);
      parts.upper.scenario->add_remove(path + "[" + key + "]");
    }
    Message& under = *lower.GetReflection()->AddMessage(&lower, &field);
    if (heads(2)) {
      under.CopyFrom(element);
    } else {
      take_apart(element, under, *upper.GetReflection()->AddMessage(&upper, &field),
                 path + "[" + element_key(whole, field, i) + "]", parts);
    }
  }
}

void take_field_apart(const Message& whole, const FieldDescriptor& field, Message& lower, Message& upper,
                      const std::string& path, Parts& parts) {
  if (is_key(field) && field.containing_type() != schema::Scenario::descriptor()) {
    copy_all(whole, field, lower);
    return copy_all(whole, field, upper);
  }
  const bool is_block = field.message_type() != nullptr;
  if (is_block && field.is_repeated() && has_keys(field)) {
    return take_list_apart(whole, field, lower, upper, path, parts);
  }
  if (is_block && !field.is_repeated() && heads(2)) {
    return take_apart(child(whole, field, 0), *lower.GetReflection()->MutableMessage(&lower, &field),
                      *upper.GetReflection()->MutableMessage(&upper, &field), path, parts);
  }
  const bool above = heads(2);
  copy_all(whole, field, above ? upper : lower);
  const bool merges = is_block && !field.is_repeated();
  if (above && !merges && heads(2)) add_what_must_go(lower, field, true, path, parts);
}

/// A field that the whole does not have may be in the lower part, if it is removed or its rival is given above.
void take_apart(const Message& whole, Message& lower, Message& upper, const std::string& path, Parts& parts) {
  const google::protobuf::Descriptor& type = *whole.GetDescriptor();
  const std::string prefix = path.empty() ? "" : path + ".";
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (value_count(whole, field) > 0) take_field_apart(whole, field, lower, upper, prefix + field.name(), parts);
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const bool ours = field.name() == "extends" || field.name() == "remove";
    if (ours || is_key(field) || value_count(whole, field) > 0 || !heads(4)) continue;
    add_what_must_go(lower, field, has_rival(upper, field), prefix + field.name(), parts);
  }
}

TEST_CASE("a scenario laid over another is what it would be written out") {
  testing::check("laid over", 100, [] {
    schema::Scenario whole;
    fill(whole, 0);
    whole.set_name("whole");
    Parts parts;
    take_apart(whole, *parts.lower.scenario, *parts.upper.scenario, "", parts);
    parts.upper.scenario->set_name("whole");
    parts.lower.scenario->set_name("another");
    const std::string lower = parts.lower.scenario->DebugString();
    const std::string upper = parts.upper.scenario->DebugString();
    const Draft laid = lay_over(std::move(parts.upper), parts.lower, "lower.txtpb");
    RC_LOG() << "lower:\n" << lower << "upper:\n" << upper;
    RC_ASSERT(laid.problems.empty());
    RC_ASSERT(laid.scenario->DebugString() == whole.DebugString());
  });
}

}  // namespace
}  // namespace parallax::scenarios
