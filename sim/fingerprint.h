// A 128-bit hash of a journal's records, field by field in little-endian order: equal fingerprints, equal runs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sim/record.h"

namespace parallax::sim {

struct Fingerprint {
  std::uint64_t high{0};
  std::uint64_t low{0};
  friend constexpr auto operator<=>(Fingerprint, Fingerprint) = default;
};

/// 32 lower-case hex digits.
std::string to_hex(Fingerprint fingerprint);

class Hasher {
 public:
  Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void add(std::span<const std::uint64_t> words);
  void add(const Record& record);
  void add(Fingerprint fingerprint);

  /// Of all that was added so far; more may follow.
  Fingerprint digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parallax::sim
