// What a chart says from instant to instant, in words: for readers who point at one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parallax::reports {

class Track {
 public:
  /// `place` is that of disturbances.h whose state this is; empty: of none.
  explicit Track(std::string_view place = "") : place_{place} {}

  /// From `from_ns` on `words` (plain text) hold, until the next words do. In order of time; of the same instant the
  /// last ones count.
  void add(std::int64_t from_ns, std::string_view words);

  /// ` data-track="0 up|480000 no power|1080000 up" data-place="r0"`, in milliseconds; empty without words.
  std::string attribute() const;

 private:
  std::string place_;
  std::string text_;
  std::string last_;
  std::int64_t last_ms_{-1};
  std::size_t last_begin_{0};
};

}  // namespace parallax::reports
