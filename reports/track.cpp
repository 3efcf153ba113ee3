#include "reports/track.h"

#include <fmt/format.h>

#include "reports/escape.h"

namespace parallax::reports {

void Track::add(std::int64_t from_ns, std::string_view words) {
  const std::int64_t from_ms = from_ns / 1'000'000;
  if (from_ms == last_ms_) {
    text_.resize(last_begin_);
  } else if (words == last_) {
    return;
  }
  last_begin_ = text_.size();
  last_ms_ = from_ms;
  last_ = words;
  text_ += fmt::format("{}{} {}", text_.empty() ? "" : "|", from_ms, words);
}

std::string Track::attribute() const {
  if (text_.empty()) return "";
  const std::string place = place_.empty() ? "" : fmt::format(R"( data-place="{}")", place_);
  return fmt::format(R"( data-track="{}"{})", escaped(text_), place);
}

}  // namespace parallax::reports
