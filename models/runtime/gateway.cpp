#include "models/runtime/gateway.h"

#include "models/runtime/counting.h"
#include "models/runtime/traffic_manager.h"
#include "models/steering/clients.h"

namespace parallax::runtime {

using domain::ObjectRef;
using domain::Outcome;
using domain::Passage;
using domain::Stage;
using logic::gateway::AccessFacts;
using logic::gateway::Decision;
using logic::gateway::Step;
using logic::gateway::Validation;
using steering::ApiCall;
using Key = logic::gateway::TokenCaches::Key;

namespace {

// Resources are there from the start and stay, and ask for no scope.
constexpr logic::gateway::ResourceFacts kResource{{}, domain::Standing::kActive};

// A token's number is as good as a digest of its text here.
logic::caches::Digest id_of(domain::TokenId token) { return {0, domain::index(token)}; }

// A token that is refused everywhere is so whatever it was subscribed to.
bool speaks_of_subscription(const Key& place, const Validation& validation) {
  return place.variant != logic::gateway::TokenCaches::kEverywhere &&
         validation.subscription != domain::kNoSubscription;
}

Key key_of(domain::TokenId token, const logic::gateway::Call& seen) {
  return {id_of(token), logic::gateway::cache_variant(seen)};
}

}  // namespace

Gateway::Gateway(sim::Site& site, const sim::Power& power, Clock& clock, domain::NodeId node, const std::string& path,
                 const GatewaySpec& spec, propagation::DatabaseAccess& access, Layers layers)
    : site_{site},
      power_{power},
      clock_{clock},
      validator_clock_{site},
      node_{node},
      path_{path},
      spec_{spec},
      catalog_{access.catalog()},
      access_{access},
      layers_{layers},
      pipeline_{spec.pipeline, scope_sets_},
      backend_stream_{site.stream(path, "backend")} {
  for (std::size_t api = 0; api < catalog_.apis.size(); ++api) {
    pipeline_.deploy(static_cast<domain::ApiId>(api), access.database().api(static_cast<domain::ApiId>(api)));
    pipeline_.deploy(static_cast<domain::ResourceId>(api), kResource);
  }
  if (spec.tokens == logic::tokens::TokenType::kJwt) {
    memory_ = std::make_unique<GatewayMemory>(site, catalog_, pipeline_,
                                              GatewayMemory::Layers{layers.token_cache, layers.subscriptions});
  }
  if (spec.workers) {
    workers_ = std::make_unique<Workers<ApiCall>>(
        site, power, path, "workers", *spec.workers, [this](const ApiCall& call) { begin(call); },
        [this](const ApiCall& call) { refuse(call); });
    workers_->write_books(node, domain::WorkersRole::kGateway);
  }
  // Nodes start at different moments, so their sweepers are not in step.
  sim::Stream phases = site.stream(path, "sweep phase");
  sweep_phase_ = sim::Distribution::uniform({}, sweep_interval()).sample(phases);
}

void Gateway::share_tokens(propagation::caches::CacheCluster& cluster, propagation::caches::MemberId member,
                           const SharedTokensSpec& spec, const AnswersBooks& books) {
  const SharedTokens::Place place{site_, path_, layers_.token_cache, cluster, member};
  shared_ = std::make_unique<SharedTokens>(place, spec_.pipeline.cache, spec, books);
}

void Gateway::start() {
  if (shared_) return shared_->start();
  if (spec_.pipeline.caching == logic::gateway::TokenCaching::kOn && sweep_interval().ns > 0) {
    site_.after(sweep_phase_, [this] { sweep(); });
  }
}

void Gateway::call(const ApiCall& call) {
  if (workers_) return workers_->enter(call);
  begin(call);
}

void Gateway::refuse(const ApiCall& call) {
  site_.send(call.caller->site().id(), [call] { call.caller->answered(call, Outcome::kUnavailable); });
}

void Gateway::begin(const ApiCall& call) {
  if (spec_.decision_time.ns == 0) return handle(call);
  site_.after(spec_.decision_time, [this, call, life = power_.life()] {
    if (!power_.outlived(life)) handle(call);
  });
}

void Gateway::handle(const ApiCall& call) {
  if (power_.standstill().is_on()) return power_.standstill().keep([this, call] { handle(call); });
  if (!half_deployed_.empty() && half_deployed_[domain::index(call.api)]) {
    Decision half;
    half.outcome = Outcome::kBackendUnreachable;
    half.api_version = deployed(call.api);
    return conclude(call, half);
  }
  const Step step = pipeline_.decide(as_seen(call), clock_.now());
  if (step.next == Step::Next::kDecided) return conclude(call, step.decision);
  if (step.next == Step::Next::kPullConfiguration) {
    pull(site_, call);
  } else if (shared_) {
    look_up(call);
  } else {
    validate(site_, call);
  }
}

void Gateway::look_up(const ApiCall& call) {
  const logic::gateway::Call seen = as_seen(call);
  const Validation* known = shared_->find(call.token, logic::gateway::cache_variant(seen));
  if (known != nullptr) {
    shared_->hit();
    return conclude(call, pipeline_.resume(seen, *known, clock_.now()));
  }
  if (shared_->has_map()) {
    look_up_in_map(site_, call);
  } else {
    validate(site_, call);
  }
}

// Where the map keeps silent until the call's time-out it is not asked again.
sim::Process Gateway::look_up_in_map(sim::Site& site, ApiCall call) {
  using propagation::caches::Answer;
  using propagation::caches::CallEnd;
  const std::uint32_t life = power_.life();
  const sim::VirtualTime since = site.now();
  for (const auto& place : SharedTokens::places_of(call.token, logic::gateway::cache_variant(as_seen(call)))) {
    const Answer answer = co_await shared_->fetch(place);
    co_await power_.standstill().over();
    if (power_.outlived(life)) co_return;
    shared_->waited_since(since);
    if (answer.copy) {
      shared_->hit();
      co_return conclude(call, pipeline_.resume(as_seen(call), shared_->answer(*answer.copy), clock_.now()));
    }
    if (answer.end == CallEnd::kTimedOut) break;
  }
  validate(site, call);
}

// A signature is as good as its issuer here: what it costs to verify is part of the decision time.
logic::gateway::Call Gateway::as_seen(const ApiCall& call) const {
  logic::gateway::Call seen;
  seen.routed = Outcome::kAdmitted;
  seen.api = call.api;
  seen.resource = static_cast<domain::ResourceId>(call.api);
  logic::gateway::Credential& credential = seen.credential;
  credential.id = id_of(call.token);
  credential.kind = logic::gateway::Credential::Kind::kOpaque;
  if (!memory_) return seen;
  credential.kind = logic::gateway::Credential::Kind::kSigned;
  credential.client = static_cast<domain::ClientId>(call.claims.application);
  credential.facts = {call.claims.issued, domain::Standing::kActive, call.claims.expires, call.claims.application};
  return seen;
}

// Something is missing altogether: if the database has it, it is there from now on.
sim::Process Gateway::pull(sim::Site&, ApiCall call) {
  const std::uint32_t life = power_.life();
  const domain::SubscriptionId id = catalog_.subscription(call.claims.application, call.api);
  struct Answer {
    logic::gateway::SubscriptionFacts facts;
    sim::VirtualTime read;
  };
  const auto answer = co_await access_.read([id](propagation::Database& there) {
    return id == domain::kNoSubscription ? Answer{{}, there.now()} : Answer{there.subscription(id), there.now()};
  });
  co_await power_.standstill().over();
  if (power_.outlived(life)) co_return;
  if (answer && id != domain::kNoSubscription) {
    memory_->hear(id, answer->facts, {}, {Stage::kNone, Stage::kDatabaseRead, answer->read});
  }
  conclude(call, pipeline_.resume_after_pull(as_seen(call), clock_.now()));
}

sim::Process Gateway::ask_for_all(sim::Site&) {
  const std::uint32_t life = power_.life();
  const auto data = co_await access_.read([](propagation::Database& there) { return read_startup_data(there); });
  co_await power_.standstill().over();
  if (!data || power_.outlived(life)) co_return;
  load(*data, {}, {Stage::kNone, Stage::kDatabaseRead, data->read});
}

// A miss asks the database; concurrent misses of one key each ask for themselves. What cannot be asked for is not
// remembered.
sim::Process Gateway::validate(sim::Site&, ApiCall call) {
  const std::uint32_t life = power_.life();
  if (shared_) shared_->asked();
  if (meter_ != nullptr) meter_->validation();
  if (validators_) {
    const ValidationTurn::End end = co_await ValidationTurn{validators_->next()};
    if (power_.outlived(life)) co_return;
    if (end == ValidationTurn::End::kUnheard) co_return refuse(call);
  }
  const auto rows = co_await access_.read(
      [token = call.token, api = call.api, is_counted = meter_ != nullptr](propagation::Database& there) {
        if (!is_counted && there.meter() != nullptr) there.meter()->validation();
        return rows_of(token, api, there);
      });
  co_await power_.standstill().over();
  if (power_.outlived(life)) co_return;
  if (!rows) co_return conclude(call, pipeline_.resume_without_answer(as_seen(call)));
  const Validation validation = judge(*rows);
  if (shared_) {
    share(site_, call, validation, rows->read);
    co_return;
  }
  if (spec_.pipeline.caching == logic::gateway::TokenCaching::kOn) remember(call, validation, rows->read);
  conclude(call, pipeline_.resume(as_seen(call), validation, clock_.now()));
}

// The call goes on when its answer is in the map, as carbon-kernel's put returns then; without a map at once.
sim::Process Gateway::share(sim::Site&, ApiCall call, Validation validation, sim::VirtualTime read) {
  const std::uint32_t life = power_.life();
  SharedTokens::Storing storing =
      shared_->store(call.token, logic::gateway::cache_variant(as_seen(call)), validation, read);
  co_await storing.in_map;
  co_await power_.standstill().over();
  if (power_.outlived(life)) co_return;
  shared_->stored(storing);
  conclude(call, pipeline_.resume(as_seen(call), validation, clock_.now()));
}

Gateway::Rows Gateway::rows_of(domain::TokenId token, domain::ApiId api, const propagation::Database& there) {
  Rows rows{there.token(token), there.api(api), {}, domain::kNoSubscription, there.now()};
  if (rows.token.standing != domain::Standing::kAbsent) {
    rows.subscription_id = there.catalog().subscription(rows.token.application, api);
    rows.subscription = there.subscription(rows.subscription_id);
  }
  return rows;
}

Validation Gateway::judge(const Rows& rows) {
  const AccessFacts facts = logic::gateway::with_standing_keys(rows.api, rows.token, rows.subscription);
  return logic::gateway::validate(facts, rows.subscription_id, kResource, scope_sets_, validator_clock_.at(rows.read));
}

void Gateway::remember(const ApiCall& call, const Validation& validation, sim::VirtualTime read) {
  logic::gateway::TokenCaches& cached = pipeline_.token_caches();
  const Key key = key_of(call.token, as_seen(call));
  const Key place = logic::gateway::TokenCaches::place_of(key, validation);
  // Of two answers under way for one key the later one counts. The entry that it replaces stood here until the read
  // that came for it.
  const auto* replaced = cached.at(key);
  if (replaced == nullptr) replaced = cached.at(place);
  const sim::RecordId cause = replaced == nullptr ? sim::RecordId{} : sim::RecordId{replaced->note};
  const Passage passage{replaced == nullptr ? Stage::kNone : Stage::kTokenCacheTtl, Stage::kDatabaseRead, read};
  domain::EntryPut entry{layers_.token_cache, ObjectRef::of(call.token), place.variant, validation.token.version,
                         passage};
  if (speaks_of_subscription(place, validation)) {
    entry.companion = {ObjectRef::of(validation.subscription), validation.subscription_facts.version};
  }
  const sim::RecordId put = site_.record(entry.pack(), cause);
  const auto evict = [this](const Entry& evicted) {
    record_drop(evicted, sim::RecordId{evicted.value.note}, {Stage::kNone, Stage::kTokenCacheTtl, evicted.written});
  };
  const auto contradict = [&](const Entry& old) {
    record_drop(old, sim::RecordId{old.value.note}, {Stage::kTokenCacheTtl, Stage::kDatabaseRead, read});
  };
  cached.remember(key, {validation, put.packed}, site_.now(), evict, contradict);
  if (sweep_interval().ns == 0) sweep_when_due();
}

void Gateway::conclude(const ApiCall& call, const Decision& decision) {
  site_.record(domain::RequestDecided{node_, call.token, call.api, decision.subscription, decision.token_version,
                                      decision.api_version, decision.subscription_version, decision.outcome}
                   .pack());
  if (!decided_.empty()) ++decided_[domain::index(call.api)];
  if (decision.is_counted && catalog_.tier_of(decision.subscription).limit) publish(decision.subscription);
  answer(call, decision.outcome);
}

// To every traffic manager that it is configured with, dated by its own clock.
void Gateway::publish(domain::SubscriptionId subscription) {
  if (ways_ != nullptr) ways_->publish(subscription, clock_.ahead());
  const sim::VirtualTime now = clock_.now();
  for (const Counter& counter : counters_) {
    if (counter.delay.ns == 0) {
      counter.manager->count(subscription, now);
    } else {
      site_.after(counter.delay, [manager = counter.manager, subscription, now] { manager->count(subscription, now); });
    }
  }
}

// The answer leaves when the backend has done its part. If no failure is due until then it is on its way already.
void Gateway::answer(const ApiCall& call, Outcome outcome) {
  const sim::Duration backend = outcome == Outcome::kAdmitted ? spec_.backend.sample(backend_stream_) : sim::Duration{};
  const sim::VirtualTime ready = site_.now() + backend;
  const sim::SiteId caller = call.caller->site().id();
  const auto deliver = [call, outcome] { call.caller->answered(call, outcome); };
  if (backend.ns == 0 || power_.lasts_beyond(ready)) return site_.send_at(ready, caller, deliver);
  site_.at(ready, [this, call, outcome, life = power_.life()] {
    if (!power_.outlived(life)) pass_on(call, outcome);
  });
}

void Gateway::pass_on(const ApiCall& call, Outcome outcome) {
  if (power_.standstill().is_on()) {
    return power_.standstill().keep([this, call, outcome] { pass_on(call, outcome); });
  }
  site_.send(call.caller->site().id(), [call, outcome] { call.caller->answered(call, outcome); });
}

// From brokers nothing comes while the node stands still; from its cluster it may.
void Gateway::hear(const Revocation& revoked, sim::RecordId cause, const Passage& passage) {
  if (!power_.is_on()) return;
  if (power_.standstill().is_on()) {
    return power_.standstill().keep([this, revoked, cause, passage] { hear(revoked, cause, passage); });
  }
  if (memory_) return memory_->hear(revoked, cause, passage);
  if (shared_) return shared_->revoke(revoked.token, revoked.version, cause, passage);
  pipeline_.token_caches().forget(id_of(revoked.token),
                                  [&](const Entry& entry) { record_drop(entry, cause, passage); });
}

void Gateway::hear(domain::SubscriptionId id, const logic::gateway::SubscriptionFacts& facts, sim::RecordId cause,
                   const Passage& passage) {
  if (memory_ && power_.is_on()) memory_->hear(id, facts, cause, passage);
}

void Gateway::load(const StartupData& data, sim::RecordId cause, const Passage& passage) {
  memory_->load(data, cause, passage);
}

sim::RecordId Gateway::deploy(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause,
                              const Passage& passage) {
  pipeline_.deploy(api, facts);
  if (!half_deployed_.empty()) half_deployed_[domain::index(api)] = false;
  if (memory_) pipeline_.configuration().tell(api, facts);
  return site_.record(domain::EntryPut{layers_.artifacts, ObjectRef::of(api), 0, facts.version, passage}.pack(), cause);
}

void Gateway::undeploy(domain::ApiId api, sim::RecordId cause, const Passage& passage) {
  pipeline_.deploy(api, logic::gateway::ApiFacts{});
  site_.record(domain::EntryDropped{layers_.artifacts, ObjectRef::of(api), 0, passage}.pack(), cause);
}

void Gateway::lose_memory(sim::RecordId cause) {
  if (workers_) workers_->lose();
  if (shared_) shared_->lose_memory(cause);
  pipeline_.token_caches().clear([&](const Entry& entry) {
    record_drop(entry, cause, {Stage::kNone, Stage::kSiteDown, site_.now()});
  });
  if (memory_) memory_->lose(cause);
  pipeline_.restart();
}

void Gateway::deploy_half(domain::ApiId api) {
  half_deployed_.resize(catalog_.apis.size());
  half_deployed_[domain::index(api)] = true;
}

void Gateway::lose_configuration(sim::RecordId cause) {
  for (std::size_t i = 0; i < catalog_.apis.size(); ++i) {
    const auto api = static_cast<domain::ApiId>(i);
    if (serves(api)) undeploy(api, cause, {Stage::kNone, Stage::kSiteDown, site_.now()});
  }
}

void Gateway::sweep() {
  logic::gateway::TokenCaches& cached = pipeline_.token_caches();
  cached.sweep(site_.now(), [&](const Entry& entry) {
    record_drop(entry, sim::RecordId{entry.value.note}, {Stage::kTokenCacheTtl, Stage::kCacheSweep, cached.due(entry)});
  });
  if (sweep_interval().ns > 0) site_.after(sweep_interval(), [this] { sweep(); });
}

// Without a sweeper's period, the next sweep is the instant at which the next entry is due.
void Gateway::sweep_when_due() {
  if (sweep_scheduled_) return;
  const std::optional<sim::VirtualTime> next = pipeline_.token_caches().next_due();
  if (!next) return;
  sweep_scheduled_ = true;
  site_.at(*next, [this] {
    sweep_scheduled_ = false;
    sweep();
    sweep_when_due();
  });
}

void Gateway::record_drop(const Entry& entry, sim::RecordId cause, const Passage& passage) {
  const auto token = static_cast<domain::TokenId>(entry.key.object.low);
  domain::EntryDropped dropped{layers_.token_cache, ObjectRef::of(token), entry.key.variant, passage};
  const Validation& validation = entry.value.validation;
  if (speaks_of_subscription(entry.key, validation)) dropped.companion = ObjectRef::of(validation.subscription);
  site_.record(dropped.pack(), cause);
}

}  // namespace parallax::runtime
