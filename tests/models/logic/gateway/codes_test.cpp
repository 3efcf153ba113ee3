// Every row of the table of codes: a gateway, a call, and what it must answer. The rows are named as in the table.
#include "models/logic/gateway/codes.h"

#include <catch2/catch.hpp>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "models/logic/gateway/backend.h"
#include "under_test.h"

namespace parallax::logic::gateway {
namespace {

using namespace testing;
using domain::Outcome;
using domain::Standing;

struct Row {
  std::string situation;
  domain::Answer expected;
  std::function<domain::Answer(UnderTest&)> act;
  PipelineOptions options{};
};

domain::Answer answer(const Decision& decision) { return decision.answer; }

template <typename Change>
auto with_facts(Change change) {
  return [change](UnderTest& gateway) {
    AccessFacts facts = gateway.facts();
    change(facts);
    return answer(gateway.decide(gateway.opaque(), facts));
  };
}

auto routed_to(Outcome outcome) {
  return [outcome](UnderTest& gateway) {
    Call call = gateway.opaque();
    call.routed = outcome;
    return answer(gateway.decide(call));
  };
}

auto throttled(throttling::ThrottleKey key) {
  return [key](UnderTest& gateway) {
    gateway.pipeline.limits().decisions.apply({key, kNow + sim::seconds(30), true});
    return answer(gateway.decide(gateway.opaque()));
  };
}

throttling::Policy limited_to(std::uint64_t requests, std::uint32_t burst = 0) {
  throttling::Policy policy;
  policy.quota = throttling::requests(requests, throttling::fixed_window(sim::minutes(1)));
  policy.burst = {burst, sim::seconds(1)};
  return policy;
}

// The second of two calls within a second, where one is allowed.
auto second_call(domain::TierId tier) {
  return [tier](UnderTest& gateway) {
    gateway.pipeline.limits().policies.set(tier, limited_to(1'000, 1));
    REQUIRE(answer(gateway.decide(gateway.opaque())) == domain::Answer{200, 0});
    return answer(gateway.decide(gateway.opaque()));
  };
}

auto backend(Connection connection, sim::Duration needed) {
  return [=](UnderTest& gateway) {
    REQUIRE(gateway.decide(gateway.opaque()).outcome == Outcome::kAdmitted);
    return answer_of(backend_outcome(connection, needed, {}), gateway.pipeline.options().codes);
  };
}

PipelineOptions expired_with_own_code() {
  PipelineOptions options;
  options.codes.expired = CodeOptions::Expired::kOwnCode;
  return options;
}

PipelineOptions blocked_as_documented() {
  PipelineOptions options;
  options.codes.blocked_request_status = 429;
  return options;
}

domain::Answer block_user(UnderTest& gateway) {
  gateway.pipeline.limits().blocking.set(kUser, throttling::Switch::kOn);
  return answer(gateway.decide(gateway.opaque()));
}

domain::Answer without_key_manager(UnderTest& gateway) {
  REQUIRE(gateway.pipeline.decide(gateway.opaque(), kNow).next == Step::Next::kValidateKey);
  return answer(gateway.pipeline.resume_without_answer(gateway.opaque()));
}

domain::Answer with_other_tier(UnderTest& gateway, domain::TierId api, domain::TierId resource,
                               throttling::ThrottleKey key) {
  gateway.pipeline.deploy(kPizza, {kVersion, Standing::kActive, api});
  gateway.pipeline.deploy(kMenu, {kVersion, Standing::kActive, tokens::kNoScopes, resource});
  for (const domain::TierId tier : {kApiTier, kResourceTier}) {
    gateway.pipeline.limits().policies.set(tier, limited_to(1'000));
  }
  return throttled(key)(gateway);
}

std::vector<Row> rows() {
  using throttling::ThrottleKey;
  const auto expired = with_facts([](AccessFacts& f) { f.token.expires = kNow; });
  return {
      {"everything in order", {200, 0}, [](UnderTest& g) { return answer(g.decide(g.opaque())); }},
      {"context unknown (API not deployed yet)",
       {404, 404},
       [](UnderTest& g) {
         g.pipeline.deploy(kPizza, ApiFacts{});
         return answer(g.decide(g.opaque()));
       }},
      {"context unknown (no route)", {404, 404}, routed_to(Outcome::kApiUnknown)},
      {"context known, path unknown", {404, 404}, routed_to(Outcome::kResourceUnknown)},
      {"context known, verb unknown", {405, 405}, routed_to(Outcome::kVerbUnknown)},
      {"same, CORS handler absent", {403, 900906}, routed_to(Outcome::kResourceForbidden)},
      {"preflight ends at the CORS handler", {200, 0}, routed_to(Outcome::kPreflight)},
      {"API lifecycle BLOCKED",
       {503, 700700},
       [](UnderTest& g) {
         g.pipeline.deploy(kPizza, {kVersion, Standing::kBlocked});
         return answer(g.decide(g.opaque()));
       }},
      {"invalid token", {401, 900901}, with_facts([](AccessFacts& f) { f.token.standing = Standing::kAbsent; })},
      {"revoked token", {401, 900901}, with_facts([](AccessFacts& f) { f.token.standing = Standing::kBlocked; })},
      {"JWT found bad",
       {401, 900901},
       [](UnderTest& g) {
         Call call = g.opaque();
         call.credential.kind = Credential::Kind::kRefused;
         return answer(g.decide(call));
       }},
      {"no credentials", {401, 900902}, [](UnderTest& g) { return answer(g.decide(g.anonymous())); }},
      {"expired, as documented", {401, 900901}, expired},
      {"expired, with its own code", {401, 900903}, expired, expired_with_own_code()},
      {"subscription blocked", {401, 900907}, with_facts([](AccessFacts& f) {
         f.subscription.standing = Standing::kBlocked;
       })},
      {"subscription on hold", {401, 900909}, with_facts([](AccessFacts& f) {
         f.subscription.standing = Standing::kOnHold;
       })},
      {"subscription rejected", {401, 900909}, with_facts([](AccessFacts& f) {
         f.subscription.standing = Standing::kRejected;
       })},
      {"API missing in key validation", {403, 900908}, with_facts([](AccessFacts& f) {
         f.api.standing = Standing::kAbsent;
       })},
      {"application missing", {403, 900908}, with_facts([](AccessFacts& f) {
         f.application.standing = Standing::kAbsent;
       })},
      {"key mapping missing", {403, 900908}, with_facts([](AccessFacts& f) { f.key.standing = Standing::kAbsent; })},
      {"subscription missing", {403, 900908}, with_facts([](AccessFacts& f) {
         f.subscription.standing = Standing::kAbsent;
       })},
      {"scope missing",
       {403, 900910},
       [](UnderTest& g) {
         AccessFacts facts = g.facts();
         facts.token.scopes = tokens::kNoScopes;
         return answer(g.decide(g.opaque(kOrder), facts));
       }},
      {"key validation unreachable", {500, 900900}, without_key_manager},
      {"API quota",
       {429, 900800},
       [](UnderTest& g) { return with_other_tier(g, kApiTier, kResourceTier, ThrottleKey::api(kPizza, 0)); }},
      {"resource quota",
       {429, 900802},
       [](UnderTest& g) {
         return with_other_tier(g, domain::kUnlimited, kResourceTier, ThrottleKey::resource(kMenu, 0));
       }},
      {"application quota", {429, 900803}, throttled(ThrottleKey::application(kApplication, kUser))},
      {"subscription quota", {429, 900804}, throttled(ThrottleKey::subscription(kApplication, kPizza, kGold))},
      {"custom policy",
       {429, 900806},
       [](UnderTest& g) {
         const throttling::KeyTemplate each_user{throttling::TemplateId{1}, {throttling::Variable::kUserId}};
         g.pipeline.limits().templates.add(each_user);
         throttling::Subject subject;
         subject.user = kUser;
         return throttled(throttling::expand(each_user, subject, {}))(g);
       }},
      {"subscription burst", {429, 900807}, second_call(kGold)},
      {"application burst", {429, 900809}, second_call(kApplicationTier)},
      {"blocking condition, as in the code", {403, 900805}, block_user},
      {"blocking condition, as documented", {429, 900805}, block_user, blocked_as_documented()},
      {"backend hard limit",
       {503, 900801},
       [](UnderTest& g) {
         g.pipeline.limits().hard_limits.set(kPizza, throttling::KeyType::kProduction, {1, sim::milliseconds(1'000)});
         REQUIRE(answer(g.decide(g.opaque())) == domain::Answer{200, 0});
         return answer(g.decide(g.opaque()));
       }},
      {"backend connect fail", {503, 101503}, backend(Connection::kRefused, {})},
      {"backend timeout", {504, 101504}, backend(Connection::kMade, sim::seconds(120))},
      {"backend in time", {200, 0}, backend(Connection::kMade, sim::seconds(120) - sim::nanoseconds(1))},
  };
}

TEST_CASE("every row of the table of codes is reached by a call") {
  for (const Row& row : rows()) {
    INFO(row.situation);
    UnderTest gateway{row.options};
    const domain::Answer got = row.act(gateway);
    CHECK(got.http == row.expected.http);
    CHECK(got.code == row.expected.code);
  }
}

TEST_CASE("the rows reach every outcome that a gateway has") {
  std::set<std::uint32_t> reached;
  for (const Row& row : rows()) reached.insert(row.expected.code * 1'000 + row.expected.http);
  for (const Outcome outcome : domain::kOutcomes) {
    if (outcome == Outcome::kUnavailable) continue;  // a load balancer's
    INFO(domain::name_of(outcome));
    const domain::Answer answer = domain::answer_of(outcome);
    CHECK(reached.contains(answer.code * 1'000 + answer.http));
  }
}

// GatewayUtils: 500 for 900900, 403 for 900906, 900908 and 900910, 401 for every other code of authentication.
TEST_CASE("statuses follow the codes of authentication") {
  for (const Outcome outcome : domain::kOutcomes) {
    const domain::Answer answer = domain::answer_of(outcome);
    if (answer.code < 900900 || answer.code > 900914) continue;
    const bool is_forbidden = answer.code == 900906 || answer.code == 900908 || answer.code == 900910;
    CHECK(answer.http == (answer.code == 900900 ? 500 : is_forbidden ? 403 : 401));
  }
}

TEST_CASE("an API's own endpoint time-out ends the wait if it is the shortest") {
  const BackendTimeouts own{sim::seconds(120), sim::seconds(180), sim::seconds(30)};
  CHECK(own.least() == sim::seconds(30));
  CHECK(backend_outcome(Connection::kMade, sim::seconds(30), own) == Outcome::kBackendTimeout);
  CHECK((BackendTimeouts{sim::seconds(120), sim::seconds(180), sim::seconds(600)}).least() == sim::seconds(120));
}

}  // namespace
}  // namespace parallax::logic::gateway
