// Text for terminals: 80 columns, nothing that moves the cursor.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parallax::reports {

/// User text on a terminal: one line, no control characters, so that no name can move the cursor.
std::string safe(std::string_view text);

/// Words go to a next line, indented, where they would pass the last column. Ends with a newline.
std::string wrapped(std::string_view text, std::size_t indent);

/// Columns as wide as their widest cell; the first is left-aligned, so are those named in `left`.
class Columns {
 public:
  explicit Columns(std::vector<std::size_t> left) : left_(std::move(left)) {}

  void row(std::vector<std::string> cells);

  /// Rows indented by two.
  std::string text() const;

 private:
  bool is_left(std::size_t column) const;

  std::vector<std::size_t> left_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

}  // namespace parallax::reports
