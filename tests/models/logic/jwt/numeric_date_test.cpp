#include "models/logic/jwt/numeric_date.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/checked_property.h"

namespace parallax::logic::jwt {
namespace {

std::int64_t ns(const std::string& number) { return numeric_date(number).ns; }

TEST_CASE("seconds become nanoseconds, whichever way they are written") {
  CHECK(ns("0") == 0);
  CHECK(ns("-0") == 0);
  CHECK(ns("0e99999999999999999999") == 0);
  CHECK(ns("1300819380") == 1'300'819'380'000'000'000);
  CHECK(ns("1.3e9") == 1'300'000'000'000'000'000);
  CHECK(ns("13E+8") == 1'300'000'000'000'000'000);
  CHECK(ns("1300819380.25") == 1'300'819'380'250'000'000);
  CHECK(ns("0.000000001") == 1);
  CHECK(ns("1e-9") == 1);
  CHECK(ns("-2.5") == -2'500'000'000);
}

TEST_CASE("fractions are exact, and what is below a nanosecond is dropped") {
  CHECK(ns("1300819380.1") == 1'300'819'380'100'000'000);  // as a double it would be ...099999904
  CHECK(ns("1300819380.123456789") == 1'300'819'380'123'456'789);
  CHECK(ns("0.0000000019999") == 1);
  CHECK(ns("1e-10") == 0);
  CHECK(ns("1e-99999999999999999999") == 0);
}

TEST_CASE("what lies beyond virtual time is never or always") {
  CHECK(ns("9223372036.854775807") == sim::kNever.ns);
  CHECK(ns("9223372036.854775806") == sim::kNever.ns - 1);
  CHECK(ns("9223372036.854775808") == sim::kNever.ns);
  CHECK(ns("18446744073.709551617") == sim::kNever.ns);  // 2^64 + 1 nanoseconds
  CHECK(ns("9223372036854775") == sim::kNever.ns);       // Long.MAX_VALUE milliseconds, "does not expire"
  CHECK(ns("1e308") == sim::kNever.ns);
  CHECK(ns("1e99999999999999999999") == sim::kNever.ns);
  CHECK(ns("-1e400") == kAlways.ns);
  CHECK(ns("-9223372036.854775807") == -sim::kNever.ns);
  CHECK(ns("-9223372036.854775808") == kAlways.ns);
  CHECK(ns("1" + std::string(5'000, '0')) == sim::kNever.ns);
  CHECK(ns("0." + std::string(5'000, '0') + "1e5001") == 1'000'000'000);
}

TEST_CASE("every instant is read back from what is written") {
  CHECK(to_numeric_date({1'300'819'380'000'000'000}) == "1300819380");
  CHECK(to_numeric_date({1'500'000'000}) == "1.5");
  CHECK(to_numeric_date({-50'000'000}) == "-0.05");
  CHECK(numeric_date(to_numeric_date(kAlways)) == kAlways);
  testing::check("round trip", 5'000, [] {
    const auto instant = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::int64_t>());
    RC_ASSERT(numeric_date(to_numeric_date({instant})).ns == instant);
  });
}

}  // namespace
}  // namespace parallax::logic::jwt
