#include "scenarios/defaults.h"

#include <google/protobuf/descriptor.h>

#include <stdexcept>
#include <string>

#include "scenarios/fields.h"

namespace parallax::scenarios {

void fill_defaults(Message& message) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string& value = rule_of(field).default_value();
    if (value_count(message, field) == 0 && !value.empty()) {
      const std::string error = field.message_type() == nullptr ? set_scalar(message, field, 0, value)
                                                                : (mutable_child(message, field, 0), std::string{});
      if (!error.empty())
        throw std::logic_error("the schema's default of " + field.full_name() + " is wrong: " + error);
    }
    if (field.message_type() == nullptr) continue;
    for (int k = 0; k < value_count(message, field); ++k) fill_defaults(mutable_child(message, field, k));
  }
}

}  // namespace parallax::scenarios
