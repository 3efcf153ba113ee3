// Fills in what a scenario is silent about, from the schema's rules.
#pragma once

#include <google/protobuf/message.h>

namespace parallax::scenarios {

/// Sets every absent field that has a default, in `message` and in the messages in it, also in those it begins.
void fill_defaults(google::protobuf::Message& message);

}  // namespace parallax::scenarios
