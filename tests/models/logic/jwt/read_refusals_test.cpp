// Tokens that are not as the RFCs have it, each with the flaw that is told.
#include <catch2/catch.hpp>
#include <string>
#include <variant>
#include <vector>

#include "models/logic/jwt/base64url.h"
#include "models/logic/jwt/read.h"
#include "tests/models/logic/jwt/issuing.h"

namespace parallax::logic::jwt {
namespace {

const std::string kHeader = R"({"alg":"ES256","kid":"es"})";
const std::string kClaims = R"({"iss":"me","exp":1})";

struct Refusal {
  std::string name;
  std::string token;
  Flaw flaw;
};

std::vector<Refusal> shape_refusals() {
  const std::string header = base64url_encode(kHeader);
  const std::string claims = base64url_encode(kClaims);
  return {
      {"nothing", "", Flaw::kNotThreeParts},
      {"no dot", header, Flaw::kNotThreeParts},
      {"one dot", header + "." + claims, Flaw::kNotThreeParts},
      {"three dots", header + "." + claims + ".c2ln.", Flaw::kNotThreeParts},
      {"five parts, as a JWE has", header + ".a.b.c.d", Flaw::kNotThreeParts},
      {"no signature", header + "." + claims + ".", Flaw::kNotThreeParts},
      {"no header", "." + claims + ".c2ln", Flaw::kHeader},
      {"no claims", header + "..c2ln", Flaw::kClaims},
      {"padding", header + "." + claims + ".c2k=", Flaw::kEncoding},
      {"standard alphabet", header + "." + claims + ".+/+/", Flaw::kEncoding},
      {"bits left over in the signature", header + "." + claims + ".c2l", Flaw::kEncoding},
      {"bits left over in the header", base64url_encode(R"({"alg":"ES256"} )") + "B." + claims + ".c2ln",
       Flaw::kEncoding},
      {"white space", header + " ." + claims + ".c2ln", Flaw::kEncoding},
      {"NUL byte", header + "." + claims + "." + std::string("c2l\0", 4), Flaw::kEncoding},
      {"NUL byte in front", std::string(1, '\0') + header + "." + claims + ".c2ln", Flaw::kEncoding},
      {"oversized", std::string(kMaxTokenBytes + 1, '.'), Flaw::kOversized},
  };
}

std::vector<Refusal> header_refusals() {
  const auto of = [](const std::string& header) { return token_of(header, kClaims); };
  std::vector<Refusal> all{
      {"no JSON", of("alg"), Flaw::kHeader},
      {"an array", of(R"(["alg","ES256"])"), Flaw::kHeader},
      {"a text", of(R"("alg")"), Flaw::kHeader},
      {"a number", of("1"), Flaw::kHeader},
      {"null", of("null"), Flaw::kHeader},
      {"two objects", of(R"({"alg":"ES256"}{"alg":"ES256"})"), Flaw::kHeader},
      {"a comment", of(R"({"alg":"ES256"/**/})"), Flaw::kHeader},
      {"a comma too many", of(R"({"alg":"ES256",})"), Flaw::kHeader},
      {"a byte order mark", of("\xef\xbb\xbf" + kHeader), Flaw::kHeader},
      {"UTF-16", of(std::string("{\0\"\0", 4)), Flaw::kHeader},
      {"NUL behind", of(kHeader + std::string(1, '\0')), Flaw::kHeader},
      {"kid is a number", of(R"({"alg":"ES256","kid":1})"), Flaw::kHeader},
      {"kid is an array", of(R"({"alg":"ES256","kid":["es"]})"), Flaw::kHeader},
      {"kid has a NUL", of(R"({"alg":"ES256","kid":"e\u0000s"})"), Flaw::kHeader},
      {"typ is null", of(R"({"alg":"ES256","typ":null})"), Flaw::kHeader},
      {"alg is an array", of(R"({"alg":["ES256"]})"), Flaw::kHeader},
      {"no alg", of(R"({"kid":"es"})"), Flaw::kAlgorithm},
      {"crit", of(R"({"alg":"ES256","crit":["exp"]})"), Flaw::kCritical},
      {"crit of nothing", of(R"({"alg":"ES256","crit":[]})"), Flaw::kCritical},
      {"crit for unencoded payloads", of(R"({"alg":"ES256","b64":false,"crit":["b64"]})"), Flaw::kCritical},
      {"alg twice", of(R"({"alg":"ES256","alg":"HS256"})"), Flaw::kDuplicateMember},
      {"alg twice, once escaped", of(R"({"alg":"ES256","\u0061lg":"HS256"})"), Flaw::kDuplicateMember},
      {"kid twice", of(R"({"alg":"ES256","kid":"a","kid":"a"})"), Flaw::kDuplicateMember},
      {"crit twice", of(R"({"alg":"ES256","crit":null,"crit":null})"), Flaw::kDuplicateMember},
  };
  for (const std::string name : {"none", "None", "NONE", "nOnE", "", " none", "ES512", "PS256", "RS1", "es256",
                                 "HS256 ", "EdDSA", "HS384", R"(n\u006fne)"}) {
    all.push_back({"alg " + name, of(R"({"alg":")" + name + R"("})"), Flaw::kAlgorithm});
  }
  return all;
}

std::vector<Refusal> claims_refusals() {
  const auto of = [](const std::string& claims) { return token_of(kHeader, claims); };
  std::vector<Refusal> all{
      {"no JSON", of("iss"), Flaw::kClaims},
      {"an array", of(R"([{"iss":"me"}])"), Flaw::kClaims},
      {"null", of("null"), Flaw::kClaims},
      {"cut off", of(R"({"iss":"me")"), Flaw::kClaims},
      {"more behind", of(kClaims + "x"), Flaw::kClaims},
      {"no UTF-8", of("{\"iss\":\"\xff\"}"), Flaw::kClaims},
      {"overlong UTF-8", of("{\"iss\":\"\xc0\xaf\"}"), Flaw::kClaims},
      {"no UTF-8 where nobody reads", of("{\"x\":\"\xff\"}"), Flaw::kClaims},
      {"half a surrogate pair", of(R"({"iss":"\ud800"})"), Flaw::kClaims},
      {"NUL byte", of(std::string("{\"iss\":\"a\0b\"}", 13)), Flaw::kClaims},
      {"NUL escaped", of(R"({"iss":"a\u0000b"})"), Flaw::kClaims},
      {"NUL escaped in an audience", of(R"({"aud":["a\u0000b"]})"), Flaw::kClaims},
      {"depth bomb", of(repeated("[", 3'000)), Flaw::kClaims},
      {"depth bomb behind a name", of("{\"x\":" + repeated("[", 2'000) + repeated("]", 2'000) + "}"), Flaw::kClaims},
      {"depth bomb of objects", of(repeated("{\"x\":", 1'000) + "1" + repeated("}", 1'000)), Flaw::kClaims},
      {"aud has a number", of(R"({"aud":["a",1]})"), Flaw::kClaims},
      {"aud has an array", of(R"({"aud":["a",["b"],"c"]})"), Flaw::kClaims},
      {"aud is an object", of(R"({"aud":{"a":"b"}})"), Flaw::kClaims},
      {"scope is a number", of(R"({"scope":1})"), Flaw::kClaims},
      {"exp without digits", of(R"({"exp":-})"), Flaw::kClaims},
      {"exp with a zero in front", of(R"({"exp":01})"), Flaw::kClaims},
      {"exp is not a number", of(R"({"exp":NaN})"), Flaw::kClaims},
      {"exp has too great an exponent", of(R"({"exp":1e99999999999})"), Flaw::kClaims},
  };
  for (const std::string claim : {"iss", "sub", "jti", "azp", "client_id", "consumerKey", "keytype"}) {
    for (const std::string value : {"1", "null", "true", "[]", R"(["a"])", "{}"}) {
      all.push_back({claim + " is " + value, of("{\"" + claim + "\":" + value + "}"), Flaw::kClaims});
    }
    all.push_back({claim + " twice", of("{\"" + claim + "\":\"a\",\"" + claim + "\":\"a\"}"), Flaw::kDuplicateMember});
  }
  for (const std::string claim : {"exp", "nbf", "iat"}) {
    for (const std::string value : {R"("1")", "null", "true", "[1]", "{}"}) {
      all.push_back({claim + " is " + value, of("{\"" + claim + "\":" + value + "}"), Flaw::kClaims});
    }
    all.push_back({claim + " twice", of("{\"" + claim + "\":1,\"x\":0,\"" + claim + "\":2}"), Flaw::kDuplicateMember});
  }
  for (const std::string claim : {"aud", "scope", "scp"}) {
    all.push_back({claim + " twice", of("{\"" + claim + "\":[],\"" + claim + "\":\"a\"}"), Flaw::kDuplicateMember});
  }
  return all;
}

TEST_CASE("whatever is not as the RFCs have it is refused, by name") {
  Workspace workspace;
  for (const auto& refusals : {shape_refusals(), header_refusals(), claims_refusals()}) {
    for (const Refusal& refusal : refusals) {
      INFO(refusal.name);
      const auto result = read(refusal.token, {}, workspace);
      REQUIRE(std::holds_alternative<Flaw>(result));
      CHECK(name_of(std::get<Flaw>(result)) == name_of(refusal.flaw));
    }
  }
}

}  // namespace
}  // namespace parallax::logic::jwt
