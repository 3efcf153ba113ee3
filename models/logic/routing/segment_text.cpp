#include "models/logic/routing/segment_text.h"

namespace parallax::logic::routing {

namespace {

/// 0 to 15, or -1.
constexpr int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// The byte that the text's first three characters encode, or -1.
constexpr int encoded_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_digit(text[1]);
  const int low = hex_digit(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

constexpr bool is_still_encoded(std::string_view text) {
  for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    if (encoded_byte(text.substr(at)) >= 0) return true;
  }
  return false;
}

/// How long a character is that begins so, and what its second byte may be: RFC 3629 section 4, which leaves out
/// overlong forms, surrogates and what lies above U+10FFFF. Length 0: no character begins so.
struct Utf8Lead {
  std::size_t length;
  unsigned char second_least{0x80};
  unsigned char second_most{0xbf};
};

constexpr Utf8Lead utf8_lead(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte >= 0xc2 && byte <= 0xdf) return {2};
  if (byte == 0xe0) return {3, 0xa0};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3};
  if (byte == 0xf0) return {4, 0x90};
  if (byte >= 0xf1 && byte <= 0xf3) return {4};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0};
}

constexpr bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const Utf8Lead lead = utf8_lead(byte(0));
    if (lead.length == 0 || lead.length > text.size() - at) return false;
    if (lead.length > 1 && (byte(1) < lead.second_least || byte(1) > lead.second_most)) return false;
    for (std::size_t i = 2; i < lead.length; ++i) {
      if ((byte(i) & 0xc0) != 0x80) return false;
    }
    at += lead.length;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> decode_segment(std::string_view raw, char* buffer) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    char byte = raw[at];
    if (kind_of(byte) == ByteKind::kEnd) return std::nullopt;
    const bool is_encoded = byte == '%';
    if (is_encoded) {
      const int decoded = encoded_byte(raw.substr(at));
      if (decoded < 0) return std::nullopt;
      byte = static_cast<char>(decoded);
      at += 2;
    }
    const bool is_encoded_space = is_encoded && byte == ' ';
    if (kind_of(byte) == ByteKind::kSlash) return std::nullopt;
    if (kind_of(byte) == ByteKind::kRefused && !is_encoded_space) return std::nullopt;
    buffer[size++] = byte;
  }
  const std::string_view text{buffer, size};
  if (text.empty() || is_dot_segment(text) || is_still_encoded(text) || !is_utf8(text)) return std::nullopt;
  return text;
}

}  // namespace parallax::logic::routing
