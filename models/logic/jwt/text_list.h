// A list of texts in one piece of memory, as a token carries them: separated by spaces (scope, RFC 6749 section 3.3)
// or, from a JSON array, by NULs, which no text that we keep contains.
#pragma once

#include <string_view>

namespace parallax::logic::jwt {

class TextList {
 public:
  TextList() = default;
  TextList(std::string_view texts, char separator) : texts_{texts}, separator_{separator} {}

  /// Calls `visit` with each text in its order; empty ones are none.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    std::string_view rest = texts_;
    while (!rest.empty()) {
      const std::string_view text = rest.substr(0, rest.find(separator_));
      rest.remove_prefix(text.size() < rest.size() ? text.size() + 1 : rest.size());
      if (!text.empty()) visit(text);
    }
  }

  bool contains(std::string_view wanted) const {
    bool found = false;
    for_each([&](std::string_view text) { found = found || text == wanted; });
    return found;
  }

  bool empty() const { return texts_.find_first_not_of(separator_) == std::string_view::npos; }

 private:
  std::string_view texts_;
  char separator_{' '};
};

}  // namespace parallax::logic::jwt
