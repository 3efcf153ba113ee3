#include "models/logic/routing/request_path.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

namespace parallax::logic::routing {
namespace {

using namespace std::string_literals;
using Texts = std::vector<std::string>;

/// Nothing: refused.
std::optional<Texts> texts_of(const std::string& target) {
  RequestPath path;
  if (!path.read(target)) return std::nullopt;
  Texts texts;
  for (const Segment& segment : path.segments()) texts.emplace_back(segment.text());
  return texts;
}

struct Row {
  std::string target;
  Texts texts;
};

TEST_CASE("a target is read as its segments") {
  const std::vector<Row> rows{
      {"/", {}},
      {"/pizza", {"pizza"}},
      {"/pizza/1.0.0/order/42", {"pizza", "1.0.0", "order", "42"}},
      {"/t/acme.com/pizza", {"t", "acme.com", "pizza"}},
      {"/pizza/", {"pizza"}},
      {"/pizza?size=l/m", {"pizza"}},
      {"/pizza/?x", {"pizza"}},
      {"/?/pizza", {}},
      {"/pizza?a//../%2e;%zz\\", {"pizza"}},  // what a query says is nobody's business here
      {"/a-segment-of-more-than-fifteen-bytes/b", {"a-segment-of-more-than-fifteen-bytes", "b"}},
      {"/a!$&'()*+,=:@~_-.b", {"a!$&'()*+,=:@~_-.b"}},  // RFC 3986 pchar, but ";"
      {"/{id}/<a>|^`\"[]", {"{id}", "<a>|^`\"[]"}},     // not of a URI, but of one reading
      {"/PIZZA", {"PIZZA"}},
      {"/...", {"..."}},
      {"/.a/a./..a", {".a", "a.", "..a"}},
      // Percent-encoded text is the text.
      {"/%70izza", {"pizza"}},
      {"/1%2e0%2E0", {"1.0.0"}},
      {"/a%20b%3Fc%23d", {"a b?c#d"}},
      {"/100%25", {"100%"}},
      {"/100%25/2", {"100%", "2"}},
      {"/%25zz", {"%zz"}},
      {"/caf%C3%A9", {"caf\xc3\xa9"}},
      {"/caf\xc3\xa9", {"caf\xc3\xa9"}},
      {"/\xe2\x82\xac/\xf0\x9f\x8d\x95", {"\xe2\x82\xac", "\xf0\x9f\x8d\x95"}},  // the euro sign, a pizza
      {"/\xf4\x8f\xbf\xbf/\xed\x9f\xbf/\xee\x80\x80", {"\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"}},
      // Absolute-form is its path.
      {"http://host/pizza", {"pizza"}},
      {"HTTPS://user@host:8243/pizza/?x", {"pizza"}},
      {"ws://host/chat", {"chat"}},
      {"wss://[::1]:9099/chat", {"chat"}},
      {"http://host/", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target);
    CHECK(texts_of(row.target) == row.texts);
  }
}

TEST_CASE("a target of two readings is refused") {
  const std::vector<std::string> targets{
      // Empty segments.
      "//",
      "//pizza",
      "/pizza//order",
      "/pizza//",
      "/pizza//?x",
      "/a///b",
      // Dot segments, however they are written.
      "/.",
      "/..",
      "/pizza/.",
      "/pizza/..",
      "/pizza/./order",
      "/pizza/../admin",
      "/pizza/%2e%2e/admin",
      "/pizza/.%2E/admin",
      "/pizza/%2e./admin",
      "/pizza/%2e",
      "/pizza/..?x",
      // A slash that only some see.
      "/pizza%2Fadmin",
      "/pizza%2fadmin",
      "/%2f",
      "/pizza\\admin",
      "/pizza%5Cadmin",
      "/pizza/..%2fadmin",
      "/pizza/..%5cadmin",
      // Path parameters.
      "/pizza;x=1/admin",
      "/pizza/..;/admin",
      "/pizza;",
      "/pizza%3bx",
      // Text that is still encoded, once decoded.
      "/%252e%252e/admin",
      "/pizza%252fadmin",
      "/%25%32%65",
      "/%2525%32e",
      // Percent signs that encode nothing.
      "/%",
      "/a%",
      "/a%2",
      "/a%2/b",
      "/%zz",
      "/%g0",
      "/%0g",
      "/%-1",
      "/%+1",
      "/% 1",
      // Controls.
      "/a\0b"s,
      "/a%00b",
      "/a%00",
      "/\0"s,
      "/a\x7f",
      "/a%7F",
      "/a\tb",
      "/a%09b",
      "/a\r\nb",
      "/a%0d%0ab",
      "/a b",
      "/ ",
      "/a%1f",
      // Not UTF-8: stray, cut off, overlong, a surrogate, beyond U+10FFFF.
      "/\x80",
      "/\xff",
      "/%ff",
      "/\xc3",
      "/\xc3/\xa9",
      "/%c3(",
      "/%C0%AF",
      "/%c0%ae%c0%ae",
      "/\xc1\x81",
      "/%e0%80%af",
      "/%e0%9f%bf",
      "/%F0%80%80%AF",
      "/%f0%8f%bf%bf",
      "/%ed%a0%80",
      "/%f4%90%80%80",
      "/\xf5\x80\x80\x80",
      "/\xe2\x82",
      "/\xe2\x28\xa1",
      "/\xf0\x9f\x8d",
      // A fragment.
      "/pizza#/part?x",
      "/public#/../admin",
      "/pizza/#",
      // No path of an API.
      "",
      "*",
      "pizza",
      "?",
      "#",
      "?/pizza",
      "host:443",
      "http:/pizza",
      "http://",
      "http:///pizza",
      "http://host",
      "http://host?/pizza",
      "http://host#/pizza",
      "http://host//pizza",
      "http://host/http://other/",
      "http://ho st/pizza",
      "http://host\\@evil/pizza",
      "ftp://host/pizza",
      "https:/host/pizza",
      "http://\0/pizza"s,
      "xhttp://host/pizza",
      "wsss://host/pizza",
      " /pizza",
  };
  for (const std::string& target : targets) {
    CAPTURE(target);
    CHECK_FALSE(texts_of(target).has_value());
  }
}

TEST_CASE("a target is refused for what lies behind any wildcard too") {
  const std::string deep = "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/a/b/c/d/e/f/g/h";
  CHECK(texts_of(deep).has_value());
  CHECK_FALSE(texts_of(deep + "/..").has_value());
  CHECK_FALSE(texts_of(deep + "/%2f").has_value());
}

TEST_CASE("a path of more segments than are kept says so") {
  std::string target;
  for (std::size_t i = 0; i < kSegmentsMax; ++i) target += "/a";
  RequestPath full;
  REQUIRE(full.read(target));
  CHECK(full.segments().size() == kSegmentsMax);
  CHECK_FALSE(full.is_deeper());
  RequestPath deeper;
  REQUIRE(deeper.read(target + "/a"));
  CHECK(deeper.segments().size() == kSegmentsMax);
  CHECK(deeper.is_deeper());
}

TEST_CASE("a path may have so many bytes and no more") {
  const std::string longest = "/" + std::string(kPathBytesMax - 1, 'a');
  CHECK(texts_of(longest) == Texts{longest.substr(1)});
  CHECK(texts_of(longest + "?" + std::string(100'000, 'x')) == Texts{longest.substr(1)});
  CHECK(texts_of("http://host" + longest) == Texts{longest.substr(1)});
  CHECK_FALSE(texts_of(longest + "a").has_value());
  CHECK_FALSE(texts_of(longest + "/").has_value());
  CHECK_FALSE(texts_of(longest + "a?").has_value());
  CHECK_FALSE(texts_of(longest + std::string(1'000'000, 'a')).has_value());
  std::string slashes(kPathBytesMax, '/');
  for (std::size_t i = 1; i < slashes.size(); i += 2) slashes[i] = 'a';
  CHECK(texts_of(slashes).has_value());
  CHECK_FALSE(texts_of(slashes + "a").has_value());
  std::string encoded;
  while (encoded.size() + 4 <= kPathBytesMax) encoded += "/%61";
  CHECK(texts_of(encoded).has_value());
}

TEST_CASE("paths of every length are read whole") {
  std::string text;
  for (std::size_t size = 1; size < 300; ++size) {
    text += static_cast<char>('a' + size % 26);
    CAPTURE(size);
    CHECK(texts_of("/" + text + "/z") == Texts{text, "z"});
  }
}

}  // namespace
}  // namespace parallax::logic::routing
