#include "scenarios/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace parallax::scenarios {
namespace {

constexpr std::size_t kQuotedBytesMax = 80;
constexpr std::size_t kListedWordsMax = 16;
// Nobody misspells longer words than these; the distance costs the product of the lengths.
constexpr std::size_t kComparedBytesMax = 80;

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// Bytes of the UTF-8 sequence that starts at `at`; 0 if it is none (Unicode standard, table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const unsigned char lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte_at(text, at + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool out_of_range = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || out_of_range ? 0 : length;
}

bool is_printable(std::string_view text, std::size_t at, std::size_t length) {
  return length > 0 && byte_at(text, at) >= 0x20 && byte_at(text, at) != 0x7F;
}

/// A word is near if about a third of it has to change at most.
std::size_t distance_limit(std::string_view a, std::string_view b) {
  return std::max<std::size_t>(1, std::max(a.size(), b.size()) / 3);
}

/// "aws-2020" for "aws-2020-06-05": people leave off the end of long words.
std::string begun_with(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t kBytesMin = 3;
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [word](const std::string& candidate) { return candidate.starts_with(word); });
  return word.size() < kBytesMin || found == candidates.end() ? std::string{} : *found;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  std::size_t at = 0;
  while (at < text.size() && out.size() <= kQuotedBytesMax) {
    const std::size_t length = utf8_length(text, at);
    const unsigned char lead = byte_at(text, at);
    if (!is_printable(text, at, length)) {
      out += fmt::format("\\x{:02x}", lead);
      ++at;
      continue;
    }
    if (lead == '"' || lead == '\\') out += '\\';
    out += text.substr(at, length);
    at += length;
  }
  return out + (at < text.size() ? "...\"" : "\"");
}

std::string on_one_line(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const bool plain = is_printable(text, at, length);
    out += plain ? std::string(text.substr(at, length)) : fmt::format("\\x{:02x}", byte_at(text, at));
    at += plain ? length : 1;
  }
  return out;
}

std::string listing(std::span<const std::string> words) {
  const std::size_t shown = std::min(words.size(), kListedWordsMax);
  const std::string list = fmt::format("{}", fmt::join(words.first(shown), ", "));
  return shown == words.size() ? list : fmt::format("{} and {} more", list, words.size() - shown);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Optimal string alignment: row i holds the distances from the first i letters of a to each prefix of b.
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string nearest_word(std::string_view word, std::span<const std::string> candidates) {
  std::string nearest;
  std::size_t best = kComparedBytesMax;
  if (word.empty() || word.size() > kComparedBytesMax) return nearest;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kComparedBytesMax) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= best || distance > distance_limit(word, candidate)) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest.empty() ? begun_with(word, candidates) : nearest;
}

std::string suggestion(std::string_view word, std::string_view kind, std::span<const std::string> candidates) {
  if (candidates.empty()) return {};
  const std::string nearest = nearest_word(word, candidates);
  const std::string question = nearest.empty() ? "" : fmt::format("; did you mean {}?", quoted(nearest));
  return fmt::format("{} ({}: {})", question, kind, listing(candidates));
}

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace parallax::scenarios
