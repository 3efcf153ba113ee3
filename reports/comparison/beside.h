// A table with a row for each design and a column for each metric; on a phone each row becomes a card.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/comparison/compared.h"

namespace parallax::reports {

class Beside {
 public:
  /// `caption` is plain text for screen readers; heads and all that follows are HTML, but for labels.
  Beside(std::string_view caption, const std::vector<std::string>& heads);

  void begin_row(std::string_view head);
  /// `label` is the head of its column, for phones.
  void cell(std::string_view label, std::string_view content);
  void end_row();

  std::string html() const;

 private:
  std::string head_;
  std::string body_;
};

/// What fits beside each other.
inline constexpr std::size_t kBesideMost = 5;

/// `table` of so many of the columns as fit beside each other, one below the other and about as wide, until all are
/// told.
std::string in_bands(const std::vector<ComparedColumn>& columns,
                     const std::function<std::string(const std::vector<ComparedColumn>&)>& table);

/// The columns' titles, each over a small line (plain text).
std::vector<std::string> heads_with(const std::vector<ComparedColumn>& columns,
                                    const std::function<std::string(const ComparedColumn&)>& small);

/// A mark as the chart of a cell.
std::string chart(std::string_view mark, std::string_view style = "");

/// Its name, which leads to its own report; how many targets it meets; what it is.
std::string design_head(const schema::Result& design);

}  // namespace parallax::reports
