#include "scenarios/wording.h"

#include <catch2/catch.hpp>

namespace parallax::scenarios {
namespace {

TEST_CASE("the edit distance counts insertions, deletions, replacements and swaps") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("ttl", "ttl") == 0);
  CHECK(edit_distance("", "ttl") == 3);
  CHECK(edit_distance("tokn_cache", "token_cache") == 1);
  CHECK(edit_distance("nmae", "name") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("a near word is proposed and a far one is not") {
  const std::vector<std::string> names{"us-east", "us-west", "eu"};
  CHECK(nearest_word("us-est", names) == "us-east");
  CHECK(nearest_word("us-wets", names) == "us-west");
  CHECK(nearest_word("tokyo", names).empty());
  CHECK(nearest_word("", names).empty());
  CHECK(nearest_word(std::string(1'000'000, 'x'), names).empty());
  CHECK(suggestion("us-est", "sites", names) == "; did you mean \"us-east\"? (sites: us-east, us-west, eu)");
  CHECK(suggestion("tokyo", "sites", names) == " (sites: us-east, us-west, eu)");
  CHECK(suggestion("tokyo", "sites", {}).empty());
}

TEST_CASE("of long words the beginning is near") {
  const std::vector<std::string> sets{"aws-2020-06-05", "aws-2021-02-13", "gcp-2019-09"};
  CHECK(nearest_word("aws-2020", sets) == "aws-2020-06-05");
  CHECK(nearest_word("gcp", sets) == "gcp-2019-09");
  CHECK(nearest_word("aw", sets).empty());
}

TEST_CASE("quoted text is one printable line of bounded length") {
  CHECK(quoted("dc") == "\"dc\"");
  CHECK(quoted("a\"b\\c") == R"("a\"b\\c")");
  CHECK(quoted("a\nb") == R"("a\x0ab")");
  CHECK(quoted("z\xC3\xBCrich") == "\"z\xC3\xBCrich\"");
  CHECK(quoted("a\xFF") == R"("a\xff")");
  CHECK(quoted("a\xC3") == R"("a\xc3")");
  CHECK(quoted(std::string(1'000, 'x')).size() < 100);
}

TEST_CASE("invalid UTF-8 is found at its first byte") {
  CHECK(find_invalid_utf8("z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x98\x80") == std::string_view::npos);
  CHECK(find_invalid_utf8("ab\x80") == 2);
  CHECK(find_invalid_utf8("\xC0\xAF") == 0);          // overlong
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0);      // surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);  // beyond U+10FFFF
  CHECK(find_invalid_utf8("a\xE2\x82") == 1);         // cut off
}

}  // namespace
}  // namespace parallax::scenarios
