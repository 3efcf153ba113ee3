// What a browser may be told (WHATWG Fetch, section "CORS protocol"), as carbon-apimgt CORSRequestHandler and
// api-manager configuration have it, with the differences: an origin that is not allowed gets no CORS header at all,
// "null" never gets credentials (any sandboxed page has that origin), and asked-for headers are echoed from the request
// at hand, not from the first one ever.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/logic/routing/verb.h"

namespace parallax::logic::routing {

/// The defaults are those of carbon-apimgt's core.default.json.
struct CorsOptions {
  /// False: no CORS handler runs. Then nobody looks for the resource before authentication does (route.h).
  bool enabled{true};
  /// Compared byte for byte with the Origin header. "*" among them allows all, and then the rest says nothing.
  std::vector<std::string> allowed_origins{"*"};
  VerbSet allowed_methods{Verb::kGet, Verb::kPut, Verb::kPost, Verb::kDelete, Verb::kPatch, Verb::kOptions};
  /// "*" among them: whatever the request asks for.
  std::vector<std::string> allowed_headers{
      "authorization", "Access-Control-Allow-Origin", "Content-Type", "SOAPAction", "apikey", "Internal-Key"};
  /// Have no effect where all origins are allowed.
  bool allow_credentials{false};
  /// For how long a browser may remember a preflight's answer, in seconds. Nothing: the header is not sent.
  std::optional<std::uint32_t> max_age_s{};
};

/// The values of the response headers; the texts stay those of the Cors or of the request.
struct CorsHeaders {
  std::string_view allow_origin{};   ///< empty: no CORS header is sent, and what follows says nothing
  VerbSet allow_methods{};           //
  std::string_view allow_headers{};  ///< separated by commas
  bool allow_credentials{false};     //
  bool vary_by_origin{false};        ///< the answer depends on the Origin header (Vary)
  std::optional<std::uint32_t> max_age_s{};
  friend bool operator==(const CorsHeaders&, const CorsHeaders&) = default;
};

class Cors {
 public:
  explicit Cors(const CorsOptions& options = {});

  bool is_enabled() const { return enabled_; }

  /// For a resource with the verbs `declared`. `origin` and `requested_headers` are the request's Origin and
  /// Access-Control-Request-Headers; empty: not there. What is asked for is echoed only if it is a list of field names
  /// (RFC 9110 section 5.6.2). Allocates nothing.
  CorsHeaders headers(std::string_view origin, std::string_view requested_headers, VerbSet declared) const&;
  CorsHeaders headers(std::string_view, std::string_view, VerbSet) && = delete;  // they would point to nothing

 private:
  /// "*", the configured text, or empty.
  std::string_view allowed(std::string_view origin) const;

  bool enabled_;
  bool all_origins_;
  bool all_headers_;
  bool allow_credentials_;
  std::vector<std::string> origins_;  ///< in order
  VerbSet methods_;
  std::string headers_;
  std::optional<std::uint32_t> max_age_s_;
};

}  // namespace parallax::logic::routing
