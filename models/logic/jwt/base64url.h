// base64url without padding (RFC 4648 section 5, RFC 7515 section 2), read strictly: one text for each sequence of
// bytes. Padding, white space, the standard alphabet and trailing bits that are not zero are refused, or a token could
// be written in several ways, each unknown to a cache or a list of revoked tokens.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parallax::logic::jwt {

/// The bytes at the front of `room`; nothing if `text` is not canonical or `room` has fewer than 3 bytes for each 4
/// characters. Constant time for its length, so that keys may pass through it.
std::optional<std::string_view> base64url_decode(std::string_view text, std::span<char> room);

std::string base64url_encode(std::string_view bytes);

}  // namespace parallax::logic::jwt
