#include "reports/read_result.h"

#include <google/protobuf/util/message_differencer.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>

#include "reports/json.h"
#include "scenarios/load.h"
#include "tests/reports/sample_result.h"
#include "tests/support/library_files.h"

namespace parallax::reports {
namespace {

namespace fs = std::filesystem;

bool equal(const schema::Result& a, const schema::Result& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

schema::Result sample() {
  schema::Result result = test::sample_result();
  result.set_schema("parallax.result/1");
  return result;
}

std::string error_of(const std::string& json) {
  const ReadResult read = result_from_json("r.json", json);
  CHECK(read.result.has_value() == read.error.empty());
  return read.error;
}

TEST_CASE("what was written is read again, to the last digit") {
  schema::Result result = sample();
  result.set_requests(std::numeric_limits<std::uint64_t>::max());
  result.mutable_windows(0)->set_wrong_decisions((std::uint64_t{1} << 53) + 1);
  result.mutable_metrics(0)->set_estimate(0.1 + 0.2);
  result.mutable_metrics(0)->set_high(4.9406564584124654e-324);
  result.mutable_metrics(0)->set_high_open(true);
  result.set_command("a \"b\" \\ \t \x01 é 😀");
  for (const std::string& json : {to_json(result), to_json_line(result)}) {
    const ReadResult read = result_from_json("r.json", json);
    INFO(read.error);
    REQUIRE(read.result);
    CHECK(equal(*read.result, result));
    CHECK(to_json(*read.result) == to_json(result));
  }
}

TEST_CASE("the configuration of every scenario of the library is read again") {
  int files = 0;
  for (const fs::path& file : parallax::test::library_files()) {
    INFO(file);
    const auto loaded = scenarios::load_file(file, {});
    REQUIRE(loaded.loaded);
    schema::Result result = sample();
    *result.mutable_config() = loaded.loaded->scenario;
    const ReadResult read = result_from_json("r.json", to_json(result));
    REQUIRE(read.result);
    CHECK(equal(*read.result, result));
    ++files;
  }
  CHECK(files > 100);
}

TEST_CASE("what is no result is told, and what was expected") {
  constexpr const char* kExpected = ", expected a result.json as parallax run writes it";
  CHECK(error_of("{}") == std::string(R"(r.json:1:1: found JSON without "schema")") + kExpected);
  CHECK(error_of(R"({"name": "left-pad", "scripts": {}})") ==
        std::string(R"(r.json:1:1: found JSON without "schema")") + kExpected);
  CHECK(error_of(R"({"schema": "parallax.result/2", "version": "9", "new": 1})") ==
        std::string(R"(r.json:1:1: found the schema "parallax.result/2" of version "9")") + kExpected);
  CHECK_THAT(error_of(R"({"schema": "parallax.result/1", "new": 1})"),
             Catch::Contains("r.json:1:1: cannot be read (new: Cannot find field)"));
  for (const char* json : {"", "[", "[]", "3", "null", "\"x\"", "{\"schema\": 3", "{\"windows\": 3}", "{} {}",
                           "\xff\xfe", "{\"schema\": {\"a\": 1}}", "{\"seeds\": -1}"}) {
    INFO(json);
    CHECK_THAT(error_of(json), Catch::StartsWith("r.json:1:1: ") && Catch::EndsWith(kExpected));
    CHECK_THAT(error_of(json), !Catch::Contains("\n"));
  }
  CHECK_THAT(error_of(std::string(100'000, '[')), Catch::StartsWith("r.json:1:1: "));
}

TEST_CASE("a window that cannot be is no window") {
  const auto broken = [](auto break_it) {
    schema::Result result = sample();
    break_it(*result.mutable_windows(0));
    return error_of(to_json(result));
  };
  constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
  CHECK(broken([](schema::Window&) {}).empty());
  CHECK_FALSE(broken([](schema::Window& w) { w.set_length_ns(-1); }).empty());
  CHECK_FALSE(broken([](schema::Window& w) { w.set_start_ns(-1); }).empty());
  CHECK_FALSE(broken([](schema::Window& w) { w.set_start_ns(kGreatest); }).empty());
  CHECK_FALSE(broken([](schema::Window& w) { w.mutable_stages(0)->set_length_ns(-1); }).empty());
  CHECK_FALSE(broken([](schema::Window& w) { w.mutable_stages(0)->set_length_ns(kGreatest); }).empty());
  CHECK_FALSE(broken([](schema::Window& w) { w.set_length_ns(w.length_ns() + 1); }).empty());
}

TEST_CASE("a run that ended before it began is none") {
  schema::Result result = sample();
  result.mutable_runs(0)->set_ended_ns(-1);
  CHECK_THAT(error_of(to_json(result)), Catch::Contains("found a run that ended before it began"));
}

// Whatever happens to a file: an answer, and never a crash.
TEST_CASE("a result that was cut off or damaged anywhere is refused or read") {
  const std::string json = to_json_line(sample());
  for (std::size_t size = 0; size < json.size(); size += 97) {
    INFO(size);
    CHECK_FALSE(error_of(json.substr(0, size)).empty());
  }
  test::Chance chance;
  for (int i = 0; i < 300; ++i) {
    std::string damaged = json;
    const auto at = static_cast<std::size_t>(chance.below(static_cast<std::int64_t>(json.size())));
    damaged[at] = static_cast<char>(chance.below(256));
    error_of(damaged);
  }
}

TEST_CASE("a folder means the result in it; what is not there is told") {
  const fs::path folder = fs::temp_directory_path() / "parallax_read_result_test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  CHECK_THAT(read_result(folder).error,
             Catch::StartsWith((folder / "result.json").string() + ":1:1: cannot be opened (No such file"));
  CHECK_THAT(read_result("/dev/null").error, Catch::Contains("cannot be read"));
  fs::remove_all(folder);
}

TEST_CASE("a reading has a step, and as many shares on each of its lines") {
  const auto error_with = [](const std::string& reading) {
    return error_of(R"({"schema": "parallax.result/1", "readings": [{"name": "failed", "of": "west", )" + reading +
                    "}]}");
  };
  CHECK(error_with(R"("step_ns": "60", "low": [0, -1], "typical": [0, -1], "high": [0.5, -1])").empty());
  CHECK(error_with(R"("step_ns": "60")").empty());
  for (const char* reading :
       {R"("step_ns": "0", "low": [0], "typical": [0], "high": [0])", R"("low": [0], "typical": [0], "high": [0])",
        R"("step_ns": "-60", "low": [0], "typical": [0], "high": [0])",
        R"("step_ns": "60", "low": [], "typical": [0], "high": [0])",
        R"("step_ns": "60", "low": [0], "typical": [], "high": [0])",
        R"("step_ns": "60", "low": [0], "typical": [0], "high": [])",
        R"("step_ns": "60", "low": [0], "typical": ["NaN"], "high": [0])",
        R"("step_ns": "60", "low": [0], "typical": [0], "high": [1e300])",
        R"("step_ns": "9223372036854775807", "low": [0], "typical": [0], "high": [0])"}) {
    INFO(reading);
    CHECK_THAT(error_with(reading),
               Catch::StartsWith("r.json:1:1: found a reading \"failed\" of \"west\" without a step, or whose"));
  }
}

}  // namespace
}  // namespace parallax::reports
