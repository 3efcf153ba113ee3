#include "reports/plain_text.h"

#include <algorithm>

#include "reports/utf8.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

constexpr std::size_t kColumns = 80;

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t size = code_points(text);
  return size < width ? text + std::string(width - size, ' ') : text;
}

std::string right(const std::string& text, std::size_t width) {
  const std::size_t size = code_points(text);
  return size < width ? std::string(width - size, ' ') + text : text;
}

}  // namespace

std::string safe(std::string_view text) { return without_controls(text, "?"); }

std::string wrapped(std::string_view text, std::size_t indent) {
  const std::size_t lead = std::min(text.find_first_not_of(' '), text.size());
  std::string out(lead, ' ');
  std::size_t column = lead;
  text.remove_prefix(lead);
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    const std::size_t width = code_points(word);
    if (column > lead && column + 1 + width > kColumns) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > lead) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return out + '\n';
}

void Columns::row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = safe(plain(cell));
  widths_.resize(std::max(widths_.size(), cells.size()));
  for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], code_points(cells[i]));
  rows_.push_back(std::move(cells));
}

std::string Columns::text() const {
  std::string out;
  for (const auto& cells : rows_) {
    std::string line = " ";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i == 0 ? " " : "  ") + (is_left(i) ? padded(cells[i], widths_[i]) : right(cells[i], widths_[i]));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

bool Columns::is_left(std::size_t column) const {
  return column == 0 || std::find(left_.begin(), left_.end(), column) != left_.end();
}

}  // namespace parallax::reports
