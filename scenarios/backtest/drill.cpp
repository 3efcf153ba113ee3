#include "scenarios/backtest/drill.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "scenarios/lower.h"
#include "scenarios/text_lines.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios::backtest {

namespace {

constexpr std::size_t kProblemsShown = 10;
constexpr double kFarthest = 3650.0 * 86'400;  // seconds; the longest run
constexpr std::string_view kExpectedFile = "a table of a drill's calls (CSV): time, population or dc, status";

enum class Field : std::uint8_t { time, status, population, dc, count };

struct Heading {
  std::string_view word;
  Field field;
};

constexpr std::array kHeadings{Heading{"time", Field::time},
                               Heading{"timestamp", Field::time},
                               Heading{"at", Field::time},
                               Heading{"seconds", Field::time},
                               Heading{"elapsed", Field::time},
                               Heading{"t", Field::time},
                               Heading{"status", Field::status},
                               Heading{"code", Field::status},
                               Heading{"http_status", Field::status},
                               Heading{"result", Field::status},
                               Heading{"outcome", Field::status},
                               Heading{"population", Field::population},
                               Heading{"client", Field::population},
                               Heading{"clients", Field::population},
                               Heading{"dc", Field::dc},
                               Heading{"site", Field::dc},
                               Heading{"datacenter", Field::dc},
                               Heading{"data_center", Field::dc},
                               Heading{"count", Field::count},
                               Heading{"calls", Field::count},
                               Heading{"requests", Field::count}};

std::optional<Field> field_of(std::string_view heading) {
  const std::string word = lower(heading);
  for (const Heading& known : kHeadings) {
    if (known.word == word) return known.field;
  }
  return std::nullopt;
}

/// Whether a call with that status has failed; nothing for what is no status.
std::optional<bool> has_failed(std::string_view status) {
  static constexpr std::array kGood{"ok", "success", "served", "pass", "passed", "true", "up"};
  static constexpr std::array kBad{"failed",  "fail",  "failure", "error", "timeout",
                                   "refused", "reset", "false",   "down"};
  const std::string word = lower(status);
  if (std::find(kGood.begin(), kGood.end(), word) != kGood.end()) return false;
  if (std::find(kBad.begin(), kBad.end(), word) != kBad.end()) return true;
  unsigned code = 0;
  const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), code);
  if (wrong != std::errc{} || end != word.data() + word.size() || word.size() > 3) return std::nullopt;
  if (code != 0 && (code < 100 || code > 599)) return std::nullopt;
  return code == 0 || code >= 500;  // curl says 000 where there was no answer
}

/// Takes `digits` digits from the front.
std::optional<int> take_number(std::string_view& rest, std::size_t digits) {
  int value = 0;
  if (rest.size() < digits) return std::nullopt;
  const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + digits, value);
  if (wrong != std::errc{} || end != rest.data() + digits || rest.front() == '-') return std::nullopt;
  rest.remove_prefix(digits);
  return value;
}

bool take(std::string_view& rest, std::string_view any_of) {
  if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

/// "+01:00", "-0800", "Z" or nothing, in seconds east.
std::optional<int> take_zone(std::string_view rest) {
  if (rest.empty() || rest == "Z" || rest == "z") return 0;
  const int sign = rest.front() == '-' ? -1 : 1;
  if (!take(rest, "+-")) return std::nullopt;
  const auto hours = take_number(rest, 2);
  if (!hours) return std::nullopt;
  if (rest.empty()) return sign * *hours * 3'600;
  take(rest, ":");
  const auto minutes = take_number(rest, 2);
  if (!minutes || !rest.empty()) return std::nullopt;
  return sign * (*hours * 3'600 + *minutes * 60);
}

std::vector<std::string> population_names(const schema::Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& population : scenario.workload().populations()) names.push_back(population.name());
  return names;
}

std::vector<std::string> site_names(const schema::Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& site : scenario.sites()) names.push_back(site.name());
  return names;
}

class DrillReader {
 public:
  DrillReader(const std::filesystem::path& path, const std::optional<std::string>& start,
              const schema::Scenario& scenario)
      : lines_{path, std::string(kExpectedFile)},
        populations_{population_names(scenario)},
        sites_{site_names(scenario)} {
    if (start) start_ = instant_of(*start);
  }

  ReadDrill all() {
    while (problems_.size() < kProblemsShown && lines_.next()) take_line();
    if (lines_.problem()) problems_.push_back(*lines_.problem());
    if (problems_.empty() && drill_.calls == 0) refuse(0, "found no call; expected " + std::string(kExpectedFile));
    if (!problems_.empty()) return {std::nullopt, std::move(problems_)};
    return {std::move(drill_), {}};
  }

 private:
  void refuse(std::size_t byte, std::string message) {
    problems_.push_back(lines_.problem_at(byte, std::move(message)));
  }

  void take_line() {
    const std::string_view line = lines_.text();
    if (line.starts_with('#') || line.find_first_not_of(" \t") == std::string_view::npos) return;
    if (width_ == 0) return take_head(line);
    if (!has(Field::time) || !has(Field::status)) return;  // told already
    const std::vector<Cell> cells = cells_of(line, separator_);
    if (cells.size() != width_) {
      return refuse(0, fmt::format("found {} cell{}, expected {} as in the first line", cells.size(),
                                   cells.size() == 1 ? "" : "s", width_));
    }
    take_call(cells);
  }

  bool has(Field field) const { return place_[index(field)].has_value(); }
  static std::size_t index(Field field) { return static_cast<std::size_t>(field); }
  const Cell& cell(const std::vector<Cell>& cells, Field field) const { return cells[*place_[index(field)]]; }

  void take_head(std::string_view line) {
    separator_ = separator_of(line);
    const std::vector<Cell> cells = cells_of(line, separator_);
    width_ = cells.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto field = field_of(cells[i].text);
      if (!field) continue;  // whatever else somebody has noted
      if (has(*field))
        refuse(cells[i].byte, fmt::format("found a second column for the same, {}", quoted(cells[i].text)));
      place_[index(*field)] = i;
    }
    for (const auto& [field, names] : {std::pair{Field::time, "time"}, std::pair{Field::status, "status"}}) {
      if (!has(field)) {
        refuse(0, fmt::format("found no column {}; expected a head with time, status, population or dc, and perhaps "
                              "count",
                              names));
      }
    }
  }

  void take_call(const std::vector<Cell>& cells) {
    const auto second = second_of(cell(cells, Field::time));
    const auto failed = status_of(cell(cells, Field::status));
    const auto count = count_of(cells);
    const auto population = name_in(cells, Field::population, "populations", populations_);
    const auto site = name_in(cells, Field::dc, "sites", sites_);
    if (!second || !failed || !count || !population || !site) return;
    drill_.failed[*population][*second] += {*failed ? *count : 0, *count};
    drill_.calls += *count;
    if (!has(Field::dc) || site->empty()) return;
    for (const std::string& name : sites_) {
      drill_.decided[name][*second] += {name == *site ? *count : 0, *count};
    }
  }

  std::optional<std::int64_t> second_of(const Cell& cell) {
    const auto instant = instant_of(cell.text);
    if (!instant) {
      refuse(cell.byte,
             fmt::format("found {}, expected a time: seconds, or a date like 2026-11-30T02:38:04Z", quoted(cell.text)));
      return std::nullopt;
    }
    if (!start_) {
      if (instant->is_date) {
        refuse(cell.byte, "found a date, expected --start to tell at which one the fault began");
        return std::nullopt;
      }
      start_ = Instant{};
    }
    if (instant->is_date != start_->is_date) {
      refuse(cell.byte, fmt::format("found {}, expected {} as before, or as --start is", quoted(cell.text),
                                    start_->is_date ? "a date" : "seconds"));
      return std::nullopt;
    }
    const double since = instant->seconds - start_->seconds;
    if (!(std::fabs(since) <= kFarthest)) {
      refuse(cell.byte, fmt::format("found {}, expected a time within ten years of the start", quoted(cell.text)));
      return std::nullopt;
    }
    return static_cast<std::int64_t>(std::floor(since));
  }

  std::optional<bool> status_of(const Cell& cell) {
    const auto failed = backtest::has_failed(cell.text);
    if (!failed) {
      refuse(cell.byte, fmt::format("found {}, expected an HTTP status (0 for no answer), ok, failed or timeout",
                                    quoted(cell.text)));
    }
    return failed;
  }

  std::optional<std::uint64_t> count_of(const std::vector<Cell>& cells) {
    if (!has(Field::count)) return 1;
    constexpr std::uint64_t kMost = 1'000'000'000;
    const Cell& at = cell(cells, Field::count);
    std::uint64_t count = 0;
    const char* const end = at.text.data() + at.text.size();
    const auto [stop, wrong] = std::from_chars(at.text.data(), end, count);
    if (wrong == std::errc{} && stop == end && count <= kMost) return count;
    refuse(at.byte, fmt::format("found {}, expected a count from 0 to {}", quoted(at.text), kMost));
    return std::nullopt;
  }

  /// Empty where there is no such column, or a call has reached no data center.
  std::optional<std::string> name_in(const std::vector<Cell>& cells, Field field, std::string_view kind,
                                     const std::vector<std::string>& known) {
    if (!has(field)) return "";
    const Cell& at = cell(cells, field);
    const bool is_nobody = field == Field::dc && (at.text.empty() || at.text == "-");
    if (is_nobody) return "";
    if (std::find(known.begin(), known.end(), at.text) != known.end()) return at.text;
    refuse(at.byte, fmt::format("found {}, which the scenario does not have{}", quoted(at.text),
                                suggestion(at.text, kind, known)));
    return std::nullopt;
  }

  TextLines lines_;
  std::vector<std::string> populations_;
  std::vector<std::string> sites_;
  std::optional<Instant> start_;
  char separator_{','};
  std::size_t width_{0};
  std::array<std::optional<std::size_t>, 5> place_;
  Drill drill_;
  std::vector<Problem> problems_;
};

}  // namespace

std::optional<double> seconds_of_iso(std::string_view text) {
  std::string_view rest = text;
  const auto year = take_number(rest, 4);
  if (!year || !take(rest, "-")) return std::nullopt;
  const auto month = take_number(rest, 2);
  if (!month || !take(rest, "-")) return std::nullopt;
  const auto day = take_number(rest, 2);
  if (!day || !take(rest, "Tt ")) return std::nullopt;
  const auto hour = take_number(rest, 2);
  if (!hour || !take(rest, ":")) return std::nullopt;
  const auto minute = take_number(rest, 2);
  if (!minute || !take(rest, ":")) return std::nullopt;
  const auto second = take_number(rest, 2);
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // A leap second is one.
  if (!second || *year < 1970 || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  double fraction = 0;
  if (take(rest, ".,")) {
    double unit = 0.1;
    const std::size_t before = rest.size();
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1), unit /= 10) {
      fraction += unit * (rest.front() - '0');
    }
    if (rest.size() == before) return std::nullopt;
  }
  const auto zone = take_zone(rest);
  if (!zone) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t whole = days * 86'400 + *hour * 3'600 + *minute * 60 + *second;
  return static_cast<double>(whole - *zone) + fraction;
}

std::optional<Instant> instant_of(std::string_view text) {
  if (const auto date = seconds_of_iso(text)) return Instant{*date, true};
  if (const auto seconds = parse_number(text).value) return Instant{*seconds, false};
  return std::nullopt;
}

ReadDrill read_drill(const std::filesystem::path& path, const std::optional<std::string>& start,
                     const schema::Scenario& scenario) {
  return DrillReader(path, start, scenario).all();
}

}  // namespace parallax::scenarios::backtest
