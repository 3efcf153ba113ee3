// A walk over the tokens of a scenario beside the message that the parser made of them. It finds the place of every
// value and what stood where the parser complained. (Protobuf's ParseInfoTree loses the elements of "[a, b]" and is
// out of step with the list from there on; the parser's own complaints point behind the field that they are about.)
#pragma once

#include <google/protobuf/message.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/places.h"
#include "scenarios/text_cursor.h"

namespace parallax::scenarios {

/// One objection of Protobuf's parser, at its own zero-based position.
struct Complaint {
  enum class Kind { unknown_field, error };

  Kind kind;
  int line;
  int column;
  std::string message;
};

/// What stood where a complaint was raised.
struct Context {
  Spot spot;          ///< of the complaint itself
  std::string found;  ///< token there; empty at the end of the file
  Spot before_spot;   ///< of the token before it
  std::string before;
  const google::protobuf::Descriptor* type{nullptr};        ///< of the block around it; nullptr inside an unknown one
  const google::protobuf::FieldDescriptor* field{nullptr};  ///< begun last in it; nullptr if unknown
  std::string field_name;                                   ///< as written
  Spot field_spot;
};

enum class ParseEnd { end_of_text, last_complaint };

/// Fills `places` and returns one context per complaint. `complaints` are in the order of the text. After a failed
/// parse the walk ends with the last of them, since nothing behind it was read.
std::vector<Context> walk_source(std::string_view text, const google::protobuf::Message& root,
                                 std::span<const Complaint> complaints, ParseEnd end, Places& places);

}  // namespace parallax::scenarios
