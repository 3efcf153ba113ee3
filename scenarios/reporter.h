// How checks report: at the field that is wrong, by its schema name.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "scenarios/places.h"
#include "scenarios/problem.h"

namespace parallax::scenarios {

class Reporter {
 public:
  Reporter(const Places& places, std::vector<Problem>& problems) : places_{places}, problems_{problems} {}

  /// At a field of a message, or at the message where the field is not given. Requires: the type has the field.
  void report(const google::protobuf::Message& message, const char* field, std::string text, int index = 0);

  /// At the message as a whole.
  void report(const google::protobuf::Message& message, std::string text);

  /// " (line 7)", with its file if that is an extended one, or nothing if the place is unknown or on the command line:
  /// for "first given at".
  std::string line_note(const google::protobuf::Message& message, int field_number, int index) const;

 private:
  const Places& places_;
  std::vector<Problem>& problems_;
};

}  // namespace parallax::scenarios
