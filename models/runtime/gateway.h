// A gateway: hosts the decision logic in virtual time. It asks the site's database where the pipeline cannot decide by
// itself, tells traffic managers what passed, hears from them, answers, and journals what it holds. What it has in
// memory is gone when its site loses power; what was under way then is never answered.
//
// Opaque tokens are asked about and their answers cached, by itself or with others (shared_tokens.h); signed ones are
// decided upon by what it has in memory (gateway_memory.h).
//
// A call comes with ids instead of a path and a token's text: what a path matches is a function of the path and of what
// is deployed. Each API has one resource, of the same number.
//
// With workers (workers.h) a call waits for one and takes it for a service time before anything else; who is refused
// there is answered as unavailable, and nothing has been decided. The time of the backend is not theirs.
//
// Its node's clock (clock.h) tells it whether a token has expired and whether a throttle decision still holds, and
// dates the events that it publishes: carbon-apimgt compares exp and the expiryTimeStamp of decisions with the
// gateway's System.currentTimeMillis(). Where it asks about an opaque token, the clock of the key manager that answers
// is read.
//
// Stages: token_cache_ttl [0, ttl], cache_sweep [0, sweep interval], database_read as the access to the database says.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/logic/gateway/pipeline.h"
#include "models/propagation/access/database_access.h"
#include "models/propagation/artifacts.h"
#include "models/propagation/load_meter.h"
#include "models/runtime/clock.h"
#include "models/runtime/decision_event.h"
#include "models/runtime/gateway_memory.h"
#include "models/runtime/shared_tokens.h"
#include "models/runtime/spec.h"
#include "models/runtime/validation.h"
#include "models/runtime/workers.h"
#include "models/steering/call.h"
#include "sim/distribution.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class CountingWays;
class TrafficManager;

class Gateway : public propagation::Deployer {
 public:
  struct Layers {
    domain::LayerId token_cache;  ///< of signed tokens: the revocations that it has heard of
    domain::LayerId artifacts;
    domain::LayerId subscriptions;  ///< with signed tokens
  };

  Gateway(sim::Site& site, const sim::Power& power, Clock& clock, domain::NodeId node, const std::string& path,
          const GatewaySpec& spec, propagation::DatabaseAccess& access, Layers layers);

  /// The clock of the key manager that it asks. Before the run.
  Clock& validator_clock() { return validator_clock_; }

  /// Where admitted requests are counted, each after its own delay. Before the run.
  void publish_events_to(TrafficManager& manager, sim::Duration delay) { counters_.push_back({&manager, delay}); }

  /// The same at other sites. Before the run.
  void publish_events_over(CountingWays& ways) { ways_ = &ways; }
  /// Its cache of tokens is one with those of a cluster's other gateways. Before the run. Requires: opaque tokens.
  void share_tokens(propagation::caches::CacheCluster& cluster, propagation::caches::MemberId member,
                    const SharedTokensSpec& spec, const AnswersBooks& books);

  /// Its questions about tokens take workers of these. Before the run.
  void ask_validators(Validators validators) { validators_ = std::make_unique<Validators>(std::move(validators)); }
  /// Its questions about tokens are counted by that of the site; null: by that of the site where they are asked. Before
  /// the run.
  void measure_by(propagation::LoadMeter* meter) { meter_ = meter; }

  void start();
  /// Closes the books of the cache that it shares. Once, at the end of the run.
  void close() {
    if (shared_) shared_->close();
  }
  /// The same of its workers.
  void close_workers() {
    if (workers_) workers_->close();
  }

  domain::NodeId node() const { return node_; }

  /// Counts what it decides from now on, by API. Before the run.
  void count_decisions() { decided_.resize(catalog_.apis.size()); }

  /// How many requests for each API it has decided since the run began, whatever became of its memory: each is an event
  /// that it has published. Empty if it does not count.
  const std::vector<std::uint64_t>& decided() const { return decided_; }

  void call(const steering::ApiCall& call);

  /// Null where there is no limit.
  const Workers<steering::ApiCall>* workers() const { return workers_.get(); }

  /// Removes what it has cached about a token, or refuses it from now on.
  void hear(const Revocation& revoked, sim::RecordId cause, const domain::Passage& passage);

  /// A subscription is so now. Gateways of opaque tokens ask for themselves.
  void hear(domain::SubscriptionId id, const logic::gateway::SubscriptionFacts& facts, sim::RecordId cause,
            const domain::Passage& passage);

  /// It decides by what it has loaded.
  bool has_memory() const { return memory_ != nullptr; }
  /// Requires: has_memory().
  void load(const StartupData& data, sim::RecordId cause, const domain::Passage& passage);
  /// Asks for all of it again. Nothing for a gateway without memory.
  void load_again() {
    if (memory_) ask_for_all(site_);
  }

  /// Serves this version of an API from now on. Returns the record.
  sim::RecordId deploy(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause,
                       const domain::Passage& passage) override;
  void undeploy(domain::ApiId api, sim::RecordId cause, const domain::Passage& passage) override;
  /// Some of the files of a version are there, and what was there before is overwritten: calls fail until it is
  /// deployed.
  void deploy_half(domain::ApiId api);
  const domain::Catalog& catalog() const { return catalog_; }
  domain::Version deployed(domain::ApiId api) const override { return pipeline_.deployed(api).version; }
  bool serves(domain::ApiId api) const { return pipeline_.deployed(api).standing == domain::Standing::kActive; }

  /// The site has lost power: caches and throttle decisions are gone. Deployed files stay on disk.
  void lose_memory(sim::RecordId cause);
  /// The files too: whoever starts it brings them again.
  void lose_configuration(sim::RecordId cause);

  /// A traffic manager's decision.
  void hear(const logic::throttling::DecisionMessage& message) {
    if (!power_.is_on()) return;
    power_.standstill().run([this, message] { pipeline_.limits().decisions.apply(message); });
  }
  void hear(const DecisionEvent& event) { hear(event.decision(catalog_)); }

 private:
  using Entry = logic::gateway::TokenCaches::Entry;
  struct Counter {
    TrafficManager* manager;
    sim::Duration delay;
  };

  /// What the database says of a call, and when.
  struct Rows {
    logic::gateway::TokenFacts token;
    logic::gateway::ApiFacts api;
    logic::gateway::SubscriptionFacts subscription;
    domain::SubscriptionId subscription_id{domain::kNoSubscription};
    sim::VirtualTime read;
  };

  static Rows rows_of(domain::TokenId token, domain::ApiId api, const propagation::Database& there);
  void begin(const steering::ApiCall& call);
  void refuse(const steering::ApiCall& call);
  void handle(const steering::ApiCall& call);
  logic::gateway::Call as_seen(const steering::ApiCall& call) const;
  void look_up(const steering::ApiCall& call);
  sim::Process look_up_in_map(sim::Site& site, steering::ApiCall call);
  sim::Process validate(sim::Site& site, steering::ApiCall call);
  sim::Process share(sim::Site& site, steering::ApiCall call, logic::gateway::Validation validation,
                     sim::VirtualTime read);
  sim::Process pull(sim::Site& site, steering::ApiCall call);
  sim::Process ask_for_all(sim::Site& site);
  logic::gateway::Validation judge(const Rows& rows);
  void remember(const steering::ApiCall& call, const logic::gateway::Validation& validation, sim::VirtualTime read);
  void conclude(const steering::ApiCall& call, const logic::gateway::Decision& decision);
  void publish(domain::SubscriptionId subscription);
  void answer(const steering::ApiCall& call, domain::Outcome outcome);
  void pass_on(const steering::ApiCall& call, domain::Outcome outcome);
  sim::Duration sweep_interval() const { return spec_.pipeline.cache.sweep_interval; }
  void sweep();
  void sweep_when_due();
  void record_drop(const Entry& entry, sim::RecordId cause, const domain::Passage& passage);

  sim::Site& site_;
  const sim::Power& power_;
  Clock& clock_;
  Clock validator_clock_;
  domain::NodeId node_;
  std::string path_;
  GatewaySpec spec_;
  const domain::Catalog& catalog_;
  propagation::DatabaseAccess& access_;
  Layers layers_;
  logic::tokens::ScopeSets scope_sets_;
  logic::gateway::Pipeline pipeline_;
  std::unique_ptr<GatewayMemory> memory_;
  std::unique_ptr<SharedTokens> shared_;
  std::unique_ptr<Workers<steering::ApiCall>> workers_;
  std::unique_ptr<Validators> validators_;
  propagation::LoadMeter* meter_{nullptr};
  std::vector<Counter> counters_;
  CountingWays* ways_{nullptr};
  std::vector<std::uint64_t> decided_;
  std::vector<bool> half_deployed_;  ///< by API; empty: none
  sim::Stream backend_stream_;
  sim::Duration sweep_phase_;
  bool sweep_scheduled_{false};
};

}  // namespace parallax::runtime
