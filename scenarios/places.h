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

/// `source` 0 is the scenario's file, others are that of its trial and overrides, in the order given.
struct Place {
  int source{0};
  int line{1};
  int column{1};
};

class Places {
 public:
  explicit Places(std::string file) : sources_{{std::move(file), Source::kFile}} {}

  /// The scenario's.
  const std::string& file() const { return sources_.front().name; }

  /// Returns the place of everything that the override of this path sets.
  Place add_override(const std::string& path);

  void set(const google::protobuf::Message& message, Place place);
  void set(const google::protobuf::Message& message, int field_number, int index, Place place);

  /// Where the value stands; nullptr if neither the file nor the command line gave it.
  const Place* find(const google::protobuf::Message& message, int field_number, int index) const;

  /// The best that is known: the value's own place, else its message's, else the start of the file.
  Place nearest(const google::protobuf::Message& message, int field_number, int index) const;

  /// Some file says so, not the command line.
  bool is_in_file(Place place) const { return source_of(place).kind == Source::kFile; }

  /// `fields` of the message `from` have become those of `to`, with all that is in them: they stand where the others
  /// say.
  void take_over(const Places& others, const google::protobuf::Message& from, const google::protobuf::Message& to,
                 const std::vector<const google::protobuf::FieldDescriptor*>& fields);

  Problem problem(Place place, std::string message) const;

 private:
  using Key = std::tuple<const google::protobuf::Message*, int, int>;  // field number 0: the message itself

  struct Source {
    std::string name;
    enum Kind { kFile, kOverride } kind;
  };
  const Source& source_of(Place place) const { return sources_[static_cast<std::size_t>(place.source)]; }

  std::vector<Source> sources_;
  std::map<Key, Place> places_;
};

}  // namespace parallax::scenarios
