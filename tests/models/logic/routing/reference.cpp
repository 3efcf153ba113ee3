#include "tests/models/logic/routing/reference.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace parallax::logic::routing {

namespace {

using Texts = std::vector<std::string>;

Texts split(const std::string& text) {
  Texts parts{""};
  for (const char byte : text) {
    if (byte == '/') {
      parts.emplace_back();
    } else {
      parts.back() += byte;
    }
  }
  return parts;
}

int hex(const std::string& text, std::size_t at) {
  if (at >= text.size() || std::isxdigit(static_cast<unsigned char>(text[at])) == 0) return -1;
  return std::stoi(text.substr(at, 1), nullptr, 16);
}

bool is_encoded_at(const std::string& text, std::size_t at) {
  return text[at] == '%' && hex(text, at + 1) >= 0 && hex(text, at + 2) >= 0;
}

bool is_control(char byte) { return (byte >= 0 && byte < 0x20) || byte == 0x7f; }

std::string encode_utf8(std::uint32_t point) {
  const auto byte = [](std::uint32_t value) { return std::string(1, static_cast<char>(value)); };
  const auto tail = [&](int shift) { return byte(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) return byte(0xc0 | point >> 6) + tail(0);
  if (point < 0x10000) return byte(0xe0 | point >> 12) + tail(6) + tail(0);
  return byte(0xf0 | point >> 18) + tail(12) + tail(6) + tail(0);
}

// Decodes without looking, and sees whether encoding gives the same again.
bool is_utf8(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
      point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    }
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
    const std::string again = encode_utf8(point);
    if (text.compare(at, again.size(), again) != 0) return false;
    at += again.size();
  }
  return true;
}

std::optional<std::string> decode(const std::string& raw) {
  if (raw.find_first_of(" \\;?#") != raw.npos) return std::nullopt;
  std::string text;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '%') {
      text += raw[at];
    } else if (is_encoded_at(raw, at)) {
      text += static_cast<char>(hex(raw, at + 1) * 16 + hex(raw, at + 2));
      at += 2;
    } else {
      return std::nullopt;
    }
  }
  if (text.empty() || text == "." || text == "..") return std::nullopt;
  if (text.find_first_of("/\\;") != text.npos) return std::nullopt;
  if (std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_encoded_at(text, at)) return std::nullopt;
  }
  return is_utf8(text) ? std::optional{text} : std::nullopt;
}

/// Of something that begins with a slash.
std::optional<Texts> decode_all(const std::string& path) {
  Texts parts = split(path.substr(1));
  if (parts.back().empty()) parts.pop_back();
  Texts texts;
  for (const std::string& part : parts) {
    const auto text = decode(part);
    if (!text) return std::nullopt;
    texts.push_back(*text);
  }
  return texts;
}

bool is_parameter(const std::string& part) { return part.front() == '{'; }

/// Segments of a template; "{}" for a parameter, "*" for a wildcard at the end.
Texts template_of(const std::string& text) {
  Texts parts = split(text.substr(1));
  if (parts.back().empty()) parts.pop_back();
  for (std::string& part : parts) {
    if (part != "*") part = is_parameter(part) ? "{}" : *decode(part);
  }
  return parts;
}

bool matches(const Texts& pattern, const Texts& path) {
  const bool has_wildcard = !pattern.empty() && pattern.back() == "*";
  const std::size_t fixed = pattern.size() - (has_wildcard ? 1 : 0);
  if (has_wildcard ? path.size() < fixed : path.size() != fixed) return false;
  for (std::size_t i = 0; i < fixed; ++i) {
    if (!is_parameter(pattern[i]) && pattern[i] != path[i]) return false;
  }
  return true;
}

/// Of two templates that match the same path.
bool is_more_specific(const Texts& a, const Texts& b) {
  const auto rank = [](const Texts& pattern, std::size_t i) {
    if (i == pattern.size()) return 0;
    return pattern[i] == "*" ? 3 : is_parameter(pattern[i]) ? 2 : 1;
  };
  for (std::size_t i = 0;; ++i) {
    if (rank(a, i) != rank(b, i)) return rank(a, i) < rank(b, i);
    if (rank(a, i) == 0) return false;
  }
}

std::vector<Texts> prefixes_of(const ApiRoutes& api) {
  const Texts context = *decode_all(api.context);
  if (api.version.empty()) return {context};
  Texts with_version = context;
  with_version.push_back(*decode(api.version));
  if (api.is_default == DefaultVersion::kNo) return {with_version};
  return {context, with_version};
}

bool is_prefix(const Texts& prefix, const Texts& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

/// The rest of the path is in the API.
Match match_within(const ApiRoutes& api, VerbSet wanted, const Texts& rest) {
  Match match{Found::kApi, {}, api.api, domain::kNoResource};
  const Texts* best = nullptr;
  std::vector<Texts> patterns;
  for (const Resource& resource : api.resources) patterns.push_back(template_of(resource.uri_template));
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (!matches(patterns[i], rest)) continue;
    match.found = Found::kPath;
    match.allowed.insert(api.resources[i].verb);
    if (!wanted.contains(api.resources[i].verb)) continue;
    if (best == nullptr || is_more_specific(patterns[i], *best)) best = &patterns[i];
  }
  if (best == nullptr) return match;
  match.found = Found::kResource;
  match.allowed = {};
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i] == *best) match.allowed.insert(api.resources[i].verb);
  }
  for (const Verb verb : kVerbs) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const bool is_it = patterns[i] == *best && api.resources[i].verb == verb && wanted.contains(verb);
      if (is_it) match.resource = api.resources[i].id;
    }
  }
  return match;
}

bool has_duplicate(const ApiRoutes& api) {
  for (const Resource& a : api.resources) {
    for (const Resource& b : api.resources) {
      if (&a != &b && a.verb == b.verb && template_of(a.uri_template) == template_of(b.uri_template)) return true;
    }
  }
  return false;
}

std::optional<std::string> path_in(const std::string& target) {
  if (!target.empty() && target.front() == '/') return target;
  std::string lower = target;
  for (char& byte : lower) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  for (const std::string scheme : {"http://", "https://", "ws://", "wss://"}) {
    if (lower.rfind(scheme, 0) != 0) continue;
    const std::string rest = target.substr(scheme.size());
    const std::size_t slash = rest.find('/');
    if (slash == rest.npos || slash == 0) return std::nullopt;
    const std::string authority = rest.substr(0, slash);
    if (authority.find_first_of("?#\\; ") != authority.npos) return std::nullopt;
    if (std::any_of(authority.begin(), authority.end(), is_control)) return std::nullopt;
    return rest.substr(slash);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Texts> plain_path(const std::string& target) {
  const auto whole = path_in(target);
  if (!whole) return std::nullopt;
  const std::string path = whole->substr(0, whole->find('?'));
  if (path.find('#') != path.npos) return std::nullopt;
  if (path.size() > kPathBytesMax) return std::nullopt;
  return decode_all(path);
}

RouteFault PlainRoutes::add(const ApiRoutes& routes) {
  if (has_duplicate(routes)) return RouteFault::kResourceDuplicate;
  for (const ApiRoutes& other : apis_) {
    if (other.api == routes.api) continue;
    for (const Texts& theirs : prefixes_of(other)) {
      for (const Texts& ours : prefixes_of(routes)) {
        if (theirs == ours) return RouteFault::kContextTaken;
      }
    }
  }
  remove(routes.api);
  apis_.push_back(routes);
  return RouteFault::kNone;
}

void PlainRoutes::remove(domain::ApiId api) {
  std::erase_if(apis_, [&](const ApiRoutes& routes) { return routes.api == api; });
}

Match PlainRoutes::match(VerbSet wanted, const std::string& target) const {
  const auto path = plain_path(target);
  if (!path) return {};
  const ApiRoutes* best = nullptr;
  std::size_t longest = 0;
  for (const ApiRoutes& api : apis_) {
    for (const Texts& prefix : prefixes_of(api)) {
      if (!is_prefix(prefix, *path) || prefix.size() <= longest) continue;
      best = &api;
      longest = prefix.size();
    }
  }
  if (best == nullptr) return {};
  return match_within(*best, wanted, {path->begin() + static_cast<std::ptrdiff_t>(longest), path->end()});
}

}  // namespace parallax::logic::routing
