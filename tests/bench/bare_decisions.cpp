#include "bare_decisions.h"

#include <chrono>
#include <optional>

#include "models/logic/caches/expiring_cache.h"
#include "models/logic/gateway/authorise.h"
#include "models/logic/throttling/quota_counter.h"

namespace parallax::bench {

namespace {

using domain::Outcome;

struct Validation {
  logic::TokenFacts token;
  domain::SubscriptionId subscription{domain::kNoSubscription};
  logic::SubscriptionFacts subscription_facts;
};

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
      subscriptions.push_back({domain::initial_version(one.initially), one.initially});
    }
  }

  Validation look_up(const CallLog::Call& call) const {
    Validation validation{tokens[domain::index(call.token)], domain::kNoSubscription, {}};
    if (validation.token.standing == domain::Standing::kAbsent) return validation;
    validation.subscription = catalog.subscription(validation.token.application, call.api);
    if (validation.subscription != domain::kNoSubscription) {
      validation.subscription_facts = subscriptions[domain::index(validation.subscription)];
    }
    return validation;
  }

  const domain::Catalog& catalog;
  std::vector<logic::TokenFacts> tokens;
  std::vector<logic::ApiFacts> apis;
  std::vector<logic::SubscriptionFacts> subscriptions;
};

class Node {
 public:
  Node(const Tables& tables, const runtime::GatewaySpec& spec)
      : tables_{tables},
        cache_{spec.cache_capacity, spec.cache_ttl},
        sweep_interval_{spec.cache_sweep},
        quota_{tables.subscriptions.size()},
        counter_{tables.subscriptions.size()} {}

  Outcome decide(const CallLog::Call& call) {
    sweep(call.time);
    const Validation validation = validate(call);
    const Outcome outcome = logic::authorise(tables_.apis[domain::index(call.api)], validation.token,
                                             validation.subscription_facts, call.time);
    if (outcome != Outcome::kAdmitted) return outcome;
    return within_quota(validation.subscription, call.time) ? outcome : Outcome::kQuotaExceeded;
  }

 private:
  Validation validate(const CallLog::Call& call) {
    const logic::CacheKey key{static_cast<std::uint32_t>(call.token), static_cast<std::uint32_t>(call.api)};
    if (const auto* entry = cache_.find(key)) return entry->value;
    const Validation validation = tables_.look_up(call);
    cache_.put(key, validation, call.time, [](const auto&) {});
    return validation;
  }

  bool within_quota(domain::SubscriptionId subscription, sim::VirtualTime now) {
    const auto& limit = tables_.catalog.tier_of(subscription).limit;
    if (!limit) return true;
    if (quota_.is_throttled(subscription, now)) return false;
    if (const auto decision = counter_.count(subscription, *limit, now, now)) {
      quota_.throttle(subscription, decision->until);
    }
    return true;
  }

  void sweep(sim::VirtualTime now) {
    if (now < next_sweep_) return;
    cache_.sweep(now, [](const auto&) {});
    next_sweep_ = now + sweep_interval_;
  }

  const Tables& tables_;
  logic::ExpiringCache<Validation> cache_;
  sim::Duration sweep_interval_;
  sim::VirtualTime next_sweep_;
  logic::QuotaDecisions quota_;
  logic::QuotaCounter counter_;
};

}  // namespace

BareOutcome decide_bare(const CallLog& log, const world::WorldConfig& config, const domain::Catalog& catalog) {
  const Tables tables{catalog, log.issued};
  std::vector<Node> nodes;
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
