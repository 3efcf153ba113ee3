// Messages as JSON, by reflection: the schema is the only list of fields. Names are snake_case and in the order of the
// schema; zeros are printed, absent fields and messages are null, empty lists []; integers are plain below 2^53, where
// every JSON reader keeps them exact, and quoted from there on; doubles are the shortest text that reads back, NaN and
// infinity are null. google::protobuf::util::JsonStringToMessage reads it back.
#pragma once

#include <string>
#include <string_view>

namespace google::protobuf {
class Message;
}

namespace parallax::reports {

/// In quotes, escaped; what is no UTF-8 is replaced.
std::string json_string(std::string_view text);

/// Two spaces an indent, lists of plain values on one line, newline at the end.
std::string to_json(const google::protobuf::Message& message);

/// One line, no space, no newline.
std::string to_json_line(const google::protobuf::Message& message);

}  // namespace parallax::reports
