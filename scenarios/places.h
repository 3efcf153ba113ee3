// Where each value of a scenario stands: line and column in its file, or in one that it extends, or the override that
// set it. Messages do not know, so this map sits beside them; it is looked up by address, never iterated.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "scenarios/problem.h"

namespace parallax::scenarios {

/// Who has said something.
struct Source {
  enum class Kind { scenario, extended, trial, command_line };

  Kind kind;
  std::string name;     ///< as problems have it: a file, or "--set path"
  std::string as_said;  ///< of a file that is extended: as the scenario that extends it calls it
};

/// `source` 0 is the scenario's file; others are the files that it extends, nearest first, that of its trial, and then
/// overrides in the order given, which have no line and no column: 0.
struct Place {
  int source{0};
  int line{1};
  int column{1};
};

class Places {
 public:
  explicit Places(std::string file) : sources_{{Source::Kind::scenario, std::move(file), {}}} {}

  /// Returns the place of everything that the override of this path sets.
  Place add_override(const std::string& path);

  /// Takes in the sources of a scenario that this one extends and calls `as_said`. Returns the number of the first.
  int add_extended(const Places& extended, const std::string& as_said);

  /// The same sources, and no places: for a copy of the messages.
  Places sources_only() const;

  void set(const google::protobuf::Message& message, Place place);
  void set(const google::protobuf::Message& message, int field_number, int index, Place place);

  /// Of the message and its own fields; the messages in it keep theirs.
  void forget(const google::protobuf::Message& message);

  /// Of one field of the message and its elements.
  void forget(const google::protobuf::Message& message, int field_number);

  /// Where the value stands; nullptr if neither the file nor the command line gave it.
  const Place* find(const google::protobuf::Message& message, int field_number, int index) const;

  /// The best that is known: the value's own place, else its message's, else the start of the file.
  Place nearest(const google::protobuf::Message& message, int field_number, int index) const;

  /// `fields` of the message `from` have become those of `to`, with all that is in them: they stand where the others
  /// say.
  void take_over(const Places& others, const google::protobuf::Message& from, const google::protobuf::Message& to,
                 const std::vector<const google::protobuf::FieldDescriptor*>& fields);

  Problem problem(Place place, std::string message) const;

  const Source& source_of(Place place) const { return sources_[static_cast<std::size_t>(place.source)]; }

  /// How many sources come before the one of this name: an order for problems.
  std::size_t rank_of(const std::string& source_name) const;

 private:
  explicit Places(std::vector<Source> sources) : sources_{std::move(sources)} {}

  using Key = std::tuple<const google::protobuf::Message*, int, int>;  // field number 0: the message itself

  std::vector<Source> sources_;
  std::map<Key, Place> places_;
};

}  // namespace parallax::scenarios
