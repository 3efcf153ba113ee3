#include "scenarios/text_cursor.h"

namespace parallax::scenarios {
namespace {

constexpr int kTabWidth = 8;  // google::protobuf::io::Tokenizer

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

Spot TextCursor::locate(int line, int column) {
  if (line < line_ || (line == line_ && column < column_)) restart();
  while (at_ < text_.size() && (line_ < line || (line_ == line && column_ < column))) {
    const char c = text_[at_++];
    if (c == '\n') {
      if (line_ == line) break;  // the line is shorter than said
      ++line_;
      column_ = 0;
      spot_ = {spot_.line + 1, 1};
      continue;
    }
    column_ += c == '\t' ? kTabWidth - column_ % kTabWidth : 1;
    if (at_ == text_.size() || !continues_character(text_[at_])) ++spot_.column;
  }
  return spot_;
}

Spot spot_of_byte(std::string_view text, std::size_t offset) {
  Spot spot;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      spot = {spot.line + 1, 1};
    } else if (!continues_character(c)) {
      ++spot.column;
    }
  }
  return spot;
}

}  // namespace parallax::scenarios
