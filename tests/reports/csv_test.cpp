#include "reports/csv.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

using Table = std::vector<std::vector<std::string>>;

// By the grammar of RFC 4180, section 2.
Table parse(const std::string& csv) {
  Table table(1, {""});
  for (std::size_t i = 0; i < csv.size(); ++i) {
    std::string& cell = table.back().back();
    if (cell.empty() && csv[i] == '"') {
      for (++i; csv[i] != '"' || csv[i + 1] == '"'; ++i) {
        cell += csv[i];
        i += csv[i] == '"';
      }
    } else if (csv[i] == ',') {
      table.back().emplace_back();
    } else if (csv.compare(i, 2, "\r\n") == 0) {
      ++i;
      table.push_back({""});
    } else {
      cell += csv[i];
    }
  }
  REQUIRE(table.back() == std::vector<std::string>{""});  // every line ends
  table.pop_back();
  for (const auto& line : table) REQUIRE(line.size() == table.front().size());
  return table;
}

}  // namespace

TEST_CASE("text is quoted as RFC 4180 has it, and no spreadsheet takes it for a formula") {
  const std::vector<std::pair<std::string, std::string>> names{
      {"us,east", "us,east"},
      {"a \"b\"", "a \"b\""},
      {"two\nlines", "two\nlines"},
      {"=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"},
      {"+1", "'+1"},
      {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"<script>alert(1)</script>", "<script>alert(1)</script>"},
      {"\u05D0\u05D1", "\u05D0\u05D1"},
      {"\U0001F600", "\U0001F600"},
  };
  schema::Result result;
  for (const auto& [name, told] : names) {
    schema::Window& window = *result.add_windows();
    window.set_writer(name);
    window.set_object(name);
  }
  const Table table = parse(windows_csv(result));
  REQUIRE(table.size() == names.size() + 1);
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(table[i + 1][3] == names[i].second);
    CHECK(table[i + 1][4] == names[i].second);
  }
}

TEST_CASE("figures stand under headers with their units, what is missing is empty") {
  schema::Result result;
  schema::Metric& metric = *result.add_metrics();
  metric.set_name("window.token_revoked.max");
  metric.set_unit("s");
  metric.set_population("east users");
  metric.set_estimate(0.1);
  metric.set_worst(-2.5);
  metric.set_worst_seed(18'446'744'073'709'551'615U);
  metric.set_n(3);
  metric.set_unbounded("it may, one day, be forgotten");
  const Table table = parse(metrics_csv(result));
  CHECK(table[0] == std::vector<std::string>{"metric", "unit", "writer", "observer", "population", "estimate", "low",
                                             "high", "seeds", "cases", "worst", "worst_seed", "bound",
                                             "no_bound_because"});
  CHECK(table[1] == std::vector<std::string>{"window.token_revoked.max", "s", "", "", "east users", "0.1", "", "", "3",
                                             "0", "-2.5", "18446744073709551615", "", "it may, one day, be forgotten"});
}

TEST_CASE("the stages of a window have its id and add up to it") {
  const schema::Result result = test::sample_result();
  const Table windows = parse(windows_csv(result));
  const Table stages = parse(stages_csv(result));
  for (std::size_t i = 1; i < windows.size(); ++i) {
    std::int64_t sum = 0;
    for (std::size_t j = 1; j < stages.size(); ++j) {
      if (stages[j][0] == windows[i][0] && stages[j][1] == windows[i][5]) sum += std::stoll(stages[j][4]);
    }
    CHECK(sum == std::stoll(windows[i][7]));
  }
  CHECK(parse(window_classes_csv(result)).size() == static_cast<std::size_t>(result.window_classes_size()) + 1);
}

TEST_CASE("where no call was sent a share has no value, and nothing else loses what is below zero") {
  schema::Result result;
  for (const char* unit : {"ratio", "calls"}) {
    schema::Series& series = *result.add_series();
    series.set_name("availability");
    series.set_unit(unit);
    series.set_node("callers");
    series.set_step_ns(1'000'000'000);
    for (const double value : {1.0, -1.0, 0.0}) series.add_values(value);
  }
  const Table table = parse(series_csv(result));
  REQUIRE(table.size() == 7);
  CHECK(table[1] == std::vector<std::string>{"availability", "ratio", "callers", "0", "1"});
  CHECK(table[2] == std::vector<std::string>{"availability", "ratio", "callers", "1000000000", ""});
  CHECK(table[3] == std::vector<std::string>{"availability", "ratio", "callers", "2000000000", "0"});
  CHECK(table[5] == std::vector<std::string>{"availability", "calls", "callers", "1000000000", "-1"});
}

TEST_CASE("a series is told instant by instant") {
  schema::Result result;
  schema::Series& series = *result.add_series();
  series.set_name("requests");
  series.set_unit("requests");
  series.set_node("dc/a");
  series.set_step_ns(60'000'000'000);
  series.add_values(3);
  series.add_values(0.5);
  const Table table = parse(series_csv(result));
  REQUIRE(table.size() == 3);
  CHECK(table[1] == std::vector<std::string>{"requests", "requests", "dc/a", "0", "3"});
  CHECK(table[2] == std::vector<std::string>{"requests", "requests", "dc/a", "60000000000", "0.5"});
}

}  // namespace parallax::reports
