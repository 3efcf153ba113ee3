#include "scenarios/text_lines.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "scenarios/text_cursor.h"

namespace parallax::scenarios {

namespace {

// A line of measurements is short; without a limit a file without line ends would be read at once.
constexpr std::size_t kLineBytesMost = std::size_t{64} << 10;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_spaces(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// Before the last byte: there it belongs to the end of the line. A file whose lines end so is one line otherwise.
bool has_lone_return(std::string_view line) {
  return line.substr(0, std::max<std::size_t>(line.size(), 1) - 1).find('\r') != std::string_view::npos;
}

/// The cell in quotes that begins at `at`, which moves behind it. A doubled quote stands for one.
Cell quoted_cell(std::string_view line, std::size_t& at) {
  Cell cell{{}, at};
  for (++at; at < line.size(); ++at) {
    if (line[at] != '"') {
      cell.text += line[at];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      cell.text += line[++at];
    } else {
      ++at;
      return cell;
    }
  }
  cell.text.insert(0, 1, '"');
  return cell;
}

}  // namespace

TextLines::TextLines(const std::filesystem::path& path, std::string expected)
    : file_{path.string()}, expected_{std::move(expected)}, buffer_(kLineBytesMost + 1) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    problem_ = Problem{file_, 1, 1, "found a folder; expected " + expected_};
    return;
  }
  errno = 0;
  stream_.open(path, std::ios::binary);
  if (!stream_) {
    problem_ =
        Problem{file_, 1, 1, std::string("cannot be opened (") + std::strerror(errno) + "); expected " + expected_};
  }
}

bool TextLines::next() {
  if (problem_) return false;
  stream_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  if (stream_.bad()) problem_ = Problem{file_, number_ + 1, 1, "cannot be read; expected " + expected_};
  const auto taken = static_cast<std::size_t>(stream_.gcount());
  if (!problem_ && has_lone_return({buffer_.data(), taken > 0 && !stream_.eof() ? taken - 1 : taken})) {
    problem_ = Problem{file_, number_ + 1, 1,
                       "found a carriage return without a line feed, expected lines that end with a line feed"};
  }
  if (stream_.fail() && !stream_.eof() && !problem_) {
    problem_ = Problem{file_, number_ + 1, 1, "found a line of over 64 KiB; expected " + expected_};
  }
  if (problem_ || (stream_.eof() && taken == 0)) return false;
  ++number_;
  text_ = std::string_view(buffer_.data(), stream_.eof() ? taken : taken - 1);
  if (text_.ends_with('\r')) text_.remove_suffix(1);
  if (number_ == 1 && text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  return true;
}

Problem TextLines::problem_at(std::size_t byte, std::string message) const {
  return {file_, std::max(number_, 1), spot_of_byte(text_, byte).column, std::move(message)};
}

std::vector<Cell> cells_of(std::string_view line, char separator) {
  std::vector<Cell> cells;
  for (std::size_t at = 0;; ++at) {
    while (at < line.size() && line[at] == ' ') ++at;
    if (at < line.size() && line[at] == '"') {
      cells.push_back(quoted_cell(line, at));
    } else {
      cells.push_back({{}, at});
    }
    const std::size_t end = std::min(line.find(separator, at), line.size());
    cells.back().text += without_spaces(line.substr(at, end - at));
    at = end;
    if (at == line.size()) return cells;
  }
}

char separator_of(std::string_view line) {
  for (const char separator : {'\t', ';'}) {
    if (cells_of(line, separator).size() > 1) return separator;
  }
  return ',';
}

}  // namespace parallax::scenarios
