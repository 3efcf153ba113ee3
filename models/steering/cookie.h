// The cookie with which a balancer knows its clients again: it names a server. One comes with the answer to a client
// that had none, or whose server could not be used ("insert" and "indirect" of HAProxy's directive `cookie`,
// configuration manual 2.6, section 4.2); a balancer makes nothing of one that another data center's has given.
#pragma once

#include <cstdint>
#include <optional>

#include "models/domain/ids.h"

namespace parallax::steering {

enum class Cookie : std::uint32_t {
  kNone = 0xffff'ffff,
  kDropped = 0xffff'fffe,  ///< of a client that keeps none
};

/// Of a server by its place among those behind the site's balancer: at most 65,533.
constexpr Cookie cookie_of(domain::SiteId site, std::uint32_t server) {
  return static_cast<Cookie>(static_cast<std::uint32_t>(site) << 16 | server);
}

/// Nothing if it is not from this site.
constexpr std::optional<std::uint32_t> server_named(Cookie cookie, domain::SiteId site) {
  if (cookie == Cookie::kNone || cookie == Cookie::kDropped) return std::nullopt;
  const auto packed = static_cast<std::uint32_t>(cookie);
  return packed >> 16 == static_cast<std::uint32_t>(site) ? std::optional{packed & 0xffff} : std::nullopt;
}

/// Of a server of another data center.
constexpr bool is_elsewhere(Cookie cookie, domain::SiteId site) {
  return cookie != Cookie::kNone && cookie != Cookie::kDropped && !server_named(cookie, site);
}

/// What a client keeps after an answer.
constexpr Cookie kept_cookie(Cookie own, Cookie answered) {
  return own == Cookie::kDropped || answered == Cookie::kNone ? own : answered;
}

}  // namespace parallax::steering
