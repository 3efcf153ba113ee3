// Files as people have them: what is understood, and what is refused at which place.
#include "scenarios/fitting/measurements.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

namespace parallax::scenarios::fitting {
namespace {

/// A file that is there for one test.
class File {
 public:
  explicit File(const std::string& text)
      : path_{std::filesystem::temp_directory_path() / "parallax_measurements_test.csv"} {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string lines(int count, const std::string& line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line + "\n";
  return text;
}

Measurements read(const std::string& text, const ReadOptions& options = {}) {
  const File file(text);
  ReadMeasurements found = read_measurements(file.path(), options);
  INFO((found.problems.empty() ? "" : to_string(found.problems.front())));
  REQUIRE(found.measurements);
  return *found.measurements;
}

/// "line:column: message" of the first problem.
std::string refusal(const std::string& text, const ReadOptions& options = {}) {
  const File file(text);
  const ReadMeasurements found = read_measurements(file.path(), options);
  REQUIRE_FALSE(found.measurements);
  REQUIRE_FALSE(found.problems.empty());
  const Problem& problem = found.problems.front();
  return std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " + problem.message;
}

constexpr std::int64_t kMs = 1'000'000;

TEST_CASE("the unit may stand in the head, in the values or on the command line") {
  CHECK(read("rtt_ms\n" + lines(20, "40.5")).ns == std::vector<std::int64_t>(20, 40'500'000));
  CHECK(read(lines(20, "40ms")).ns == std::vector<std::int64_t>(20, 40 * kMs));
  CHECK(read(lines(20, "40 ms")).ns == std::vector<std::int64_t>(20, 40 * kMs));
  CHECK(read(lines(20, "0.25"), {std::nullopt, "s"}).ns == std::vector<std::int64_t>(20, 250 * kMs));
  CHECK(read("Seconds_Behind_Source\n" + lines(20, "3")).ns.front() == 3'000 * kMs);
  CHECK(read("lag (s)\n" + lines(20, "1.5e-3")).ns.front() == 1'500'000);
  CHECK(read("lag\n" + lines(20, "40µs")).ns.front() == 40'000);
  CHECK(read("lag_s\n" + lines(20, "0.0123456789012345")).ns.front() == 12'345'679);  // rounded to 1 ns
}

TEST_CASE("units as people shorten them, and both letters that stand for micro") {
  const auto first = [](const std::string& head) { return read(head + "\n" + lines(20, "2")).ns.front(); };
  CHECK(first("rtt_usec") == 2'000);
  CHECK(first("rtt_nsec") == 2);
  CHECK(first("rtt_\u00B5s") == 2'000);
  CHECK(first("rtt_\u03BCs") == 2'000);
  CHECK(first("milliseconds_behind") == 2 * kMs);
  for (const char* head : {"lag_minute", "lag_minutes", "lag mins", "lag (min)", "lag [min]", "minutes"}) {
    INFO(head);
    CHECK(first(head) == 120'000 * kMs);
  }
  CHECK(first("lag_hour") == 7'200'000 * kMs);
  CHECK(first("lag_hours") == 7'200'000 * kMs);
  CHECK(first("lag_day") == 172'800'000 * kMs);
  CHECK(first("ms") == 2 * kMs);
  CHECK(read(lines(20, "3usec")).ns.front() == 3'000);
  CHECK(read(lines(20, "1 minute")).ns.front() == 60'000 * kMs);
}

TEST_CASE("a head that is no unit alone, a rate and a place on a clock have none") {
  for (const char* head : {"min", "s", "h", "d", "second", "minute", "hour", "day", "rtt_min", "req/s", "calls / s",
                           "load (req/s)", "calls per second", "minute of hour", "hour_of_day"}) {
    INFO(head);
    CHECK(refusal(std::string(head) + "\n" + lines(20, "40")).find("2:1: found 40 without a unit") == 0);
  }
  CHECK(refusal("host,min,avg,max\n" + lines(20, "a,40,41,42")) ==
        "1:1: found 4 columns (host, min, avg, max), expected --column to name one");
  CHECK(refusal("when,req/s\n" + lines(20, "7,40")) ==
        "1:1: found 2 columns (when, req/s), expected --column to name one");
  CHECK(read("host,min,avg,max\n" + lines(20, "a,40,41,42"), {"min", "ms"}).ns.front() == 40 * kMs);
}

TEST_CASE("a table's column is the one with a unit, or the one that is named") {
  const std::string table = "time,host,rtt_ms\n" + lines(20, "2026-01-01T00:00:00Z,a,7");
  CHECK(read(table).ns.front() == 7 * kMs);
  CHECK(read(table).column == "rtt_ms");
  CHECK(read(table, {"3", std::nullopt}).ns.front() == 7 * kMs);
  CHECK(read("a_ms;b_ms\n" + lines(20, "1;2"), {"b_ms", std::nullopt}).ns.front() == 2 * kMs);
  CHECK(read("a\tb\n" + lines(20, "1\t2"), {"b", "ms"}).ns.front() == 2 * kMs);
  CHECK(read(lines(20, "eu-west,40"), {"2", "ms"}).ns.size() == 20);  // no head: a row has a number
  CHECK(refusal("a_ms,b_ms\n" + lines(20, "1,2")) ==
        "1:1: found 2 columns (a_ms, b_ms), expected --column to name one");
  CHECK(refusal("rtt_ms,host\n" + lines(20, "1,a"), {"rtt_sm", std::nullopt})
            .find("1:1: found no column \"rtt_sm\"; did you mean \"rtt_ms\"?") == 0);
}

TEST_CASE("byte-order mark, carriage returns, quotes, comments and empty lines at the end are no part of it") {
  CHECK(read("\xEF\xBB\xBFrtt_ms\r\n" + lines(20, "40\r")).ns.size() == 20);
  CHECK(read("\"rtt_ms\",\"of \"\"a\"\", b\"\n" + lines(20, "\"40\",\"x, y\"")).ns.size() == 20);
  CHECK(read("# measured on Monday\nrtt_ms\n" + lines(20, "40") + "\n\n").ns.size() == 20);
  CHECK(read("rtt_ms\n" + lines(19, "40") + "40").ns.size() == 20);  // no end of line at the end
  for (const std::string& text : {std::string("rtt_ms\r40\r41\r"), std::string(100'000, '\r')}) {
    CHECK(refusal(text) ==
          "1:1: found a carriage return without a line feed, expected lines that end with a line feed");
  }
}

TEST_CASE("what ping prints is read, its losses counted, and its times known for round trips") {
  const std::string ping =
      "PING a.example (192.0.2.1) 56(84) bytes of data.\n" +
      lines(20, "64 bytes from 192.0.2.1: icmp_seq=1 ttl=56 time=11.6 ms") + "no answer yet for icmp_seq=21\n" +
      "\n--- a.example ping statistics ---\n21 packets transmitted, 20 received, 4.7% packet loss, time 20005ms\n" +
      "rtt min/avg/max/mdev = 11.6/11.6/11.6/0.0 ms\n";
  const Measurements found = read(ping);
  CHECK(found.ns == std::vector<std::int64_t>(20, 11'600'000));
  CHECK(found.lost == 1);
  CHECK(found.are_round_trips);
}

TEST_CASE("what is no length is refused with its line and column") {
  const auto bad = [](const std::string& value) {
    return refusal("host,rtt_ms\n" + lines(19, "a,40") + "a," + value + "\n" + lines(5, "a,41"));
  };
  CHECK(bad("-3") == "21:3: found \"-3\", expected no negative length");
  for (const char* text : {"NaN", "nan", "inf", "-inf", "Infinity", "0x1F", "fast", "40..5", "1.2.3", "--4", "NULL"}) {
    INFO(text);
    CHECK(bad(text).find("21:3: found \"" + std::string(text) + "\", expected a number") == 0);
  }
  CHECK(bad("\"1,234\"").find("21:3: found \"1,234\", expected a number with a point and without thousands") == 0);
  CHECK(bad("1,234").find("21:1: found 3 cells, expected 2 as in the first line") == 0);
  CHECK(bad("1_000").find("21:3: found \"1_000\"") == 0);
  CHECK(bad("") == "21:3: found no value, expected a length");
  CHECK(bad("40s").find("21:5: found the unit \"s\", expected the same in all values") == 0);
  CHECK(bad("40mm").find("21:5: found \"mm\", expected ns, us, ms, s, min, h or d") == 0);
  CHECK(bad("1e300").find("21:3: found \"1e300\", expected at most 30 days") == 0);
  CHECK(bad("1e400").find("21:3: found \"1e400\", expected a number") == 0);
  CHECK(bad("\"40").find("21:3: found \"\\\"40\"") == 0);
  CHECK(bad(std::string("4\0", 2)).find("21:") == 0);
}

TEST_CASE("mixed units, and values without one, are refused at the first of them") {
  CHECK(refusal(lines(20, "40ms") + "0.04s\n").find("21:5: found the unit \"s\"") == 0);
  CHECK(refusal("rtt\n" + lines(20, "40")).find("2:1: found 40 without a unit") == 0);
  CHECK(refusal(lines(20, "40ms"), {std::nullopt, "s"}).find("1:3: found the unit \"ms\"") == 0);
}

TEST_CASE("files with nothing, too little or something else in them are refused") {
  CHECK(refusal("") == "1:1: found 0 values, expected at least 20");
  CHECK(refusal("rtt_ms\n") == "1:1: found 0 values, expected at least 20");
  CHECK(refusal("rtt_ms\n" + lines(7, "40")) == "8:1: found 7 values, expected at least 20");
  CHECK(
      refusal(lines(10, "40ms") + "\n" + lines(10, "40ms")).find("12:1: found a value after line 11, which is empty") ==
      0);
  CHECK(refusal(std::string(100'000, '4')).find("1:1: found a line of over 64 KiB") == 0);
  CHECK(read_measurements("/no/such/file", {}).problems.front().message.find("cannot be opened") == 0);
  CHECK(read_measurements("/", {}).problems.front().message.find("found a folder") == 0);
}

TEST_CASE("no more than ten problems are told") {
  const File file("rtt_ms\n" + lines(1'000, "x"));
  CHECK(read_measurements(file.path(), {}).problems.size() == 10);
}

}  // namespace
}  // namespace parallax::scenarios::fitting
