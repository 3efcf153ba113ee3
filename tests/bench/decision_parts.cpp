// What a decision costs, by size of the catalogue, and its parts: Google Benchmark.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "busy_gateway.h"
#include "models/logic/jwt/encode.h"
#include "models/logic/jwt/verification_cache.h"
#include "tests/models/logic/jwt/openssl_signatures.h"

namespace parallax::bench {
namespace {

// APIs times applications: 10, 10^4, 10^6; and the two catalogues that the bars speak of.
constexpr GatewaySize kSizes[] = {{5, 2, 5, 1'000},
                                  {100, 100, 20, 20'000},
                                  {1'000, 1'000, 100, 200'000},
                                  {200, 500, 20, 20'000},
                                  {2'000, 5'000, 200, 10'000'000}};

// The last gateway is kept: one with 10^7 tokens takes half a minute to build.
BusyGateway& gateway_of(std::int64_t size) {
  static std::int64_t kept_size = -1;
  static std::unique_ptr<BusyGateway> kept;
  if (size != kept_size) {
    kept.reset();
    kept = std::make_unique<BusyGateway>(kSizes[size]);
    kept->draw_requests(BusyGateway::enough_requests(kSizes[size]), 1);
    kept->warm_up();
    kept_size = size;
  }
  return *kept;
}

void label(benchmark::State& state) {
  const GatewaySize& size = kSizes[state.range(0)];
  state.SetLabel(std::to_string(size.apis) + " APIs, " + std::to_string(size.applications * size.subscriptions_each) +
                 " subscriptions, " + std::to_string(size.tokens) + " tokens");
}

void decision_cached(benchmark::State& state) {
  BusyGateway& gateway = gateway_of(state.range(0));
  const auto& requests = gateway.requests();
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(gateway.handle(requests[next]));
    if (++next == requests.size()) next = 0;
  }
  if (gateway.misses() > 0) state.SkipWithError("a token was not cached");
  label(state);
}
BENCHMARK(decision_cached)->DenseRange(0, 4);

// The first decision on each token: validated and put into the cache.
void decision_missed(benchmark::State& state) {
  const GatewaySize& size = kSizes[state.range(0)];
  auto gateway = std::make_unique<BusyGateway>(size);
  gateway->request_each_token_once();
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(gateway->handle(gateway->requests()[next]));
    if (++next < size.tokens) continue;
    next = 0;
    state.PauseTiming();
    gateway->forget_tokens();
    state.ResumeTiming();
  }
  label(state);
}
BENCHMARK(decision_missed)->DenseRange(0, 3);

// 10^6 keys of each level in turn, or one.
void throttle_event(benchmark::State& state) {
  logic::throttling::CounterStore store{{}};
  logic::throttling::Policy policy;
  policy.quota = logic::throttling::requests(1'000'000'000, logic::throttling::fixed_window(sim::minutes(1)));
  for (const auto tier : {domain::TierId{0}, domain::TierId{1}, domain::TierId{2}}) store.set_policy(tier, policy);
  const auto keys = static_cast<std::uint32_t>(state.range(0));
  logic::throttling::CounterStore::Messages messages;
  logic::throttling::ThrottleEvent event;
  event.subject.subscription_tier = domain::TierId{0};
  event.subject.application_tier = domain::TierId{1};
  event.subject.resource_tier = domain::TierId{2};
  std::uint32_t next = 0;
  for (auto _ : state) {
    next = (next + 7'919) % keys;
    event.subject.application = domain::ApplicationId{next};
    event.subject.resource = domain::ResourceId{next};
    event.subject.api = domain::ApiId{next};
    store.count(event, {}, messages);
  }
}
BENCHMARK(throttle_event)->Arg(1)->Arg(10'000)->Arg(1'000'000);

struct Issuer {
  explicit Issuer(logic::jwt::Algorithm algorithm) : key{"key-1", algorithm, signatures.generate(algorithm)} {
    logic::jwt::Claims claims;
    claims.issuer = "https://issuer.example/oauth2/token";
    claims.subject = "someone@carbon.super";
    claims.id = "0cc1d7a1-7a5b-3e46-8a5c-1f1a5f0b7a11";
    claims.client = "Pmj2DSuyyz3Txf_oBVp5PQoTHuoa";
    claims.audience = {claims.client};
    claims.scopes = {"default", "orders:read"};
    claims.key_type = "PRODUCTION";
    claims.issued = kNow;
    claims.expires = kNow + sim::seconds(3'600);
    token = logic::jwt::encode(claims, key, signatures);
    keys.fetched(logic::jwt::IssuerId{0}, {domain::Version::of(1, sim::SiteId{0}), {key}}, kNow);
  }

  static logic::jwt::Policy policy() {
    using logic::jwt::Algorithm;
    logic::jwt::Policy policy;
    policy.issuers = {"https://issuer.example/oauth2/token"};
    policy.algorithms = {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kHs256};
    return policy;
  }

  static constexpr sim::VirtualTime kNow{sim::seconds(1'000'000).ns};
  testing::OpenSslSignatures signatures;
  logic::jwt::SigningKey key;
  logic::jwt::Verifier verifier{policy(), signatures};
  logic::jwt::KeyCache keys{1, {}, {}};
  logic::jwt::Workspace workspace;
  std::string token;
};

void jwt_verified(benchmark::State& state, logic::jwt::Algorithm algorithm) {
  Issuer issuer{algorithm};
  for (auto _ : state) {
    const auto verdict = issuer.verifier.verify(issuer.token, issuer.workspace, issuer.keys, Issuer::kNow);
    if (verdict.validity != logic::jwt::Validity::kValid) state.SkipWithError("refused");
  }
}
BENCHMARK_CAPTURE(jwt_verified, rs256, logic::jwt::Algorithm::kRs256);
BENCHMARK_CAPTURE(jwt_verified, es256, logic::jwt::Algorithm::kEs256);
BENCHMARK_CAPTURE(jwt_verified, hs256, logic::jwt::Algorithm::kHs256);

void jwt_signed(benchmark::State& state, logic::jwt::Algorithm algorithm) {
  Issuer issuer{algorithm};
  const std::string_view input = std::string_view{issuer.token}.substr(0, issuer.token.rfind('.'));
  for (auto _ : state) benchmark::DoNotOptimize(issuer.signatures.sign(issuer.key, input));
}
BENCHMARK_CAPTURE(jwt_signed, rs256, logic::jwt::Algorithm::kRs256);
BENCHMARK_CAPTURE(jwt_signed, es256, logic::jwt::Algorithm::kEs256);
BENCHMARK_CAPTURE(jwt_signed, hs256, logic::jwt::Algorithm::kHs256);

void jwt_cached(benchmark::State& state) {
  Issuer issuer{logic::jwt::Algorithm::kRs256};
  logic::jwt::VerificationCache cache{issuer.verifier, {}, {}};
  const auto resolve = [](const auto&, auto) { return logic::jwt::Principal{}; };
  const auto drop = [](const auto&) {};
  for (auto _ : state) {
    const auto decision = cache.verify(issuer.token, issuer.workspace, issuer.keys, Issuer::kNow, resolve, drop);
    if (decision.verdict.validity != logic::jwt::Validity::kValid) state.SkipWithError("refused");
  }
}
BENCHMARK(jwt_cached);

}  // namespace
}  // namespace parallax::bench

BENCHMARK_MAIN();
