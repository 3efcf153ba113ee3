#include "models/logic/routing/verb.h"

#include <catch2/catch.hpp>
#include <string>

namespace parallax::logic::routing {
namespace {

TEST_CASE("every verb is read as it is written") {
  for (const Verb verb : kVerbs) CHECK(parse_verb(name_of(verb)) == verb);
}

TEST_CASE("a verb is case-sensitive and nothing but its name") {
  for (const std::string text : {"", "get", "Get", "GET ", " GET", "GETS", "GE", "TRACE", "CONNECT", "*"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_verb(text).has_value());
  }
  CHECK_FALSE(parse_verb(std::string_view{"GET\0", 4}).has_value());
}

TEST_CASE("a set of verbs has what was put in and nothing else") {
  VerbSet set{Verb::kGet, Verb::kOptions};
  CHECK(set.contains(Verb::kGet));
  CHECK_FALSE(set.contains(Verb::kHead));
  CHECK(set.last() == Verb::kOptions);
  CHECK((set & VerbSet{Verb::kGet, Verb::kPut}) == VerbSet{Verb::kGet});
  CHECK((set | VerbSet{Verb::kPut}) == VerbSet{Verb::kPut, Verb::kOptions, Verb::kGet});
  CHECK_FALSE(set.intersects(VerbSet{Verb::kPatch, Verb::kHead}));
  CHECK(VerbSet{}.empty());
}

}  // namespace
}  // namespace parallax::logic::routing
