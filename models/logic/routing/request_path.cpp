#include "models/logic/routing/request_path.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "models/logic/routing/byte_scan.h"
#include "models/logic/routing/segment_text.h"

namespace parallax::logic::routing {

namespace {

constexpr bool starts_with_scheme(std::string_view target, std::string_view scheme) {
  if (target.size() < scheme.size()) return false;
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char byte = target[i];
    const bool is_upper = byte >= 'A' && byte <= 'Z';
    if ((is_upper ? static_cast<char>(byte - 'A' + 'a') : byte) != scheme[i]) return false;
  }
  return true;
}

/// From the first slash behind the authority on; empty if that is not there or is no authority.
std::string_view path_of_absolute(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://", "ws://", "wss://"}) {
    if (!starts_with_scheme(target, scheme)) continue;
    for (std::size_t at = scheme.size(); at < target.size(); ++at) {
      const ByteKind kind = kind_of(target[at]);
      if (kind == ByteKind::kSlash) return at == scheme.size() ? std::string_view{} : target.substr(at);
      if (kind == ByteKind::kEnd || kind == ByteKind::kRefused) return {};
    }
  }
  return {};
}

constexpr char kEndMark = '?';
constexpr char kFragmentMark = '#';

}  // namespace

bool RequestPath::read(std::string_view target) {
  if (target.empty()) return false;
  if (target.front() == '/') return read_path(target);
  const std::string_view path = path_of_absolute(target);
  return !path.empty() && read_path(path);
}

bool RequestPath::read_path(std::string_view path) {
  char* const begin = text_.data();
  const std::size_t size = std::min(path.size(), kPathBytesMax + 1);
  std::memcpy(begin, path.data(), size);
  std::memset(begin + size, kEndMark, Segment::kPadding);
  std::size_t start = 1;
  ByteKind worst = ByteKind::kPlain;                                // of the segment's bytes
  std::uint64_t stops = stops_in_block(begin) & ~std::uint64_t{1};  // without the first slash
  for (std::size_t block = 0;; stops = stops_in_block(begin + block)) {
    for (; stops != 0; stops &= stops - 1) {
      const std::size_t at = block + static_cast<std::size_t>(std::countr_zero(stops));
      const ByteKind kind = kind_of(begin[at]);
      if (kind == ByteKind::kRefused || begin[at] == kFragmentMark) return false;
      if (kind == ByteKind::kEncoded) {
        worst = kind;
        continue;
      }
      const bool is_end = kind == ByteKind::kEnd;
      if (at == start) return is_end && at <= kPathBytesMax;  // a slash at the end, or an empty segment
      if (!append(start, at, worst)) return false;
      if (is_end) return at <= kPathBytesMax;
      start = at + 1;
      worst = ByteKind::kPlain;
    }
    block += kScanBlock;
  }
}

inline bool RequestPath::append(std::size_t start, std::size_t end, ByteKind worst) {
  char* const raw = text_.data() + start;
  std::string_view text{raw, end - start};
  if (worst == ByteKind::kEncoded) {
    const auto decoded = decode_segment(text, raw);
    if (!decoded) return false;
    text = *decoded;
  } else if (is_dot_segment(text)) {
    return false;
  }
  if (count_ == kSegmentsMax) {
    is_deeper_ = true;
  } else {
    segments_[count_++] = Segment::padded(text);
  }
  return true;
}

}  // namespace parallax::logic::routing
