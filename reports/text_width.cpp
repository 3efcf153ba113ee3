#include "reports/text_width.h"

#include <cstddef>

#include "reports/utf8.h"

namespace parallax::reports {
namespace {

// Of the size, by the first byte of a letter in UTF-8: what is beyond two bytes may be as wide as it is high, beyond
// three it is a picture.
double letter_width(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  if (byte >= 0xF0) return 1.4;
  if (byte >= 0xE0) return 1.05;
  if (byte >= 0x80) return 0.75;
  if (std::string_view("ijlI|!.,:;'`").find(letter) != std::string_view::npos) return 0.32;
  if (std::string_view("frt()[]{}/\\\"- ").find(letter) != std::string_view::npos) return 0.42;
  if (std::string_view("mwMW@%").find(letter) != std::string_view::npos) return 0.96;
  if (letter >= 'A' && letter <= 'Z') return 0.74;
  return std::string_view("<>=+~#&").find(letter) != std::string_view::npos ? 0.78 : 0.58;
}

bool continues(char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) == 0x80U; }

}  // namespace

double text_width(std::string_view text, double size) {
  double width = 0;
  for (const char letter : text) width += continues(letter) ? 0 : letter_width(letter);
  return width * size;
}

std::string fitted(std::string_view any_text, double width, double size) {
  const std::string text = well_formed(any_text);
  if (text_width(text, size) <= width) return text;
  std::size_t letters = code_points(text);
  while (letters > 1 && text_width(first_code_points(text, letters) + "…", size) > width) --letters;
  return first_code_points(text, letters) + "…";
}

}  // namespace parallax::reports
