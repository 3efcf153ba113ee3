// Where each value of a scenario stands: line and column in its file, or the override that set it. Messages do not
// know, so this map sits beside them; it is looked up by address, never iterated.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "scenarios/problem.h"

namespace parallax::scenarios {

/// `source` 0 is the scenario's file, others are overrides in the order given.
struct Place {
  int source{0};
  int line{1};
  int column{1};
};

class Places {
 public:
  explicit Places(std::string file) : sources_{std::move(file)} {}

  /// Returns the place of everything that the override of this path sets.
  Place add_override(const std::string& path);

  void set(const google::protobuf::Message& message, Place place);
  void set(const google::protobuf::Message& message, int field_number, int index, Place place);

  /// Of the message and its own fields; the messages in it keep theirs.
  void forget(const google::protobuf::Message& message);

  /// Where the value stands; nullptr if neither the file nor the command line gave it.
  const Place* find(const google::protobuf::Message& message, int field_number, int index) const;

  /// The best that is known: the value's own place, else its message's, else the start of the file.
  Place nearest(const google::protobuf::Message& message, int field_number, int index) const;

  Problem problem(Place place, std::string message) const;

 private:
  using Key = std::tuple<const google::protobuf::Message*, int, int>;  // field number 0: the message itself

  std::vector<std::string> sources_;
  std::map<Key, Place> places_;
};

}  // namespace parallax::scenarios
