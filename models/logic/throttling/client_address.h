// A client's IP address as a 128-bit value. IPv4 addresses are mapped into IPv6 (RFC 4291, 2.5.5.2), so that one order
// serves ranges of both; a range of one family never holds an address of the other.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace parallax::logic::throttling {

struct ClientAddress {
  std::uint64_t high{0};
  std::uint64_t low{0};

  /// `address` as a number, its first octet uppermost.
  static constexpr ClientAddress v4(std::uint32_t address) { return {0, std::uint64_t{0xffff} << 32 | address}; }
  friend constexpr auto operator<=>(ClientAddress, ClientAddress) = default;
};

/// For boost's tables, which mix it once more. Look up what clients send; insert only what an administrator chose.
inline std::size_t hash_value(ClientAddress address) { return address.low ^ address.high * 0x9e37'79b9'7f4a'7c15; }

}  // namespace parallax::logic::throttling
