#include "models/logic/routing/uri_template.h"

#include <algorithm>
#include <utility>

#include "models/logic/routing/segment_text.h"

namespace parallax::logic::routing {

namespace {

using Kind = TemplateSegment::Kind;

/// The texts between the slashes; nothing if the first byte is none. One slash at the end is not counted.
std::optional<std::vector<std::string_view>> split(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  std::vector<std::string_view> parts;
  for (path.remove_prefix(1); !path.empty();) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

constexpr bool is_name_byte(char byte) {
  const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  const bool is_digit = byte >= '0' && byte <= '9';
  return is_letter || is_digit || byte == '_' || byte == '-' || byte == '.';
}

/// RFC 6570 level 1; its operators ("{+path}") and modifiers ("{id:3}") would meet other things than one segment.
bool is_parameter(std::string_view part) {
  if (part.size() < 3 || part.front() != '{' || part.back() != '}') return false;
  const std::string_view name = part.substr(1, part.size() - 2);
  return std::all_of(name.begin(), name.end(), is_name_byte);
}

std::optional<std::string> parse_literal(std::string_view part) {
  if (part.find_first_of("{}*") != part.npos) return std::nullopt;
  std::string buffer(part.size(), '\0');
  const auto text = decode_segment(part, buffer.data());
  if (!text) return std::nullopt;
  buffer.resize(text->size());
  return buffer;
}

std::optional<TemplateSegment> parse_segment(std::string_view part) {
  if (is_parameter(part)) return TemplateSegment{Kind::kParameter, {}};
  auto literal = parse_literal(part);
  if (!literal) return std::nullopt;
  return TemplateSegment{Kind::kLiteral, *std::move(literal)};
}

}  // namespace

std::optional<UriTemplate> parse_template(std::string_view text) {
  auto parts = split(text);
  if (!parts) return std::nullopt;
  UriTemplate result;
  result.has_wildcard = !parts->empty() && parts->back() == "*" && text.back() == '*';
  if (result.has_wildcard) parts->pop_back();
  for (const std::string_view part : *parts) {
    auto segment = parse_segment(part);
    if (!segment) return std::nullopt;
    result.segments.push_back(*std::move(segment));
  }
  return result;
}

std::optional<std::vector<std::string>> parse_context(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  std::vector<std::string> result;
  for (const std::string_view part : *parts) {
    auto literal = parse_literal(part);
    if (!literal) return std::nullopt;
    result.push_back(*std::move(literal));
  }
  return result;
}

std::optional<std::string> parse_version(std::string_view text) { return parse_literal(text); }

}  // namespace parallax::logic::routing
