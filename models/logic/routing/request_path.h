// A request target (RFC 9112 section 3.2) as segments. It is decided here once, before anything is looked up:
// - the query is cut off; a fragment, which no target may have, refuses it, for a back end may read on behind the mark;
// - absolute-form ("https://host/pizza") is its path; http, https, ws and wss, in any case (synapse ApiUtils);
// - one slash at the end changes nothing ("/order/" is "/order": synapse URLMappingHelper);
// - an empty segment elsewhere ("//") and every segment of two readings (segment_text.h) refuse the whole target,
//   also where only a wildcard would have looked at it;
// - authority-form, asterisk-form and relative paths are no paths of an API, and a path of more than kPathBytesMax
//   bytes is none either.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "models/logic/routing/byte_scan.h"
#include "models/logic/routing/segment.h"
#include "models/logic/routing/segment_text.h"

namespace parallax::logic::routing {

/// RFC 9110 section 4.1 wants 8,000 bytes of a URI supported at least.
inline constexpr std::size_t kPathBytesMax = 8192;

/// Segments of a context, a version and a template together. Whatever lies deeper in a request can only meet a
/// wildcard: its text is checked, but not kept.
inline constexpr std::size_t kSegmentsMax = 32;

/// Keeps a copy, so that it can decode in place and read in whole words. Not copied: its segments point into it.
class RequestPath {
 public:
  // Its arrays are written before they are read.
  RequestPath() {}  // NOLINT(modernize-use-equals-default)
  RequestPath(const RequestPath&) = delete;
  RequestPath& operator=(const RequestPath&) = delete;

  /// False: refused, and there are no segments to ask for. Any bytes will do. Requires: called once.
  bool read(std::string_view target);

  std::span<const Segment> segments() const { return {segments_.data(), count_}; }
  bool is_deeper() const { return is_deeper_; }  ///< there were more than kSegmentsMax

 private:
  bool read_path(std::string_view path);
  bool append(std::size_t start, std::size_t end, ByteKind worst);

  std::array<Segment, kSegmentsMax> segments_;
  std::size_t count_{0};
  bool is_deeper_{false};
  /// The path, one byte more to see that it is too long, what ends it, and a block more that a scan may look at.
  std::array<char, kPathBytesMax + 1 + Segment::kPadding + kScanBlock> text_;
};

}  // namespace parallax::logic::routing
