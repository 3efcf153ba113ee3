// Line and column as editors count them, from those of Protobuf's tokenizer: it counts bytes from 0 and moves a tab to
// the next multiple of eight; people count characters from 1 and a tab as one.
#pragma once

#include <cstddef>
#include <string_view>

namespace parallax::scenarios {

struct Spot {
  int line{1};
  int column{1};

  friend bool operator==(const Spot&, const Spot&) = default;
};

class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : text_{text} {}

  /// The spot of the tokenizer's position. Asked in ascending order, all calls together read the text once.
  Spot locate(int line, int column);

 private:
  void restart() { *this = TextCursor(text_); }

  std::string_view text_;
  std::size_t at_{0};
  int line_{0};
  int column_{0};
  Spot spot_;
};

/// The spot of a byte of the text.
Spot spot_of_byte(std::string_view text, std::size_t offset);

}  // namespace parallax::scenarios
