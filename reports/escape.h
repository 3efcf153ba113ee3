// User text inside HTML. Names may hold markup, quotes, right-to-left letters or control characters.
#pragma once

#include <string>
#include <string_view>

namespace parallax::reports {

/// For element content and for double-quoted attributes; also inside SVG.
std::string escaped(std::string_view text);

/// Escaped, and its writing direction kept from its surroundings.
std::string isolated(std::string_view text);

/// The same, and a line may break after each underscore: for names in narrow columns.
std::string breakable(std::string_view name);

/// A relative or absolute file path as the value of href: never read as a scheme, a query or a fragment.
std::string path_reference(std::string_view path);

}  // namespace parallax::reports
