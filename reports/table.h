// A data table with caption and scopes, whose rows become cards on a phone. Every chart of the page has one beside it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parallax::reports {

struct Column {
  std::string label;  ///< plain text
  enum class Kind { kText, kNumber, kChart } kind{Kind::kText};
};

class Table {
 public:
  /// `caption` is plain text for screen readers; `style` adds classes.
  Table(std::string_view caption, std::vector<Column> columns, std::string_view style = "");

  /// Starts a group of rows under a line of its own (HTML).
  void group(std::string_view heading);

  /// Cells are HTML, one a column; the first one names the row. Attributes are the row's, HTML with a space before
  /// each.
  void row(const std::vector<std::string>& cells, std::string_view attributes = "");

  bool empty() const { return rows_ == 0; }
  std::string html() const;

 private:
  std::string head_;
  std::vector<Column> columns_;
  std::string body_;
  std::size_t rows_{0};
};

/// Strong text over a small line; either may be empty.
std::string two_lines(std::string_view strong_html, std::string_view small_html);

/// "—" with its reason, for what is missing.
std::string missing(std::string_view reason);

}  // namespace parallax::reports
