#include "models/logic/tokens/grants.h"

#include <array>
#include <catch2/catch.hpp>
#include <functional>

#include "tests/models/logic/tokens/issuing.h"
#include "tests/support/allocations.h"

namespace parallax::logic::tokens {
namespace {

using domain::ScopeId;
using testing::at;
using testing::text;

struct Scene {
  ScopeSets sets;
  Client client;
  GrantRequest request;
  Grants supported{kAllGrants};
  sim::VirtualTime now{at(10)};

  // A request of its grant in which everything is right.
  explicit Scene(Grant grant) {
    client = {.id = domain::ClientId{7},
              .owner = domain::UserId{1},
              .tenant = domain::TenantId{2},
              .grants = kAllGrants,
              .scopes = scopes({1, 2, 3}),
              .default_scopes = scopes({1}),
              .token_type = TokenType::kJwt};
    request.grant = grant;
    request.client_proof = Proof::kGiven;
    request.user = domain::UserId{9};
    request.user_proof = Proof::kGiven;
    AccessToken row;
    row.key.client = client.id;
    row.key.user = domain::UserId{9};
    row.key.user_type = UserType::kApplicationUser;
    row.scopes = scopes({1, 2});
    row.refresh = text(5);
    row.refresh_expires = at(100);
    if (grant == Grant::kRefreshToken) request.refreshed = row;
    if (grant == Grant::kAuthorizationCode) {
      request.code = CodeGrant{client.id, text(6), domain::UserId{9}, scopes({1, 2})};
    }
  }
  ScopeSetId scopes(std::initializer_list<std::uint32_t> numbers) {
    std::vector<ScopeId> all;
    for (const std::uint32_t number : numbers) all.push_back(ScopeId{number});
    return *sets.intern(all);
  }
  Admission ask() {
    if (request.client == nullptr && !is_unknown) request.client = &client;
    return admit(request, supported, sets, now);
  }
  bool is_unknown{false};
};

constexpr std::array kEach{Grant::kClientCredentials, Grant::kPassword, Grant::kRefreshToken,
                           Grant::kAuthorizationCode};

struct Refusal {
  const char* why;
  std::vector<Grant> grants;
  std::function<void(Scene&)> spoil;
  OAuthError error;
};

const std::vector<Grant> kAll{kEach.begin(), kEach.end()};

const std::vector<Refusal> kRefusals{
    {"unknown client", kAll, [](Scene& s) { s.is_unknown = true; }, OAuthError::kInvalidClient},
    {"wrong secret", kAll, [](Scene& s) { s.request.client_proof = Proof::kFailed; }, OAuthError::kInvalidClient},
    {"revoked client", kAll, [](Scene& s) { s.client.state = ClientState::kRevoked; }, OAuthError::kInvalidClient},
    {"inactive client", kAll, [](Scene& s) { s.client.state = ClientState::kInactive; }, OAuthError::kInvalidClient},
    {"a grant the server lacks", kAll, [](Scene& s) { s.supported = {}; }, OAuthError::kUnsupportedGrantType},
    {"a grant the client lacks", kAll, [](Scene& s) { s.client.grants = {}; }, OAuthError::kUnauthorizedClient},
    {"wrong password",
     {Grant::kPassword},
     [](Scene& s) { s.request.user_proof = Proof::kFailed; },
     OAuthError::kInvalidGrant},
    {"unknown refresh token",
     {Grant::kRefreshToken},
     [](Scene& s) { s.request.refreshed.reset(); },
     OAuthError::kInvalidGrant},
    {"another client's refresh token",
     {Grant::kRefreshToken},
     [](Scene& s) { s.request.refreshed->key.client = domain::ClientId{8}; },
     OAuthError::kInvalidGrant},
    {"expired refresh token", {Grant::kRefreshToken}, [](Scene& s) { s.now = at(100); }, OAuthError::kInvalidGrant},
    {"used refresh token",
     {Grant::kRefreshToken},
     [](Scene& s) { s.request.refreshed->state = TokenState::kInactive; },
     OAuthError::kInvalidGrant},
    {"revoked refresh token",
     {Grant::kRefreshToken},
     [](Scene& s) { s.request.refreshed->state = TokenState::kRevoked; },
     OAuthError::kInvalidGrant},
    {"a code that redeeming refused",
     {Grant::kAuthorizationCode},
     [](Scene& s) { s.request.code.reset(); },
     OAuthError::kInvalidGrant},
    {"another client's code",
     {Grant::kAuthorizationCode},
     [](Scene& s) { s.request.code->client = domain::ClientId{8}; },
     OAuthError::kInvalidGrant},
    {"a scope nobody may have", kAll,
     [](Scene& s) {
       s.request.scopes = s.scopes({1, 4});
     },
     OAuthError::kInvalidScope},
    {"a scope beyond the first grant",
     {Grant::kRefreshToken, Grant::kAuthorizationCode},
     [](Scene& s) { s.request.scopes = s.scopes({3}); },
     OAuthError::kInvalidScope},
};

TEST_CASE("each refusal has the error of RFC 6749 section 5.2") {
  for (const Refusal& refusal : kRefusals) {
    for (const Grant grant : refusal.grants) {
      INFO(refusal.why << ", grant " << static_cast<int>(grant));
      Scene scene{grant};
      REQUIRE(scene.ask().error == OAuthError::kNone);
      refusal.spoil(scene);
      if (scene.is_unknown) scene.request.client = nullptr;
      CHECK(scene.ask().error == refusal.error);
    }
  }
}

TEST_CASE("where several things are wrong, the client comes first and the scope last") {
  Scene scene{Grant::kPassword};
  scene.request.scopes = scene.scopes({4});
  CHECK(scene.ask().error == OAuthError::kInvalidScope);
  scene.request.user_proof = Proof::kFailed;
  CHECK(scene.ask().error == OAuthError::kInvalidGrant);
  scene.client.grants = {};
  CHECK(scene.ask().error == OAuthError::kUnauthorizedClient);
  scene.supported = {};
  CHECK(scene.ask().error == OAuthError::kUnsupportedGrantType);
  scene.request.client_proof = Proof::kFailed;
  CHECK(scene.ask().error == OAuthError::kInvalidClient);
}

TEST_CASE("a grant says whose token it is, with which scopes, and whether it can be refreshed") {
  struct Row {
    Grant grant;
    domain::UserId user;
    UserType user_type;
    std::initializer_list<std::uint32_t> unasked;
    bool has_refresh;
  };
  for (const Row& row : {Row{Grant::kClientCredentials, domain::UserId{1}, UserType::kApplication, {1}, false},
                         Row{Grant::kPassword, domain::UserId{9}, UserType::kApplicationUser, {1}, true},
                         Row{Grant::kRefreshToken, domain::UserId{9}, UserType::kApplicationUser, {1, 2}, true},
                         Row{Grant::kAuthorizationCode, domain::UserId{9}, UserType::kApplicationUser, {1, 2}, true}}) {
    Scene scene{row.grant};
    const Admission admission = scene.ask();
    CHECK(admission.key.client == domain::ClientId{7});
    CHECK(admission.key.tenant == domain::TenantId{2});
    CHECK(admission.key.user == row.user);
    CHECK(admission.key.user_type == row.user_type);
    CHECK(admission.scopes == scene.scopes(row.unasked));
    CHECK(admission.key.scope_hash == scene.sets.hash(admission.scopes));
    CHECK(admission.type == TokenType::kJwt);
    CHECK(admission.has_refresh == row.has_refresh);
    scene.request.scopes = scene.scopes({2});
    CHECK(scene.ask().scopes == scene.scopes({2}));
    scene.request.scopes = kNoScopes;
    CHECK(scene.ask().scopes == admission.scopes);
  }
}

TEST_CASE("admitting allocates nothing") {
  Scene scene{Grant::kRefreshToken};
  scene.request.scopes = scene.scopes({2});
  scene.request.client = &scene.client;
  const std::uint64_t before = parallax::testing::allocations();
  const Admission admission = admit(scene.request, kAllGrants, scene.sets, at(10));
  const std::uint64_t after = parallax::testing::allocations();
  CHECK(admission.error == OAuthError::kNone);
  CHECK(after == before);
}

}  // namespace
}  // namespace parallax::logic::tokens
