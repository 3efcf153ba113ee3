#include "reports/utf8.h"

#include <algorithm>
#include <array>

namespace parallax::reports {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

unsigned byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool is_continuation(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

struct Lead {
  std::size_t length;     // of the sequence; 0 = no sequence begins so
  unsigned second_least;  // narrower than 80..BF where over-long forms, surrogates or U+110000 would begin
  unsigned second_greatest;
};

// RFC 3629, section 4.
Lead lead_of(unsigned byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// Length of the well-formed sequence at `start`, 0 if there is none.
std::size_t sequence_length(std::string_view text, std::size_t start) {
  const Lead lead = lead_of(byte_at(text, start));
  if (lead.length <= 1) return lead.length;
  if (start + lead.length > text.size()) return 0;
  const unsigned second = byte_at(text, start + 1);
  if (second < lead.second_least || second > lead.second_greatest) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if (!is_continuation(byte_at(text, start + i))) return 0;
  }
  return lead.length;
}

bool is_control(std::string_view sequence) {
  const unsigned first = byte_at(sequence, 0);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
  if (sequence.size() == 2) return (first == 0xC2 && byte_at(sequence, 1) < 0xA0) || sequence == "\u061C";
  constexpr std::array<std::string_view, 13> kOthers{"\u200E", "\u200F", "\u202A", "\u202B", "\u202C",
                                                     "\u202D", "\u202E", "\u2066", "\u2067", "\u2068",
                                                     "\u2069", "\uFFFE", "\uFFFF"};
  return std::find(kOthers.begin(), kOthers.end(), sequence) != kOthers.end();
}

}  // namespace

std::string well_formed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    out += length == 0 ? kReplacement : text.substr(i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

std::string without_controls(std::string_view text, std::string_view instead) {
  const std::string sound = well_formed(text);
  const std::string_view all{sound};
  std::string out;
  out.reserve(all.size());
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t length = sequence_length(all, i);
    const std::string_view sequence = all.substr(i, length);
    out += is_control(sequence) ? instead : sequence;
    i += length;
  }
  return out;
}

std::string one_line(std::string_view text) {
  std::string line{text};
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return without_controls(line, "\uFFFD");
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<unsigned char>(c)); }));
}

std::string first_code_points(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (begins && count-- == 0) break;
  }
  return std::string(text.substr(0, end));
}

}  // namespace parallax::reports
