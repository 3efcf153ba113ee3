#include "models/logic/gateway/credential.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/checked_property.h"

namespace parallax::logic::gateway {
namespace {

TEST_CASE("a bearer token is what follows the scheme, in any case of it") {
  for (const char* header : {"Bearer abc-._~+/=", "bearer abc-._~+/=", "BEARER   abc-._~+/="}) {
    CHECK(bearer_token(header) == "abc-._~+/=");
  }
}

TEST_CASE("what is no bearer token is no token") {
  for (const char* header : {"", "Bearer", "Bearer ", "Bearer    ", "Basic abc", "Bearer a b", "Bearer a,b",
                             "Bearerabc", "Bearer a\tb", "Bearer \xc3\xa9", " Bearer abc"}) {
    INFO(header);
    CHECK(bearer_token(header) == std::nullopt);
  }
  CHECK(bearer_token({"Bearer a\0b", 10}) == std::nullopt);
}

TEST_CASE("a JWT is told by its two dots") {
  CHECK(looks_signed("a.b.c"));
  CHECK(looks_signed(".."));
  CHECK_FALSE(looks_signed("0cc1d7a1-7a5b-3e46-8a5c-1f1a5f0b7a11"));
  CHECK_FALSE(looks_signed("a.b"));
  CHECK_FALSE(looks_signed("a.b.c.d.e"));  // an encrypted one, which nobody here can read
}

TEST_CASE("any bytes give a token without foreign characters, or none") {
  parallax::testing::check("any header", 2'000, [] {
    const auto tail = *rc::gen::arbitrary<std::string>();
    const std::string header = *rc::gen::element<std::string>("Bearer ", "", "bEaReR  ") + tail;
    if (const auto token = bearer_token(header)) {
      RC_ASSERT(!token->empty());
      RC_ASSERT(token->find_first_of(std::string{" \t\r\n,;\"\0", 9}) == std::string_view::npos);
      RC_ASSERT(token->data() + token->size() == header.data() + header.size());
    }
  });
}

}  // namespace
}  // namespace parallax::logic::gateway
