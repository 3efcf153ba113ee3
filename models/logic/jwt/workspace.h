// The memory in which a token is taken apart: all of it is asked for once, by the host, which keeps one for each
// thread. What a reading says are views into it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace parallax::logic::jwt {

/// Of a token as it is sent. Header lines of 8 KiB are what most servers take in all.
inline constexpr std::size_t kMaxTokenBytes = 8 * 1024;

class Workspace {
 public:
  /// Longer tokens are refused unread. Requires: max_token_bytes >= 1.
  explicit Workspace(std::size_t max_token_bytes = kMaxTokenBytes)
      : decoded_(max_token_bytes), texts_(max_token_bytes) {}

  // Tokens look into the memory.
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  std::size_t max_token_bytes() const { return decoded_.size(); }

  /// What the reading since reset() did: bytes decoded and kept, and things that the parser told. At most
  /// kMaxWorkPerByte for each byte of the token.
  std::uint64_t work() const { return work_; }
  static constexpr std::uint64_t kMaxWorkPerByte = 4;

  // For the reader only.
  void reset() { decoded_used_ = texts_used_ = work_ = 0; }
  void count(std::uint64_t work) { work_ += work; }

  /// Where the next part is decoded to.
  std::span<char> decoded_room() { return std::span{decoded_}.subspan(decoded_used_); }
  void take_decoded(std::size_t bytes) { decoded_used_ += bytes, count(bytes); }

  std::size_t texts_used() const { return texts_used_; }

  /// Puts text behind what was kept before; false if it does not fit.
  bool keep(std::string_view text) {
    if (text.size() > texts_.size() - texts_used_) return false;
    std::copy(text.begin(), text.end(), texts_.begin() + static_cast<std::ptrdiff_t>(texts_used_));
    texts_used_ += text.size();
    count(text.size());
    return true;
  }
  std::string_view kept_since(std::size_t start) const { return {texts_.data() + start, texts_used_ - start}; }

 private:
  std::vector<char> decoded_;
  std::vector<char> texts_;
  std::size_t decoded_used_{0};
  std::size_t texts_used_{0};
  std::uint64_t work_{0};
};

}  // namespace parallax::logic::jwt
