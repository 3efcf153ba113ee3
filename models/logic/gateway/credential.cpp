#include "models/logic/gateway/credential.h"

#include <algorithm>
#include <array>

namespace parallax::logic::gateway {

namespace {

constexpr std::string_view kScheme = "bearer ";

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr auto kIsToken68 = [] {
  std::array<bool, 256> is{};
  for (const char c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/="}) {
    is[static_cast<unsigned char>(c)] = true;
  }
  return is;
}();

constexpr bool is_token68(char c) { return kIsToken68[static_cast<unsigned char>(c)]; }

bool has_scheme(std::string_view header) {
  return header.size() > kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), header.begin(), [](char a, char b) { return a == lower(b); });
}

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  if (!has_scheme(authorization)) return std::nullopt;
  std::string_view token = authorization.substr(kScheme.size());
  token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
  if (token.empty() || !std::all_of(token.begin(), token.end(), is_token68)) return std::nullopt;
  return token;
}

bool looks_signed(std::string_view token) { return std::count(token.begin(), token.end(), '.') == 2; }

}  // namespace parallax::logic::gateway
