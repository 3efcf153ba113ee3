// A gateway: deployed APIs, a cache of validated tokens in front of the site's database, what traffic managers have
// told it. It decides, tells the traffic managers and answers. What it has in memory is gone when its site loses power;
// what was under way then is never answered.
//
// Stages: token_cache_ttl [0, ttl], cache_sweep [0, sweep interval], database_read [access time, same].
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/logic/caches/expiring_cache.h"
#include "models/logic/gateway/authorise.h"
#include "models/logic/throttling/quota_counter.h"
#include "models/propagation/artifacts.h"
#include "models/propagation/database.h"
#include "models/steering/call.h"
#include "sim/distribution.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::runtime {

class TrafficManager;

enum class TokenCaching : std::uint8_t { kOff, kOn };

struct GatewaySpec {
  TokenCaching caching{TokenCaching::kOn};
  sim::Duration cache_ttl{};
  sim::Duration cache_sweep{};  ///< 0: entries go the instant they are due
  std::size_t cache_capacity{10'000};
  sim::Duration decision_time{};
  sim::Distribution backend;
};

class Gateway : public propagation::Deployer {
 public:
  struct Layers {
    domain::LayerId token_cache;
    domain::LayerId artifacts;
  };

  Gateway(sim::Site& site, const sim::Power& power, domain::NodeId node, const std::string& path,
          const GatewaySpec& spec, const domain::Catalog& catalog, propagation::Database& database, Layers layers);

  /// Where admitted requests are counted, each after its own delay. Before the run.
  void publish_events_to(TrafficManager& manager, sim::Duration delay) { counters_.push_back({&manager, delay}); }

  void start();

  void call(const steering::ApiCall& call);

  /// Removes what it has cached about a token.
  void forget_token(domain::TokenId token, sim::RecordId cause, const domain::Passage& passage);

  /// Serves this version of an API from now on. Returns the record.
  sim::RecordId deploy(domain::ApiId api, const logic::ApiFacts& facts, sim::RecordId cause,
                       const domain::Passage& passage) override;
  domain::Version deployed(domain::ApiId api) const override { return deployed_[domain::index(api)].version; }

  /// The site has lost power: caches and throttle decisions are gone. Deployed files stay on disk.
  void lose_memory(sim::RecordId cause);

  // Decisions of its traffic manager.
  void throttle(domain::SubscriptionId key, sim::VirtualTime until) { quota_.throttle(key, until); }
  void lift(domain::SubscriptionId key) { quota_.lift(key); }

 private:
  struct Validation {
    logic::TokenFacts token;
    domain::SubscriptionId subscription{domain::kNoSubscription};
    logic::SubscriptionFacts subscription_facts;
  };
  struct CachedValidation {
    Validation validation;
    sim::RecordId put;
  };
  struct Counter {
    TrafficManager* manager;
    sim::Duration delay;
  };
  using Cache = logic::ExpiringCache<CachedValidation>;

  void handle(const steering::ApiCall& call);
  sim::Process validate(sim::Site& site, steering::ApiCall call);
  Validation look_up(const steering::ApiCall& call) const;
  void remember(const steering::ApiCall& call, const Validation& validation, sim::VirtualTime read);
  void decide(const steering::ApiCall& call, const Validation& validation);
  bool within_quota(domain::SubscriptionId subscription);
  void answer(const steering::ApiCall& call, domain::Outcome outcome);
  void sweep();
  void sweep_when_due();
  void record_drop(const Cache::Entry& entry, sim::RecordId cause, const domain::Passage& passage);

  sim::Site& site_;
  const sim::Power& power_;
  domain::NodeId node_;
  GatewaySpec spec_;
  const domain::Catalog& catalog_;
  propagation::Database& database_;
  Layers layers_;
  std::vector<logic::ApiFacts> deployed_;  ///< by API
  // Valid and refused tokens have caches of their own, so that junk cannot push out good entries.
  Cache valid_;
  Cache invalid_;
  logic::QuotaDecisions quota_;
  std::vector<Counter> counters_;
  sim::Stream backend_stream_;
  sim::Duration sweep_phase_;
  bool sweep_scheduled_{false};
};

}  // namespace parallax::runtime
