// The paths that API publishers write, in parts: contexts, versions and URI templates. Building only; may allocate.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parallax::logic::routing {

struct TemplateSegment {
  enum class Kind { kLiteral, kParameter };
  Kind kind;
  std::string text;  ///< decoded; empty for a parameter
  friend bool operator==(const TemplateSegment&, const TemplateSegment&) = default;
};

struct UriTemplate {
  std::vector<TemplateSegment> segments;
  bool has_wildcard{false};  ///< behind the last segment
  friend bool operator==(const UriTemplate&, const UriTemplate&) = default;
};

/// Nothing: malformed (api_routes.h).
std::optional<UriTemplate> parse_template(std::string_view text);

/// Of literal segments only, decoded; empty for "/". Nothing: malformed.
std::optional<std::vector<std::string>> parse_context(std::string_view text);

/// Nothing: not exactly one literal segment.
std::optional<std::string> parse_version(std::string_view text);

}  // namespace parallax::logic::routing
