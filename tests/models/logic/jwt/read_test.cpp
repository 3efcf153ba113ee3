#include "models/logic/jwt/read.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "models/logic/jwt/numeric_date.h"
#include "models/logic/jwt/object_reader.h"
#include "tests/models/logic/jwt/issuing.h"
#include "tests/support/allocations.h"

namespace parallax::logic::jwt {
namespace {

const std::string kHeader = R"({"alg":"ES256","kid":"es"})";
const std::string kClaims = R"({"iss":"me","exp":1})";

struct Reader {
  Workspace workspace;
  ClaimNames names;
  std::variant<Token, Flaw> operator()(std::string_view token) { return read(token, names, workspace); }
  Token token(const std::string& text) { return std::get<Token>((*this)(kept = text)); }
  Flaw flaw(const std::string& text) { return std::get<Flaw>((*this)(kept = text)); }
  std::string kept;
};

std::vector<std::string> texts(const TextList& list) {
  std::vector<std::string> all;
  list.for_each([&](std::string_view text) { all.emplace_back(text); });
  return all;
}

using Texts = std::vector<std::string>;

TEST_CASE("everything that was written is read") {
  Reader read;
  const Claims claims = test_claims();
  const Token token = read.token(encoded(claims));
  CHECK(token.algorithm == Algorithm::kEs256);
  CHECK(token.key_id == "es");
  CHECK(token.type == "at+jwt");
  CHECK(token.issuer == claims.issuer);
  CHECK(token.subject == claims.subject);
  CHECK(token.id == claims.id);
  CHECK(token.client == claims.client);
  CHECK(texts(token.audience) == claims.audience);
  CHECK(texts(token.scopes) == claims.scopes);
  CHECK(token.key_type == KeyType::kProduction);
  CHECK(token.expires == claims.expires);
  CHECK(token.not_before == claims.not_before);
  CHECK(token.issued == claims.issued);
  CHECK(token.signature.size() == 64);
}

TEST_CASE("what is not there is empty") {
  Reader read;
  const Token token = read.token(token_of(R"({"alg":"RS256"})", "{}"));
  CHECK(token.key_id.empty());
  CHECK(token.issuer.empty());
  CHECK(token.audience.empty());
  CHECK(token.scopes.empty());
  CHECK(token.key_type == KeyType::kNone);
  CHECK(token.expires == std::nullopt);
}

TEST_CASE("audience and scope are a text or an array of texts") {
  Reader read;
  const auto token = [&](const std::string& claims) { return read.token(token_of(kHeader, claims)); };
  CHECK(texts(token(R"({"aud":"a b"})").audience) == Texts{"a b"});
  CHECK(texts(token(R"({"aud":["a b","c",""]})").audience) == Texts{"a b", "c"});
  CHECK(texts(token(R"({"aud":[]})").audience).empty());
  CHECK(texts(token(R"({"scope":" a  b "})").scopes) == Texts{"a", "b"});
  CHECK(texts(token(R"({"scp":["a","b"]})").scopes) == Texts{"a", "b"});
  CHECK_FALSE(token(R"({"scope":["a b"]})").scopes.contains("a"));  // no text with a space is a scope
}

TEST_CASE("the first of several names for a claim counts, and names can be chosen") {
  Reader read;
  const auto client = [&](const std::string& claims) {
    return std::string{read.token(token_of(kHeader, claims)).client};
  };
  CHECK(client(R"({"consumerKey":"c","client_id":"b","azp":"a"})") == "a");
  CHECK(client(R"({"consumerKey":"c","client_id":"b"})") == "b");
  CHECK(client(R"({"consumerKey":"c"})") == "c");
  read.names.client = {"cid", "", ""};
  CHECK(client(R"({"azp":"a","cid":"d"})") == "d");
  CHECK(client(R"({"azp":"a","":"e"})").empty());
  read.names.client = {"", "", "cid"};
  CHECK(client(R"({"cid":"d"})") == "d");
}

TEST_CASE("a name that only begins as one that is asked for is another") {
  Reader read;
  const std::string longest(kMaxNameBytes, 'n');
  read.names.client = {longest, "", ""};
  CHECK(read.token(token_of(kHeader, "{\"" + longest + R"(":"a"})")).client == "a");
  CHECK(read.token(token_of(kHeader, "{\"" + longest + R"(n":"a"})")).client.empty());
  CHECK(read.token(token_of(kHeader, "{\"" + longest + R"(\u006e":"a"})")).client.empty());
}

TEST_CASE("key types are the two that gateways know, or another") {
  Reader read;
  const auto type = [&](const std::string& text) {
    return read.token(token_of(kHeader, R"({"keytype":")" + text + R"("})")).key_type;
  };
  CHECK(type("PRODUCTION") == KeyType::kProduction);
  CHECK(type("SANDBOX") == KeyType::kSandbox);
  CHECK(type("sandbox") == KeyType::kOther);
}

TEST_CASE("escapes are undone in names and texts, and members inside of others are not ours") {
  Reader read;
  const Token token = read.token(
      token_of(kHeader, R"({"\u0069ss":"\u006d\u00fc\ud83d\ude00","a":{"iss":"x","b":[{"sub":"y"}]},"sub":"s"})"));
  CHECK(token.issuer == "m\u00fc\U0001F600");
  CHECK(token.subject == "s");
}

TEST_CASE("a text longer than the parser's own buffer, with and without escapes, is kept whole") {
  Reader read;
  const std::string text(5'000, 'x');
  CHECK(read.token(token_of(kHeader, R"({"sub":")" + text + R"("})")).subject == text);
  CHECK(read.token(token_of(kHeader, R"({"sub":"\u0061)" + text + R"("})")).subject == "a" + text);
  CHECK(read.token(token_of(kHeader, R"({"sub":")" + text + R"(\u0061b"})")).subject == text + "ab");
  CHECK(texts(read.token(token_of(kHeader, R"({"aud":["a\u0062","\u0061)" + text + R"("]})")).audience) ==
        Texts{"ab", "a" + text});
}

TEST_CASE("white space around the JSON is JSON") {
  Reader read;
  CHECK(read.token(token_of(" \r\n" + kHeader + "\t ", " " + kClaims + "\n")).issuer == "me");
}

TEST_CASE("members that nobody reads may be what they like, even twice") {
  Reader read;
  const std::string nested = repeated("[", kMaxDepth - 1) + repeated("]", kMaxDepth - 1);
  CHECK(read.token(token_of(kHeader, R"({"x":1,"x":{"iss":1,"iss":2},"\u0000":null,"iss":"me"})")).issuer == "me");
  CHECK(read.token(token_of(kHeader, R"({"x":)" + nested + R"(,"iss":"me"})")).issuer == "me");
  CHECK(read.token(token_of(kHeader, "{\"" + std::string(kMaxNameBytes + 1, 'n') + R"(":1,"iss":"me"})")).issuer ==
        "me");
}

TEST_CASE("one level deeper than allowed is refused") {
  Reader read;
  const std::string nested = repeated("[", kMaxDepth) + repeated("]", kMaxDepth);
  CHECK(read.flaw(token_of(kHeader, R"({"x":)" + nested + "}")) == Flaw::kClaims);
}

TEST_CASE("dates of any size are instants, never undefined") {
  Reader read;
  const auto expires = [&](const std::string& number) {
    return read.token(token_of(kHeader, "{\"exp\":" + number + "}")).expires.value();
  };
  CHECK(expires("1300819380.5").ns == 1'300'819'380'500'000'000);
  CHECK(expires("-1").ns == -1'000'000'000);
  CHECK(expires("18446744073709551616") == sim::kNever);
  CHECK(expires("9223372036854775807") == sim::kNever);
  CHECK(expires("-9223372036854775808") == kAlways);
  CHECK(expires("1E400") == sim::kNever);
  CHECK(expires("-1E400") == kAlways);
  CHECK(expires("1" + std::string(4'000, '0')) == sim::kNever);
  CHECK(expires("1" + std::string(4'000, '0') + "e-4000").ns == 1'000'000'000);
}

TEST_CASE("a token as long as the workspace takes is read, one byte more is not looked at") {
  const std::string token = encoded(test_claims());
  Workspace fits{token.size()};
  CHECK(std::holds_alternative<Token>(read(token, {}, fits)));
  CHECK(fits.work() > 0);
  Workspace too_small{token.size() - 1};
  CHECK(std::get<Flaw>(read(token, {}, too_small)) == Flaw::kOversized);
  CHECK(too_small.work() == 0);
}

TEST_CASE("reading asks for no memory, whether it succeeds or not") {
  Reader read;
  const std::string good = encoded(test_claims());
  const std::string bomb = token_of(kHeader, repeated("[", 3'000));
  const std::string escaped = token_of(kHeader, R"({"sub":")" + repeated(R"(\u0061)", 900) + R"("})");
  const std::uint64_t before = testing::allocations();
  read(good);
  read(bomb);
  read(escaped);
  CHECK(testing::allocations() == before);
}

// Worst cases of every kind, each about `bytes` long.
std::vector<std::string> long_claims(std::size_t bytes) {
  const auto fill = [&](const std::string& open, const std::string& piece, const std::string& close) {
    return open + repeated(piece, bytes / piece.size()) + close;
  };
  return {fill(R"({"x":[0)", ",0", "]}"),
          fill(R"({"aud":[)", R"("",)", R"(""]})"),
          fill(R"({"aud":[)", R"("a",)", R"(1]})"),
          fill(R"({"sub":")", R"(\u0061)", R"("})"),
          fill("{", R"("":0,)", R"("":0})"),
          fill(R"({"exp":1)", "0", "}"),
          fill(R"({"exp":0.)", "0", "1e9}"),
          fill(R"({"x":[[],0)", ",[[[]]]", "]}"),
          fill(R"({"scope":")", "a ", R"("})"),
          fill("{", R"("iss\u0061":0,)", R"("z":0})"),
          fill("", " ", "{}"),
          fill(R"({")", "n", R"(":0})")};
}

TEST_CASE("the work is bounded by the token's length, whatever is in it") {
  Workspace workspace{1 << 20};
  for (const std::size_t bytes : {1'000u, 10'000u, 100'000u}) {
    for (const std::string& claims : long_claims(bytes)) {
      INFO(claims.substr(0, 30));
      const std::string token = token_of(kHeader, claims);
      read(token, {}, workspace);
      CHECK(workspace.work() <= Workspace::kMaxWorkPerByte * token.size());
    }
  }
}

}  // namespace
}  // namespace parallax::logic::jwt
