#include "models/runtime/gateway.h"

#include "models/runtime/traffic_manager.h"
#include "models/steering/clients.h"

namespace parallax::runtime {

using domain::ObjectRef;
using domain::Outcome;
using domain::Passage;
using domain::Stage;
using steering::ApiCall;

Gateway::Gateway(sim::Site& site, const sim::Power& power, domain::NodeId node, const std::string& path,
                 const GatewaySpec& spec, const domain::Catalog& catalog, propagation::Database& database,
                 Layers layers)
    : site_{site},
      power_{power},
      node_{node},
      spec_{spec},
      catalog_{catalog},
      database_{database},
      layers_{layers},
      valid_{spec.cache_capacity, spec.cache_ttl},
      invalid_{spec.cache_capacity, spec.cache_ttl},
      quota_{catalog.subscriptions.size()},
      backend_stream_{site.stream(path, "backend")} {
  for (std::size_t api = 0; api < catalog.apis.size(); ++api) {
    deployed_.push_back(database.api(static_cast<domain::ApiId>(api)));
  }
  // Nodes start at different moments, so their sweepers are not in step.
  sim::Stream phases = site.stream(path, "sweep phase");
  sweep_phase_ = sim::Distribution::uniform({}, spec.cache_sweep).sample(phases);
}

void Gateway::start() {
  if (spec_.caching == TokenCaching::kOn && spec_.cache_sweep.ns > 0) {
    site_.after(sweep_phase_, [this] { sweep(); });
  }
}

void Gateway::call(const ApiCall& call) {
  if (spec_.decision_time.ns == 0) return handle(call);
  site_.after(spec_.decision_time, [this, call, life = power_.life()] {
    if (!power_.outlived(life)) handle(call);
  });
}

void Gateway::handle(const ApiCall& call) {
  if (deployed_[domain::index(call.api)].standing != domain::Standing::kActive) return decide(call, {});
  if (spec_.caching == TokenCaching::kOn) {
    const logic::CacheKey key{static_cast<std::uint32_t>(call.token), static_cast<std::uint32_t>(call.api)};
    if (const auto* entry = valid_.find(key)) return decide(call, entry->value.validation);
    if (const auto* entry = invalid_.find(key)) return decide(call, entry->value.validation);
  }
  validate(site_, call);
}

// A miss asks the database; concurrent misses of one key each ask for themselves.
sim::Process Gateway::validate(sim::Site& site, ApiCall call) {
  const std::uint32_t life = power_.life();
  co_await site.delay(database_.access_time());
  const sim::VirtualTime read = site.now();
  const Validation validation = look_up(call);
  co_await site.delay(database_.access_time());
  if (power_.outlived(life)) co_return;
  if (spec_.caching == TokenCaching::kOn) remember(call, validation, read);
  decide(call, validation);
}

Gateway::Validation Gateway::look_up(const ApiCall& call) const {
  Validation validation{database_.token(call.token), domain::kNoSubscription, {}};
  if (validation.token.standing == domain::Standing::kAbsent) return validation;
  validation.subscription = catalog_.subscription(validation.token.application, call.api);
  validation.subscription_facts = database_.subscription(validation.subscription);
  return validation;
}

void Gateway::remember(const ApiCall& call, const Validation& validation, sim::VirtualTime read) {
  const sim::VirtualTime now = site_.now();
  const logic::CacheKey key{static_cast<std::uint32_t>(call.token), static_cast<std::uint32_t>(call.api)};
  const bool is_valid = logic::is_valid(validation.token, now);
  // Of two answers under way for one key the later one counts: a key is in one of the caches, never in both. The
  // entry that it replaces stood here until the read that came for it.
  const Cache::Entry* replaced = valid_.find(key);
  if (replaced == nullptr) replaced = invalid_.find(key);
  const sim::RecordId cause = replaced == nullptr ? sim::RecordId{} : replaced->value.put;
  const Passage passage{replaced == nullptr ? Stage::kNone : Stage::kTokenCacheTtl, Stage::kDatabaseRead, read};
  domain::EntryPut entry{layers_.token_cache, ObjectRef::of(call.token), key.variant, validation.token.version,
                         passage};
  if (validation.subscription != domain::kNoSubscription) {
    entry.companion = {ObjectRef::of(validation.subscription), validation.subscription_facts.version};
  }
  const sim::RecordId put = site_.record(entry.pack(), cause);
  (is_valid ? invalid_ : valid_).forget(key);
  (is_valid ? valid_ : invalid_).put(key, {validation, put}, now, [this](const Cache::Entry& evicted) {
    record_drop(evicted, evicted.value.put, {Stage::kNone, Stage::kTokenCacheTtl, evicted.written});
  });
  if (spec_.cache_sweep.ns == 0) sweep_when_due();
}

void Gateway::decide(const ApiCall& call, const Validation& validation) {
  const logic::ApiFacts& api = deployed_[domain::index(call.api)];
  Outcome outcome = logic::authorise(api, validation.token, validation.subscription_facts, site_.now());
  if (outcome == Outcome::kAdmitted && !within_quota(validation.subscription)) outcome = Outcome::kQuotaExceeded;
  site_.record(domain::RequestDecided{node_, call.token, call.api, validation.subscription, validation.token.version,
                                      api.version, validation.subscription_facts.version, outcome}
                   .pack());
  answer(call, outcome);
}

// Refused requests are not counted; an admitted one is published to every traffic manager it is configured with.
bool Gateway::within_quota(domain::SubscriptionId subscription) {
  if (!catalog_.tier_of(subscription).limit) return true;
  const sim::VirtualTime now = site_.now();
  if (quota_.is_throttled(subscription, now)) return false;
  for (const Counter& counter : counters_) {
    if (counter.delay.ns == 0) {
      counter.manager->count(subscription, now);
    } else {
      site_.after(counter.delay, [manager = counter.manager, subscription, now] { manager->count(subscription, now); });
    }
  }
  return true;
}

// The answer leaves when the backend has done its part. If no failure is due until then it is on its way already.
void Gateway::answer(const ApiCall& call, Outcome outcome) {
  const sim::Duration backend = outcome == Outcome::kAdmitted ? spec_.backend.sample(backend_stream_) : sim::Duration{};
  const sim::VirtualTime ready = site_.now() + backend;
  const sim::SiteId caller = call.caller->site().id();
  const auto deliver = [call, outcome] { call.caller->answered(call, outcome); };
  if (backend.ns == 0 || power_.lasts_beyond(ready)) return site_.send_at(ready, caller, deliver);
  site_.at(ready, [this, call, outcome, life = power_.life()] {
    if (power_.outlived(life)) return;
    site_.send(call.caller->site().id(), [call, outcome] { call.caller->answered(call, outcome); });
  });
}

void Gateway::forget_token(domain::TokenId token, sim::RecordId cause, const Passage& passage) {
  const auto drop = [&](const Cache::Entry& entry) { record_drop(entry, cause, passage); };
  valid_.erase_object(static_cast<std::uint32_t>(token), drop);
  invalid_.erase_object(static_cast<std::uint32_t>(token), drop);
}

sim::RecordId Gateway::deploy(domain::ApiId api, const logic::ApiFacts& facts, sim::RecordId cause,
                              const Passage& passage) {
  deployed_[domain::index(api)] = facts;
  return site_.record(domain::EntryPut{layers_.artifacts, ObjectRef::of(api), 0, facts.version, passage}.pack(), cause);
}

void Gateway::lose_memory(sim::RecordId cause) {
  const auto lose = [&](const Cache::Entry& entry) {
    record_drop(entry, cause, {Stage::kNone, Stage::kSiteDown, site_.now()});
  };
  valid_.clear(lose);
  invalid_.clear(lose);
  quota_ = logic::QuotaDecisions{catalog_.subscriptions.size()};
}

void Gateway::sweep() {
  const auto drop = [this](Cache& cache) {
    cache.sweep(site_.now(), [&](const Cache::Entry& entry) {
      record_drop(entry, entry.value.put, {Stage::kTokenCacheTtl, Stage::kCacheSweep, cache.due(entry)});
    });
  };
  drop(valid_);
  drop(invalid_);
  if (spec_.cache_sweep.ns > 0) site_.after(spec_.cache_sweep, [this] { sweep(); });
}

// Without a sweeper's period, the next sweep is the instant at which the next entry is due.
void Gateway::sweep_when_due() {
  if (sweep_scheduled_) return;
  sim::VirtualTime next = sim::kNever;
  for (const Cache* cache : {&valid_, &invalid_}) {
    if (const auto* oldest = cache->oldest()) next = std::min(next, cache->due(*oldest));
  }
  if (next == sim::kNever) return;
  sweep_scheduled_ = true;
  site_.at(next, [this] {
    sweep_scheduled_ = false;
    sweep();
    sweep_when_due();
  });
}

void Gateway::record_drop(const Cache::Entry& entry, sim::RecordId cause, const Passage& passage) {
  domain::EntryDropped dropped{layers_.token_cache, ObjectRef::of(domain::TokenId{entry.key.object}), entry.key.variant,
                               passage};
  const domain::SubscriptionId subscription = entry.value.validation.subscription;
  if (subscription != domain::kNoSubscription) dropped.companion = ObjectRef::of(subscription);
  site_.record(dropped.pack(), cause);
}

}  // namespace parallax::runtime
