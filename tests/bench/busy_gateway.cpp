#include "busy_gateway.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>
#include <stdexcept>

#include "sim/random.h"

namespace parallax::bench {

namespace {

using domain::ApiId;
using domain::ApplicationId;
using domain::ResourceId;
using domain::Standing;
using domain::TierId;
using domain::Version;
using logic::gateway::Call;
using logic::gateway::Decision;
using logic::gateway::Step;
using logic::routing::Verb;

constexpr TierId kGold{0}, kApplicationTier{1}, kResourceTier{2};
constexpr Version kVersion = Version::of(1, sim::SiteId{0});
constexpr sim::VirtualTime kStart{sim::seconds(1'000'000).ns};
constexpr sim::VirtualTime kExpires = kStart + sim::seconds(3'600);

struct Shape {
  const char* uri_template;
  Verb verb;
  const char* example;
};
constexpr Shape kShapes[] = {{"/items", Verb::kGet, "/items"},
                             {"/items", Verb::kPost, "/items"},
                             {"/items/{id}", Verb::kGet, "/items/4711"},
                             {"/items/{id}/parts/{part}", Verb::kGet, "/items/4711/parts/9"},
                             {"/docs/*", Verb::kGet, "/docs/guide/start.html"}};
constexpr std::uint32_t kResourcesEach = std::size(kShapes);
constexpr std::uint32_t kBatch = 200;  // as the publisher's

const Shape& shape_of(ResourceId resource) { return kShapes[domain::index(resource) % kResourcesEach]; }

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
  return x ^ x >> 31;
}

// Opaque tokens are random UUIDs.
template <typename Out>
void write_token(Out out, std::uint32_t token) {
  const std::uint64_t high = mixed(token), low = mixed(high + token);
  fmt::format_to(out, "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xffff, low >> 48,
                 low & 0xffff'ffff'ffff);
}

}  // namespace

BusyGateway::BusyGateway(const GatewaySize& size)
    : size_{size},
      pipeline_{[&] {
                  logic::gateway::PipelineOptions options;
                  options.cache.capacity = size.tokens + 1;
                  options.resource_cache.capacity = std::size_t{size.apis} * kResourcesEach + 1;
                  return options;
                }(),
                scope_sets_},
      publisher_{{{{{logic::throttling::StoreId{0}}}}}, kStart},
      now_{kStart} {
  add_apis();
  add_subscriptions();
  set_policies();
}

void BusyGateway::add_apis() {
  for (std::uint32_t api = 0; api < size_.apis; ++api) {
    logic::routing::ApiRoutes routes{ApiId{api}, fmt::format("/api{}", api), "1.0.0", {}, {}};
    for (std::uint32_t shape = 0; shape < kResourcesEach; ++shape) {
      const ResourceId resource{api * kResourcesEach + shape};
      routes.resources.push_back({kShapes[shape].uri_template, kShapes[shape].verb, resource});
      pipeline_.deploy(resource, {kVersion, Standing::kActive, logic::tokens::kNoScopes, kResourceTier});
    }
    routes_.add(routes);
    pipeline_.deploy(ApiId{api}, {kVersion, Standing::kActive});
    pipeline_.configuration().tell(ApiId{api}, {kVersion, Standing::kActive});
  }
}

// Application a subscribes to APIs a, a + stride, a + 2 stride ...
ApiId BusyGateway::subscribed(std::uint32_t application, std::uint32_t nth) const {
  const std::uint32_t stride = size_.apis / size_.subscriptions_each;
  return ApiId{(application + nth * stride) % size_.apis};
}

void BusyGateway::add_subscriptions() {
  logic::gateway::Configuration& known = pipeline_.configuration();
  for (std::uint32_t application = 0; application < size_.applications; ++application) {
    known.tell(ApplicationId{application}, {kVersion, Standing::kActive, kApplicationTier});
    known.tell(domain::ClientId{application}, {kVersion, Standing::kActive, ApplicationId{application}});
    for (std::uint32_t nth = 0; nth < size_.subscriptions_each; ++nth) {
      known.tell(
          ApplicationId{application}, subscribed(application, nth),
          {domain::SubscriptionId{application * size_.subscriptions_each + nth}, {kVersion, Standing::kActive, kGold}});
    }
  }
}

// Every level has a policy and some of its keys are throttled, so that no check is skipped for want of work.
void BusyGateway::set_policies() {
  logic::throttling::Limits& limits = pipeline_.limits();
  logic::throttling::Policy policy;
  policy.quota = logic::throttling::requests(1'000'000'000, logic::throttling::fixed_window(sim::minutes(1)));
  policy.burst = {1'000'000'000, sim::seconds(60)};
  for (const TierId tier : {kGold, kApplicationTier, kResourceTier}) limits.policies.set(tier, policy);
  const auto throttled = [&](logic::throttling::ThrottleKey key) { limits.decisions.apply({key, kExpires, true}); };
  using logic::throttling::ThrottleKey;
  for (std::uint32_t other = 1; other <= 100; ++other) {
    throttled(ThrottleKey::subscription(ApplicationId{size_.applications + other}, ApiId{other}, kGold));
    throttled(ThrottleKey::application(ApplicationId{size_.applications + other}, domain::kNoUser));
    throttled(ThrottleKey::resource(ResourceId{size_.apis * kResourcesEach + other}, 0));
  }
}

BusyGateway::Use BusyGateway::use_of(std::uint32_t token) const {
  const std::uint64_t drawn = mixed(token + 0x1000'0000'0000ULL);
  const ApiId api =
      subscribed(token % size_.applications, static_cast<std::uint32_t>(drawn % size_.subscriptions_each));
  const auto shape = static_cast<std::uint32_t>(drawn >> 32) % kResourcesEach;
  return {api, ResourceId{static_cast<std::uint32_t>(api) * kResourcesEach + shape}};
}

std::size_t BusyGateway::enough_requests(const GatewaySize& size) {
  return std::min<std::size_t>(std::size_t{4} * size.tokens, 1 << 22);
}

void BusyGateway::draw_requests(std::size_t count, std::uint64_t seed) {
  sim::Stream stream{seed, "busy gateway", "requests"};
  std::vector<std::uint32_t> tokens(count);
  for (std::uint32_t& token : tokens) token = static_cast<std::uint32_t>(stream.below(size_.tokens));
  write_requests(tokens);
}

void BusyGateway::request_each_token_once() {
  std::vector<std::uint32_t> tokens(size_.tokens);
  std::iota(tokens.begin(), tokens.end(), 0U);
  write_requests(tokens);
}

void BusyGateway::write_requests(const std::vector<std::uint32_t>& tokens) {
  std::vector<std::size_t> ends;  // of targets and authorizations in turn
  for (const std::uint32_t token : tokens) {
    const Use use = use_of(token);
    const auto out = std::back_inserter(text_);
    fmt::format_to(out, "/api{}/1.0.0{}", domain::index(use.api), shape_of(use.resource).example);
    ends.push_back(text_.size());
    fmt::format_to(out, "Bearer ");
    write_token(out, token);
    ends.push_back(text_.size());
  }
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const char* text = text_.data();
    const std::size_t middle = ends[2 * i], end = ends[2 * i + 1];
    const bool is_post = shape_of(use_of(tokens[i]).resource).verb == Verb::kPost;
    requests_.push_back(
        {is_post ? "POST" : "GET", {text + begin, middle - begin}, {text + middle, end - middle}, tokens[i]});
    begin = end;
  }
}

logic::gateway::Validation BusyGateway::validate(ApiId api, std::uint32_t token) const {
  const logic::gateway::Configuration& known = pipeline_.configuration();
  const ApplicationId application{token % size_.applications};
  const auto subscribed_to = known.subscription(application, api);
  return logic::gateway::validate({pipeline_.deployed(api),
                                   {kVersion, Standing::kActive, kExpires, application, domain::kNoUser},
                                   known.key(domain::ClientId{token % size_.applications}),
                                   known.application(application),
                                   subscribed_to.facts},
                                  subscribed_to.id, {kVersion, Standing::kActive}, scope_sets_, now_);
}

void BusyGateway::warm_up() {
  fmt::memory_buffer text;
  for (std::uint32_t token = 0; token < size_.tokens; ++token) {
    const Use use = use_of(token);
    text.clear();
    write_token(std::back_inserter(text), token);
    Call call;
    call.resource = use.resource;
    pipeline_.token_caches().remember(
        {logic::caches::digest({text.data(), text.size()}, secret_), logic::gateway::cache_variant(call)},
        {validate(use.api, token)}, now_, [](const auto&) {});
  }
}

domain::Outcome BusyGateway::handle(const TextRequest& request) {
  now_ = now_ + sim::microseconds(1);
  logic::gateway::Request seen;
  seen.head.method = request.method;
  seen.head.target = request.target;
  seen.authorization = request.authorization;
  const Call call = logic::gateway::read(seen, routes_, cors_, secret_).call;
  const Step step = pipeline_.decide(call, now_);
  const Decision decision =
      step.next == Step::Next::kDecided ? step.decision : validate_and_resume(call, request.token);
  if (decision.is_counted) publish();
  admitted_ += decision.outcome == domain::Outcome::kAdmitted;
  return decision.outcome;
}

Decision BusyGateway::validate_and_resume(const Call& call, std::uint32_t token) {
  ++misses_;
  const logic::gateway::Validation validation = validate(call.api, token);
  pipeline_.token_caches().remember({call.credential.id, logic::gateway::cache_variant(call)}, {validation}, now_,
                                    [](const auto&) {});
  return pipeline_.resume(call, validation, now_);
}

// A batch that is full goes out; nobody counts here (the counter store has a benchmark of its own).
void BusyGateway::publish() {
  publisher_.put(pipeline_.event());
  if (++unsent_ < kBatch) return;
  unsent_ = 0;
  publisher_.drain([](auto, auto) { return logic::throttling::Sent::kYes; });
}

double cached_decision_ns(const GatewaySize& size, std::size_t decisions) {
  BusyGateway gateway{size};
  gateway.draw_requests(BusyGateway::enough_requests(size), 1);
  gateway.warm_up();
  const auto& requests = gateway.requests();
  std::size_t next = 0;  // the second run goes on where the first ended
  const auto run = [&] {
    for (std::size_t i = 0; i < decisions; ++i) {
      gateway.handle(requests[next]);
      if (++next == requests.size()) next = 0;
    }
  };
  run();
  const auto start = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
  if (gateway.misses() > 0 || gateway.admitted() != 2 * decisions) throw std::runtime_error("not what was measured");
  return elapsed.count() / static_cast<double>(decisions);
}

}  // namespace parallax::bench
