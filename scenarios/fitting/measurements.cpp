#include "scenarios/fitting/measurements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "scenarios/lower.h"
#include "scenarios/text_lines.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios::fitting {

namespace {

constexpr std::size_t kProblemsShown = 10;
constexpr double kLongest = 30.0 * 86'400e9;
constexpr std::string_view kExpectedFile = "a table of measured lengths (CSV) or the output of ping";

constexpr std::string_view kExpectedNumber = "expected a number, like 40, 0.25 or 40ms";

struct UnitWord {
  std::string_view word;
  double ns;
};

constexpr std::array kUnitWords{UnitWord{"ns", 1},
                                UnitWord{"nsec", 1},
                                UnitWord{"nsecs", 1},
                                UnitWord{"nanos", 1},
                                UnitWord{"nanosecond", 1},
                                UnitWord{"nanoseconds", 1},
                                UnitWord{"us", 1e3},
                                UnitWord{"\u00B5s", 1e3},  // the micro sign
                                UnitWord{"\u03BCs", 1e3},  // the Greek letter
                                UnitWord{"usec", 1e3},
                                UnitWord{"usecs", 1e3},
                                UnitWord{"micros", 1e3},
                                UnitWord{"microsecond", 1e3},
                                UnitWord{"microseconds", 1e3},
                                UnitWord{"ms", 1e6},
                                UnitWord{"msec", 1e6},
                                UnitWord{"msecs", 1e6},
                                UnitWord{"millis", 1e6},
                                UnitWord{"millisecond", 1e6},
                                UnitWord{"milliseconds", 1e6},
                                UnitWord{"s", 1e9},
                                UnitWord{"sec", 1e9},
                                UnitWord{"secs", 1e9},
                                UnitWord{"second", 1e9},
                                UnitWord{"seconds", 1e9},
                                UnitWord{"min", 60e9},
                                UnitWord{"mins", 60e9},
                                UnitWord{"minute", 60e9},
                                UnitWord{"minutes", 60e9},
                                UnitWord{"h", 3'600e9},
                                UnitWord{"hour", 3'600e9},
                                UnitWord{"hours", 3'600e9},
                                UnitWord{"d", 86'400e9},
                                UnitWord{"day", 86'400e9},
                                UnitWord{"days", 86'400e9}};

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0; }

/// A word of a head, and what stands between it and the one before.
struct HeadWord {
  std::string text;
  std::string before;
};

std::vector<HeadWord> words_of(std::string_view head) {
  std::vector<HeadWord> words;
  std::string between;
  bool is_open = false;
  for (const char c : head) {
    if (!is_letter(c)) {
      between += c;
    } else if (is_open) {
      words.back().text += c;
    } else {
      words.push_back({std::string(1, c), std::exchange(between, "")});
    }
    is_open = is_letter(c);
  }
  return words;
}

/// Of "lag (s)", "lag [min]": what is in brackets can mean nothing else.
std::optional<double> unit_in_brackets(std::string_view head) {
  for (const auto& [open, close] : {std::pair{'(', ')'}, std::pair{'[', ']'}}) {
    const std::size_t from = head.find(open);
    const std::size_t to = head.find(close, from == std::string_view::npos ? head.size() : from);
    if (to == std::string_view::npos) continue;
    if (const auto unit = ns_of_unit(head.substr(from + 1, to - from - 1))) return unit;
  }
  return std::nullopt;
}

/// A rate ("req/s", "calls per second") or a place on a clock ("minute of hour") is no length.
bool is_of_another(const std::vector<HeadWord>& words) {
  if (words.back().before.find('/') != std::string::npos) return true;
  if (words.size() < 2) return false;
  const std::string before = lower(words[words.size() - 2].text);
  return before == "per" || before == "of";
}

/// These are names of columns too: the least value, a standard deviation, a place on a clock.
bool is_name_alone(std::string_view word) {
  static constexpr std::array kNames{"min", "s", "h", "d", "second", "minute", "hour", "day"};
  return std::find(kNames.begin(), kNames.end(), lower(word)) != kNames.end();
}

/// What is in brackets; else the last word of "rtt_ms"; else of "Seconds_Behind_Source" the first. "rtt_min" beside
/// "rtt_max" is the least of them, so minutes are written in full or in brackets.
std::optional<double> unit_in_head(std::string_view head) {
  if (const auto unit = unit_in_brackets(head)) return unit;
  const std::vector<HeadWord> words = words_of(head);
  if (words.empty() || is_of_another(words)) return std::nullopt;
  const std::string last = lower(words.back().text);
  const bool is_whole = words.size() == 1;
  if (last != "min" && !(is_whole && is_name_alone(last))) {
    if (const auto unit = ns_of_unit(last)) return unit;
  }
  const std::string& first = words.front().text;
  return first.size() > 3 && lower(first).ends_with('s') ? ns_of_unit(first) : std::nullopt;
}

/// A number and what follows it. A comma is read with the number, so that it can be told what is wrong with it.
struct Value {
  std::string number;
  std::string unit;
};

Value split(std::string_view text) {
  std::size_t end = 0;
  const auto is_part = [&](char c) {
    const bool is_exponent = (c == 'e' || c == 'E') && end > 0 && end + 1 < text.size() && !is_letter(text[end + 1]);
    return (c >= '0' && c <= '9') || c == '.' || c == ',' || c == '_' || c == '-' || c == '+' || is_exponent;
  };
  while (end < text.size() && is_part(text[end])) ++end;
  std::string_view unit = text.substr(end);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  return {std::string(text.substr(0, end)), std::string(unit)};
}

bool is_number(const Cell& cell) {
  const Value value = split(cell.text);
  return parse_number(value.number).value && (value.unit.empty() || ns_of_unit(value.unit));
}

/// Names, and no number among them: "eu-west,40" is a row.
bool is_head(const std::vector<Cell>& cells) {
  if (std::any_of(cells.begin(), cells.end(), is_number)) return false;
  return std::any_of(cells.begin(), cells.end(), [](const Cell& cell) {
    const std::string word = lower(cell.text);
    return !word.empty() && is_letter(word.front()) && word != "nan" && word != "inf" && word != "infinity";
  });
}

/// ping's: "64 bytes from 192.0.2.1: icmp_seq=1 ttl=56 time=11.6 ms".
bool is_ping(std::string_view line) {
  return line.starts_with("PING ") || line.find(" bytes from ") != std::string_view::npos;
}

/// One file, as it is read.
class Reader {
 public:
  Reader(const std::filesystem::path& path, const ReadOptions& options)
      : lines_{path, std::string(kExpectedFile)}, options_{options} {}

  ReadMeasurements all() {
    while (problems_.size() < kProblemsShown && can_go_on() && lines_.next()) take_line();
    if (lines_.problem()) problems_.push_back(*lines_.problem());
    if (problems_.empty()) check_count();
    if (!problems_.empty()) return {std::nullopt, std::move(problems_)};
    return {std::move(found_), {}};
  }

 private:
  enum class Form { unknown, table, ping };

  /// Without its column nothing of a table can be read.
  bool can_go_on() const { return form_ != Form::unknown || problems_.empty(); }

  void refuse(std::size_t byte, std::string message) {
    problems_.push_back(lines_.problem_at(byte, std::move(message)));
  }

  void take_line() {
    const std::string_view line = lines_.text();
    if (line.starts_with('#')) return;
    if (line.find_first_not_of(" \t") == std::string_view::npos) {
      blank_ = blank_ == 0 ? lines_.number() : blank_;
      return;
    }
    if (form_ == Form::unknown) begin(line);
    if (form_ == Form::ping) return take_ping(line);
    if (form_ == Form::unknown || head_ == lines_.number()) return;
    if (blank_ != 0) {
      refuse(0, fmt::format("found a value after line {}, which is empty; expected a value in each line", blank_));
      blank_ = 0;
    }
    take_row(cells_of(line, separator_));
  }

  void begin(std::string_view line) {
    if (is_ping(line)) {
      form_ = Form::ping;
      found_.column = "time of ping";
      found_.are_round_trips = true;
      return;
    }
    separator_ = separator_of(line);
    const std::vector<Cell> cells = cells_of(line, separator_);
    width_ = cells.size();
    if (is_head(cells)) head_ = lines_.number();
    if (choose_column(cells)) form_ = Form::table;
  }

  bool choose_column(const std::vector<Cell>& cells) {
    const auto chosen = options_.column ? named_column(cells) : only_column(cells);
    if (!chosen) return false;
    column_ = *chosen;
    if (options_.unit) unit_ = ns_of_unit(*options_.unit);
    if (head_ == 0) return true;
    found_.column = cells[column_].text;
    const auto unit = unit_in_head(found_.column);
    if (unit_ && unit && *unit != *unit_) {
      refuse(cells[column_].byte, fmt::format("found the column {} and --unit {}, expected one unit",
                                              scenarios::quoted(found_.column), *options_.unit));
      return false;
    }
    if (!unit_) unit_ = unit;
    return true;
  }

  std::optional<std::size_t> named_column(const std::vector<Cell>& cells) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string place = std::to_string(i + 1);
      if (*options_.column == place || (head_ != 0 && *options_.column == cells[i].text)) return i;
      names.push_back(head_ != 0 ? cells[i].text : place);
    }
    refuse(0, fmt::format("found no column {}{}", quoted(*options_.column),
                          suggestion(*options_.column, "columns", names)));
    return std::nullopt;
  }

  /// The only one, or the only one whose head tells a unit.
  std::optional<std::size_t> only_column(const std::vector<Cell>& cells) {
    if (cells.size() == 1) return 0;
    std::vector<std::string> names;
    std::vector<std::size_t> with_unit;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      names.push_back(head_ != 0 ? cells[i].text : std::to_string(i + 1));
      if (head_ != 0 && unit_in_head(cells[i].text)) with_unit.push_back(i);
    }
    if (with_unit.size() == 1) return with_unit.front();
    refuse(0, fmt::format("found {} columns ({}), expected --column to name one", cells.size(), listing(names)));
    return std::nullopt;
  }

  void take_row(const std::vector<Cell>& cells) {
    if (cells.size() != width_) {
      refuse(0, fmt::format("found {} cell{}, expected {} as in the first line{}", cells.size(),
                            cells.size() == 1 ? "" : "s", width_,
                            separator_ == ',' ? "; a number has no thousands separator" : ""));
      return;
    }
    take_value(cells[column_].text, cells[column_].byte);
  }

  void take_ping(std::string_view line) {
    constexpr std::string_view kTime = " time=";
    const std::size_t at = line.find(kTime);
    if (at == std::string_view::npos) {
      found_.lost += line.find("imeout") != std::string_view::npos || line.starts_with("no answer yet");
      return;
    }
    take_value(line.substr(at + kTime.size()), at + kTime.size());
  }

  void take_value(std::string_view text, std::size_t byte) {
    if (text.empty()) return refuse(byte, "found no value, expected a length");
    Value value = split(text);
    if (const std::string wrong = wrong_number(value.number); !wrong.empty()) {
      return refuse(byte, fmt::format("found {}, {}", quoted(text), wrong));
    }
    const auto scale = scale_of(value, byte);
    if (!scale) return;
    const double ns = *parse_number(value.number).value * *scale;
    if (ns < 0) return refuse(byte, fmt::format("found {}, expected no negative length", quoted(text)));
    if (!(ns <= kLongest)) return refuse(byte, fmt::format("found {}, expected at most 30 days", quoted(text)));
    if (found_.ns.size() == kMostSamples) {
      return refuse(byte, fmt::format("found more than {} values, expected at most so many", kMostSamples));
    }
    found_.ns.push_back(static_cast<std::int64_t>(ns + 0.5));
  }

  static std::string wrong_number(const std::string& number) {
    if (number.find_first_of(",_") != std::string::npos) {
      return "expected a number with a point and without thousands separators, like 1234.5";
    }
    return parse_number(number).value ? "" : std::string(kExpectedNumber);
  }

  /// Of the value's own unit, which is the same in all of them, or else of the column's.
  std::optional<double> scale_of(const Value& value, std::size_t byte) {
    if (value.unit.empty()) {
      if (unit_) return unit_;
      refuse(byte, fmt::format("found {} without a unit, expected one in the column's name (rtt_ms), in each value "
                               "(40ms) or as --unit",
                               value.number));
      return std::nullopt;
    }
    const auto own = ns_of_unit(value.unit);
    if (!own && std::any_of(value.unit.begin(), value.unit.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      refuse(byte, fmt::format("found {}, {}", quoted(value.number + value.unit), kExpectedNumber));
      return std::nullopt;
    }
    if (!own) {
      refuse(byte + value.number.size(),
             fmt::format("found {}, expected ns, us, ms, s, min, h or d", quoted(value.unit)));
      return std::nullopt;
    }
    if (!unit_) unit_ = own;
    if (*own == *unit_) return own;
    refuse(
        byte + value.number.size(),
        fmt::format("found the unit {}, expected the same in all values and in the column's name", quoted(value.unit)));
    return std::nullopt;
  }

  void check_count() {
    if (found_.ns.size() >= kLeastSamples) return;
    refuse(0, fmt::format("found {} value{}, expected at least {}", found_.ns.size(), found_.ns.size() == 1 ? "" : "s",
                          kLeastSamples));
  }

  TextLines lines_;
  const ReadOptions& options_;
  Form form_{Form::unknown};
  char separator_{','};
  int head_{0};           ///< its line
  int blank_{0};          ///< the first empty line
  std::size_t width_{0};  ///< columns
  std::size_t column_{0};
  std::optional<double> unit_;
  Measurements found_;
  std::vector<Problem> problems_;
};

}  // namespace

std::optional<double> ns_of_unit(std::string_view word) {
  const std::string wanted = lower(word);
  for (const UnitWord& unit : kUnitWords) {
    if (unit.word == wanted) return unit.ns;
  }
  return std::nullopt;
}

ReadMeasurements read_measurements(const std::filesystem::path& path, const ReadOptions& options) {
  return Reader(path, options).all();
}

}  // namespace parallax::scenarios::fitting
