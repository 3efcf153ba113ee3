#include "models/logic/routing/cors.h"

#include <catch2/catch.hpp>
#include <string>

namespace parallax::logic::routing {
namespace {

constexpr VerbSet kDeclared{Verb::kGet, Verb::kHead, Verb::kPut};
constexpr std::string_view kShop = "https://shop.example.com";

CorsOptions two_origins() {
  CorsOptions options;
  options.allowed_origins = {std::string{kShop}, "https://admin.example.com:8443", "null"};
  options.allow_credentials = true;
  return options;
}

TEST_CASE("with all origins allowed the answer is a star, the same for everybody") {
  CorsOptions options;
  options.max_age_s = 600;
  const Cors cors{options};
  CorsHeaders expected;
  expected.allow_origin = "*";
  expected.allow_methods = {Verb::kGet, Verb::kPut};  // HEAD is declared, but no default method
  expected.allow_headers = "authorization,Access-Control-Allow-Origin,Content-Type,SOAPAction,apikey,Internal-Key";
  expected.max_age_s = 600;
  CHECK(cors.headers(kShop, "", kDeclared) == expected);
  CHECK(cors.headers("", "X-Any", kDeclared) == expected);
}

TEST_CASE("credentials never go with a star") {
  CorsOptions options;
  options.allow_credentials = true;
  options.allowed_origins = {std::string{kShop}, "*"};
  const Cors cors{options};
  const CorsHeaders headers = cors.headers(kShop, "", kDeclared);
  CHECK(headers.allow_origin == "*");
  CHECK_FALSE(headers.allow_credentials);
}

TEST_CASE("an origin is allowed if it is one of those listed, byte for byte") {
  const Cors cors{two_origins()};
  const CorsHeaders allowed = cors.headers(kShop, "", kDeclared);
  CHECK(allowed.allow_origin == kShop);
  CHECK(allowed.allow_credentials);
  CHECK(allowed.vary_by_origin);
  CHECK(cors.headers("https://admin.example.com:8443", "", kDeclared).allow_origin == "https://admin.example.com:8443");
  for (const std::string origin :
       {"", "*", "https://shop.example.com.evil.net", "https://shop.example.co", "http://shop.example.com",
        "https://SHOP.example.com", "https://shop.example.com/", "https://shop.example.com:443",
        "https://admin.example.com", "https://shop.example.com ", "https://xshop.example.com", "Null"}) {
    CAPTURE(origin);
    const CorsHeaders headers = cors.headers(origin, "X-Any", kDeclared);
    CorsHeaders nothing;
    nothing.vary_by_origin = true;
    CHECK(headers == nothing);
  }
}

TEST_CASE("the origin of a sandboxed page may be allowed, but gets no credentials") {
  const Cors cors{two_origins()};
  const CorsHeaders headers = cors.headers("null", "", kDeclared);
  CHECK(headers.allow_origin == "null");
  CHECK_FALSE(headers.allow_credentials);
}

TEST_CASE("no origin is allowed where none is listed") {
  CorsOptions options;
  options.allowed_origins = {};
  const Cors cors{options};
  CHECK(cors.headers(kShop, "", kDeclared).allow_origin.empty());
}

TEST_CASE("an empty text among the origins does not allow a request without one") {
  CorsOptions options = two_origins();
  options.allowed_origins.emplace_back();
  const Cors cors{options};
  CHECK(cors.headers("", "", kDeclared).allow_methods.empty());
}

TEST_CASE("with all headers allowed those asked for are echoed, if they are field names") {
  CorsOptions options;
  options.allowed_headers = {"X-One", "*"};
  const Cors cors{options};
  CHECK(cors.headers(kShop, "X-Two, x-three", kDeclared).allow_headers == "X-Two, x-three");
  CHECK(cors.headers(kShop, "", kDeclared).allow_headers.empty());
  for (const std::string_view evil : {"X\r\nSet-Cookie: a", "X:1", "a\"b", "caf\xc3\xa9", "a/b"}) {
    CAPTURE(evil);
    CHECK(cors.headers(kShop, evil, kDeclared).allow_headers.empty());
  }
}

}  // namespace
}  // namespace parallax::logic::routing
