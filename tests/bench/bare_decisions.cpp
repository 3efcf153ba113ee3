#include "bare_decisions.h"

#include <chrono>
#include <deque>
#include <optional>

#include "models/logic/gateway/pipeline.h"
#include "models/logic/throttling/counter_store.h"

namespace parallax::bench {

namespace {

using domain::Outcome;
using logic::gateway::AccessFacts;
using logic::gateway::Call;
using logic::gateway::Decision;
using logic::gateway::Step;

/// What every node looks up on a cache miss.
struct Tables {
  Tables(const domain::Catalog& of, const std::vector<domain::ChangeAcknowledged>& issued) : catalog{of} {
    for (const auto& token : catalog.tokens) {
      tokens.push_back({domain::initial_version(domain::Standing::kActive), domain::Standing::kActive, token.expires,
                        token.application});
    }
    for (const auto& change : issued) {
      if (change.object.id() >= tokens.size()) tokens.resize(change.object.id() + 1);
      tokens[change.object.id()] = {change.version, domain::Standing::kActive, change.expires, change.application};
    }
    for (const auto& api : catalog.apis) apis.push_back({domain::initial_version(api.initially), api.initially});
    for (const auto& one : catalog.subscriptions) {
      subscriptions.push_back({domain::initial_version(one.initially), one.initially, one.tier});
    }
  }

  logic::gateway::Validation look_up(const CallLog::Call& call) const {
    AccessFacts facts =
        logic::gateway::with_standing_keys(apis[domain::index(call.api)], tokens[domain::index(call.token)], {});
    domain::SubscriptionId subscription = domain::kNoSubscription;
    if (facts.token.standing != domain::Standing::kAbsent) {
      subscription = catalog.subscription(facts.token.application, call.api);
    }
    if (subscription != domain::kNoSubscription) facts.subscription = subscriptions[domain::index(subscription)];
    return logic::gateway::validate(facts, subscription, {}, scope_sets, call.time);
  }

  const domain::Catalog& catalog;
  logic::tokens::ScopeSets scope_sets;
  std::vector<logic::gateway::TokenFacts> tokens;
  std::vector<logic::gateway::ApiFacts> apis;
  std::vector<logic::gateway::SubscriptionFacts> subscriptions;
};

class Node {
 public:
  Node(const Tables& tables, const runtime::GatewaySpec& spec)
      : tables_{tables}, pipeline_{spec.pipeline, tables.scope_sets}, counters_{{}} {
    for (std::size_t api = 0; api < tables.apis.size(); ++api) {
      pipeline_.deploy(static_cast<domain::ApiId>(api), tables.apis[api]);
      pipeline_.deploy(static_cast<domain::ResourceId>(api),
                       logic::gateway::ResourceFacts{{}, domain::Standing::kActive});
    }
    for (std::size_t tier = 0; tier < tables.catalog.tiers.size(); ++tier) {
      const std::optional<domain::Limit>& limit = tables.catalog.tiers[tier].limit;
      if (!limit) continue;
      logic::throttling::Policy policy;
      policy.quota = logic::throttling::requests(limit->requests, logic::throttling::fixed_window(limit->window));
      counters_.set_policy(static_cast<domain::TierId>(tier), policy);
    }
  }

  Outcome decide(const CallLog::Call& logged) {
    sweep(logged.time);
    const Call call = as_seen(logged);
    const Decision decision = decide(call, logged);
    if (decision.is_counted && tables_.catalog.tier_of(decision.subscription).limit) count(call, decision, logged.time);
    return decision.outcome;
  }

 private:
  static Call as_seen(const CallLog::Call& logged) {
    Call call;
    call.routed = Outcome::kAdmitted;
    call.api = logged.api;
    call.resource = static_cast<domain::ResourceId>(logged.api);
    call.credential.kind = logic::gateway::Credential::Kind::kOpaque;
    call.credential.id = {0, domain::index(logged.token)};
    return call;
  }

  Decision decide(const Call& call, const CallLog::Call& logged) {
    const Step step = pipeline_.decide(call, logged.time);
    if (step.next == Step::Next::kDecided) return step.decision;
    const logic::gateway::Validation validation = tables_.look_up(logged);
    pipeline_.token_caches().remember({call.credential.id, cache_variant(call)}, {validation}, logged.time,
                                      [](const auto&) {});
    return pipeline_.resume(call, validation, logged.time);
  }

  void count(const Call& call, const Decision& decision, sim::VirtualTime now) {
    logic::throttling::ThrottleEvent event;
    event.subject.subscription = decision.subscription;
    event.subject.application = decision.application;
    event.subject.api = call.api;
    event.subject.subscription_tier = tables_.catalog.subscriptions[domain::index(decision.subscription)].tier;
    event.at = now;
    counters_.count(event, now, messages_);
    for (const auto& message : messages_) pipeline_.limits().decisions.apply(message);
    messages_.clear();
  }

  void sweep(sim::VirtualTime now) {
    if (now < next_sweep_) return;
    pipeline_.token_caches().sweep(now, [](const auto&) {});
    next_sweep_ = now + pipeline_.options().cache.sweep_interval;
  }

  const Tables& tables_;
  logic::gateway::Pipeline pipeline_;
  logic::throttling::CounterStore counters_;
  logic::throttling::CounterStore::Messages messages_;
  sim::VirtualTime next_sweep_;
};

}  // namespace

BareOutcome decide_bare(const CallLog& log, const world::WorldConfig& config, const domain::Catalog& catalog) {
  const Tables tables{catalog, log.issued};
  std::deque<Node> nodes;
  for (const world::SiteConfig& site : config.sites) {
    for (std::size_t i = 0; i < site.nodes.size(); ++i) nodes.emplace_back(tables, site.node.gateway);
  }
  BareOutcome outcome;
  const auto start = std::chrono::steady_clock::now();
  for (const CallLog::Call& call : log.calls) {
    outcome.admitted += nodes[domain::index(call.node)].decide(call) == Outcome::kAdmitted;
    ++outcome.decisions;
  }
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace parallax::bench
