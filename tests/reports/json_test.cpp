#include "reports/json.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/reports/find_text.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

using test::contains;

schema::Result read_back(const std::string& json) {
  schema::Result result;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &result);
  INFO(status.ToString());
  REQUIRE(status.ok());
  return result;
}

bool equal(const schema::Result& a, const schema::Result& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

TEST_CASE("both layouts read back as the message they were written from") {
  const schema::Result result = test::sample_result();
  CHECK(equal(read_back(to_json(result)), result));
  CHECK(equal(read_back(to_json_line(result)), result));
  CHECK(equal(read_back(to_json(schema::Result{})), schema::Result{}));
}

TEST_CASE("pretty JSON ends with a newline and a JSON line has none") {
  const schema::Result result = test::sample_result();
  CHECK(to_json(result).starts_with("{\n  \"version\": \"0.1.0\",\n"));
  CHECK(to_json(result).ends_with("\n}\n"));
  CHECK_FALSE(contains(to_json_line(result), "\n"));
  CHECK(to_json_line(result).starts_with("{\"version\":\"0.1.0\",\"schema\":"));
}

TEST_CASE("zeros are printed, absent values are null, empty lists are lists") {
  CHECK(to_json_line(schema::Metric{}) ==
        R"({"name":"","unit":"","estimate":null,"low":null,"high":null,"n":0,"count":0,"worst":null,)"
        R"("worst_seed":null,"bound":null,"writer":"","observer":"","population":"",)"
        R"("estimate_open":false,"high_open":false,"worst_open":false,"unbounded":"","bound_undisturbed":null})");
  const std::string empty = to_json_line(schema::Result{});
  CHECK(contains(empty, R"("config":null)"));
  CHECK(contains(empty, R"("runs":[])"));
  CHECK(contains(to_json(schema::Result{}), "\"runs\": [],\n"));

  schema::Metric present;
  present.set_estimate(0);
  CHECK(contains(to_json_line(present), R"("estimate":0,)"));
}

TEST_CASE("integers are plain while a double holds them and quoted from there on") {
  schema::Result result;
  result.set_requests((std::uint64_t{1} << 53) - 1);
  result.set_events(std::uint64_t{1} << 53);
  result.add_windows()->set_start_ns(std::numeric_limits<std::int64_t>::min());
  const std::string json = to_json_line(result);
  CHECK(contains(json, R"("requests":9007199254740991,)"));
  CHECK(contains(json, R"("events":"9007199254740992",)"));
  CHECK(contains(json, R"("start_ns":"-9223372036854775808")"));
  CHECK(equal(read_back(json), result));
}

TEST_CASE("doubles are the shortest text that reads back, and null where JSON has no number") {
  schema::Series series;
  for (const double value : {0.1, 928.0, 1e21, -2.5e-9, std::nan(""), std::numeric_limits<double>::infinity()}) {
    series.add_values(value);
  }
  CHECK(contains(to_json_line(series), R"("values":[0.1,928,1e+21,-2.5e-09,null,null])"));
  CHECK(contains(to_json(series), R"("values": [0.1, 928, 1e+21, -2.5e-09, null, null])"));
}

TEST_CASE("strings are escaped as RFC 8259 says, and stay UTF-8") {
  schema::Result result;
  result.set_scenario("a\"b\\c\n\t\x01é😀");
  CHECK(contains(to_json_line(result), "\"a\\\"b\\\\c\\n\\t\\u0001é😀\""));
  CHECK(equal(read_back(to_json(result)), result));

  result.set_scenario("\xC0\xAF|\xED\xA0\x80|\xFF");  // over-long, surrogate, no UTF-8 at all: one mark a byte
  CHECK(contains(to_json_line(result), "\"\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD|\uFFFD\""));
}

}  // namespace
}  // namespace parallax::reports
