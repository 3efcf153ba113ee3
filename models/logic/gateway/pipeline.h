// A gateway's pipeline: from a call and what this gateway knows at `now` to a decision, in the order of carbon-apimgt's
// handlers: CORS and routing (done when the call was read), API status, authentication, limits.
//
// It asks nobody. Where it cannot decide by itself it says what it needs; the host asks, and comes back with the answer
// at whatever later instant that arrives.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/logic/gateway/authorise.h"
#include "models/logic/gateway/call.h"
#include "models/logic/gateway/codes.h"
#include "models/logic/gateway/configuration.h"
#include "models/logic/gateway/decision.h"
#include "models/logic/gateway/resource_cache.h"
#include "models/logic/gateway/token_caches.h"
#include "models/logic/throttling/check.h"
#include "models/logic/throttling/event_ring.h"
#include "models/logic/tokens/revoked_map.h"

namespace parallax::logic::gateway {

enum class TokenCaching : std::uint8_t { kOff, kOn };
enum class OnMiss : std::uint8_t { kRefuse, kPull };

struct PipelineOptions {
  TokenCaching caching{TokenCaching::kOn};  ///< carbon-apimgt core.default.json: gateway token cache on
  TokenCacheOptions cache{};
  ResourceCacheOptions resource_cache{};
  CodeOptions codes{};
  sim::Duration skew{};           ///< by which a token outlives its expiry
  OnMiss on_miss{OnMiss::kPull};  ///< of an API, key, application or subscription that nobody has told of
  sim::Duration pull_interval{sim::seconds(1)};  ///< between pulls for one client and API; 0: with every call
  domain::TierId unauthenticated_tier{domain::kUnlimited};  ///< of calls to resources that ask for no token
  tokens::RevokedMap::Options revoked{};
  throttling::LimitOptions limits{};
};

/// What came of a call.
struct Step {
  enum class Next : std::uint8_t {
    kDecided,
    kVerifyToken,        ///< verify the JWT, put what came of it into the call, decide again
    kValidateKey,        ///< ask a key manager about the token, then resume
    kPullConfiguration,  ///< ask for what was missed, tell the configuration, then resume
  };
  Next next{Next::kDecided};
  Decision decision{};  ///< of kDecided
};

class Pipeline {
 public:
  /// `scope_sets` outlives this, and so does `shared`, which is null if no limit is counted with other gateways.
  Pipeline(const PipelineOptions& options, const tokens::ScopeSets& scope_sets,
           throttling::SharedCounter* shared = nullptr)
      : options_{options},
        scope_sets_{scope_sets},
        shared_{shared},
        token_caches_{options.cache},
        resource_cache_{options.resource_cache},
        pulled_{kPullsRemembered, std::max(options.pull_interval, sim::nanoseconds(1))},
        revoked_{options.revoked},
        limits_{options.limits, shared} {}

  Step decide(const Call& call, sim::VirtualTime now);

  /// With a key manager's answer, or one that was cached.
  Decision resume(const Call& call, const Validation& validation, sim::VirtualTime now);

  /// After a pull that may have brought nothing: what is missing now is missing.
  Decision resume_after_pull(const Call& call, sim::VirtualTime now);

  /// Whoever would know cannot be asked.
  Decision resume_without_answer(const Call& call) const;

  /// Serves these facts from now on, older or not: an artifact replaces the one before it.
  void deploy(domain::ApiId api, const ApiFacts& facts);
  void deploy(domain::ResourceId resource, const ResourceFacts& facts);

  /// What is served of an API; absent if it is not deployed.
  const ApiFacts& deployed(domain::ApiId api) const;

  /// What counter stores are to hear of the last call, if its decision is counted; and what its limits said beside the
  /// outcome. Valid until the next call.
  const throttling::ThrottleEvent& event() const { return event_; }
  const throttling::CheckResult& limit_result() const { return limit_result_; }

  /// All that is in memory is gone; deployed artifacts stay.
  void restart();

  /// Drops what is too old. For hosts that need not know of each entry; every TokenCacheOptions::sweep_interval.
  void keep_house(sim::VirtualTime now);

  Configuration& configuration() { return configuration_; }
  const Configuration& configuration() const { return configuration_; }
  TokenCaches& token_caches() { return token_caches_; }
  ResourceCache& resource_cache() { return resource_cache_; }
  tokens::RevokedMap& revoked() { return revoked_; }
  throttling::Limits& limits() { return limits_; }
  const PipelineOptions& options() const { return options_; }

 private:
  domain::Outcome screen(const Call& call) const;
  Step decide_opaque(const Call& call, const ResourceFacts& resource, sim::VirtualTime now);
  Step decide_signed(const Call& call, const ResourceFacts& resource, sim::VirtualTime now, OnMiss on_miss);
  Decision conclude(const Call& call, const Validation& validation, const ResourceFacts& resource,
                    sim::VirtualTime now);
  Validation nobody() const;
  bool may_pull(const Call& call, sim::VirtualTime now);
  domain::SubscriptionId collect(const Call& call, AccessFacts& facts) const;
  ResourceFacts resource_of(const Call& call, sim::VirtualTime now);
  Decision pass_limits(const Call& call, const Validation& validation, const ResourceFacts& resource,
                       sim::VirtualTime now);
  throttling::Subject subject_of(const Call& call, const Validation& validation, const ResourceFacts& resource) const;
  Decision refuse(const Call& call, domain::Outcome outcome) const;
  Decision decision_on(const Call& call, const Validation& validation, domain::Outcome outcome) const;

  PipelineOptions options_;
  struct Pulled {};
  static constexpr std::size_t kPullsRemembered = 10'000;

  const tokens::ScopeSets& scope_sets_;
  throttling::SharedCounter* shared_;
  std::vector<ApiFacts> apis_;
  std::vector<ResourceFacts> resources_;
  Configuration configuration_;
  TokenCaches token_caches_;
  ResourceCache resource_cache_;
  caches::ExpiringCache<std::uint64_t, Pulled> pulled_;  ///< by client and API
  tokens::RevokedMap revoked_;
  throttling::Limits limits_;
  throttling::ThrottleEvent event_;
  throttling::CheckResult limit_result_;
};

}  // namespace parallax::logic::gateway
