#include "models/logic/routing/cors.h"

#include <algorithm>

namespace parallax::logic::routing {

namespace {

constexpr std::string_view kAll = "*";

bool has_all(const std::vector<std::string>& texts) {
  return std::find(texts.begin(), texts.end(), kAll) != texts.end();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ",") + text;
  return list;
}

/// Tokens (RFC 9110 section 5.6.2), commas and blanks, and so nothing that could end a header line.
bool is_name_list(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char byte) {
    const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool is_digit = byte >= '0' && byte <= '9';
    return is_letter || is_digit || std::string_view{"!#$%&'*+-.^_`|~, "}.find(byte) != std::string_view::npos;
  });
}

}  // namespace

Cors::Cors(const CorsOptions& options)
    : enabled_{options.enabled},
      all_origins_{has_all(options.allowed_origins)},
      all_headers_{has_all(options.allowed_headers)},
      allow_credentials_{options.allow_credentials},
      origins_{options.allowed_origins},
      methods_{options.allowed_methods},
      headers_{joined(options.allowed_headers)},
      max_age_s_{options.max_age_s} {
  std::sort(origins_.begin(), origins_.end());
}

std::string_view Cors::allowed(std::string_view origin) const {
  if (all_origins_) return kAll;
  const auto found = std::lower_bound(origins_.begin(), origins_.end(), origin);
  return found != origins_.end() && *found == origin ? std::string_view{*found} : std::string_view{};
}

CorsHeaders Cors::headers(std::string_view origin, std::string_view requested_headers, VerbSet declared) const& {
  CorsHeaders headers;
  headers.vary_by_origin = !all_origins_;
  headers.allow_origin = allowed(origin);
  if (headers.allow_origin.empty()) return headers;
  headers.allow_methods = declared & methods_;
  headers.allow_headers = headers_;
  if (all_headers_) headers.allow_headers = is_name_list(requested_headers) ? requested_headers : std::string_view{};
  headers.allow_credentials = allow_credentials_ && headers.allow_origin != kAll && headers.allow_origin != "null";
  headers.max_age_s = max_age_s_;
  return headers;
}

}  // namespace parallax::logic::routing
