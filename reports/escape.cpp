#include "reports/escape.h"

#include <fmt/format.h>

#include <iterator>

#include "reports/utf8.h"

namespace parallax::reports {
namespace {

// RFC 3986, section 2.3, and the slash between folders.
bool is_plain_in_path(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '/';
}

constexpr std::string_view kReplacement = "\uFFFD";

// Embeddings, overrides and isolates of direction, U+202A to U+202E and U+2066 to U+2069, three bytes each: one in a
// name would turn the words around it. Letters that run from right to left need none.
bool turns_text(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xE2') return false;
  const auto last = static_cast<unsigned char>(text[2]);
  return (text[1] == '\x80' && last >= 0xAA && last <= 0xAE) || (text[1] == '\x81' && last >= 0xA6 && last <= 0xA9);
}

}  // namespace

std::string escaped(std::string_view text) {
  const std::string safe = well_formed(text);
  std::string out;
  out.reserve(safe.size() + 16);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    if (turns_text(std::string_view(safe).substr(i))) {
      out += kReplacement;
      i += 2;
      continue;
    }
    const char c = safe[i];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
      case '\r':
      case '\t':
        out += ' ';
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += kReplacement;  // HTML allows no control character
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string isolated(std::string_view text) { return "<bdi>" + escaped(text) + "</bdi>"; }

std::string path_reference(std::string_view path) {
  std::string out = path.starts_with('/') ? "" : "./";
  for (const char c : path) {
    if (is_plain_in_path(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace parallax::reports
