// A file of measurements, line by line: of any length, in little memory. A byte-order mark and carriage returns
// before line feeds are no part of what it says; lines that end with a carriage return alone are refused.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/problem.h"

namespace parallax::scenarios {

class TextLines {
 public:
  /// `expected` is what the file should be, for the problem of one that cannot be read: "a file of measurements".
  TextLines(const std::filesystem::path& path, std::string expected);

  /// Moves to the next line; false at the end, and where it stops for a problem.
  bool next();

  std::string_view text() const { return text_; }
  int number() const { return number_; }
  /// What keeps the rest from being read.
  const std::optional<Problem>& problem() const { return problem_; }
  /// At a byte of this line.
  Problem problem_at(std::size_t byte, std::string message) const;

 private:
  std::string file_;
  std::string expected_;
  std::ifstream stream_;
  std::vector<char> buffer_;
  std::string_view text_;
  int number_{0};
  std::optional<Problem> problem_;
};

/// One value of a line.
struct Cell {
  std::string text;     ///< without the quotes around it, and without spaces at its ends where it has none
  std::size_t byte{0};  ///< where it begins
};

/// The cells of a line by RFC 4180, each within its line. An open quote ends with the line: the cell keeps it.
std::vector<Cell> cells_of(std::string_view line, char separator);

/// The first of tab, semicolon and comma that a line has outside quotes; a comma if it has none.
char separator_of(std::string_view line);

}  // namespace parallax::scenarios
