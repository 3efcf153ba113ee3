#include "scenarios/reshape.h"

#include <google/protobuf/descriptor.h>

namespace parallax::scenarios {
namespace {

using google::protobuf::Reflection;

// Another message may come to lie at the address of one that goes.
void forget(const Message& message, Places& places) {
  places.forget(message);
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    for (int k = 0; field.message_type() != nullptr && k < value_count(message, field); ++k) {
      forget(child(message, field, k), places);
    }
  }
}

}  // namespace

int add_element(Message& message, const FieldDescriptor& field, Place place, Places& places) {
  const Reflection& reflection = *message.GetReflection();
  const int index = reflection.FieldSize(message, &field);
  if (field.message_type() != nullptr) {
    places.set(*reflection.AddMessage(&message, &field), place);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection.AddString(&message, &field, "");
  } else {
    reflection.AddUInt32(&message, &field, 0);
  }
  return index;
}

void take_out(Message& message, const FieldDescriptor& field, int index, Places& places) {
  const Reflection& reflection = *message.GetReflection();
  if (field.message_type() != nullptr) forget(child(message, field, index), places);
  if (!field.is_repeated()) return reflection.ClearField(&message, &field);
  const int last = reflection.FieldSize(message, &field) - 1;
  for (int i = index; i < last; ++i) reflection.SwapElements(&message, &field, i, i + 1);
  reflection.RemoveLast(&message, &field);
}

void take_out_rivals(Message& message, const FieldDescriptor& field, Places& places) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& rival = *type.field(i);
    if (&rival == &field || !shares_a_choice(field, rival)) continue;
    for (int k = value_count(message, rival); k > 0; --k) take_out(message, rival, k - 1, places);
    places.forget(message, rival.number());
  }
}

void make_empty(Message& message, const FieldDescriptor& field, int index, Place place, Places& places) {
  Message& block = mutable_child(message, field, index);
  forget(block, places);
  block.Clear();
  places.set(block, place);
}

}  // namespace parallax::scenarios
