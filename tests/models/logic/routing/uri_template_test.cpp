#include "models/logic/routing/uri_template.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace parallax::logic::routing {
namespace {

const TemplateSegment kParameter{TemplateSegment::Kind::kParameter, ""};
TemplateSegment literal(const std::string& text) { return {TemplateSegment::Kind::kLiteral, text}; }

TEST_CASE("a template is read as literals, parameters and a wildcard") {
  CHECK(parse_template("/") == UriTemplate{});
  CHECK(parse_template("/*") == UriTemplate{{}, true});
  CHECK(parse_template("/order") == UriTemplate{{literal("order")}, false});
  CHECK(parse_template("/order/") == UriTemplate{{literal("order")}, false});
  CHECK(parse_template("/order/{id}") == UriTemplate{{literal("order"), kParameter}, false});
  CHECK(parse_template("/order/{order-id_2.x}/*") == UriTemplate{{literal("order"), kParameter}, true});
  CHECK(parse_template("/caf%C3%A9/%2A/%7Bid%7D") ==
        UriTemplate{{literal("caf\xc3\xa9"), literal("*"), literal("{id}")}, false});
}

TEST_CASE("a malformed template is nothing") {
  const std::vector<std::string> malformed{
      "",        "order",  "*",        "//",     "/order//x",  "/{",      "/}",     "/{}",      "/{id",        "/id}",
      "/{a}{b}", "/{{a}}", "/{a{b}}",  "/x{id}", "/{id}.json", "/{id:3}", "/{id*}", "/{+path}", "/{/path}",    "/{a,b}",
      "/{a b}",  "/{?q}",  "/a?x={x}", "/a#b",   "/*/a",       "/a*",     "/*.jsp", "*.jsp",    "/**",         "/a/*/",
      "/..",     "/a/./b", "/a%2Fb",   "/a\\b",  "/a;b",       "/%zz",    "/a b",   "/\xff",    "/{\xc3\xa9}", "/{}/a",
  };
  for (const std::string& text : malformed) {
    CAPTURE(text);
    CHECK_FALSE(parse_template(text).has_value());
  }
}

TEST_CASE("a context is literal segments") {
  CHECK(parse_context("/t/acme.com/pizza") == std::vector<std::string>{"t", "acme.com", "pizza"});
  CHECK(parse_context("/pizza/") == std::vector<std::string>{"pizza"});
  for (const std::string text : {"pizza", "/pizza//x", "/pizza/*", "/pizza/{version}", "/..", "/a b"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_context(text).has_value());
  }
}

TEST_CASE("a version is one literal segment") {
  CHECK(parse_version("1.0.0") == "1.0.0");
  for (const std::string text : {"", "/1", "1/", "1/0", ".", "..", "{version}", "*", "1 0", "1?"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_version(text).has_value());
  }
}

}  // namespace
}  // namespace parallax::logic::routing
