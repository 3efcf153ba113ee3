// What exists when the run starts: APIs, applications, their subscriptions with a tier, and live tokens. Immutable
// during a run; what changes lives in the replicas.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "sim/time.h"

namespace parallax::domain {

/// Requests that one subscription may make in each window; windows are tumbling and aligned to the epoch.
struct Limit {
  std::uint64_t requests{0};
  sim::Duration window{};
};

struct Tier {
  std::string name;
  std::optional<Limit> limit;  ///< nothing: unlimited
};

/// Of a token: blocked is revoked. Of an API: absent is not deployed, blocked is its lifecycle state. The last three
/// are of subscriptions alone (carbon-apimgt SubscriptionStatus).
enum class Standing : std::uint8_t { kAbsent, kActive, kBlocked, kProductionBlocked, kOnHold, kRejected };

/// The environment that a client's key was made for.
enum class KeyType : std::uint8_t { kProduction, kSandbox };

/// What exists when the run starts counts as one change, made before it.
constexpr Version initial_version(Standing standing) {
  return standing == Standing::kAbsent ? Version{} : Version::of(1, SiteId{0});
}

struct Api {
  Standing initially{Standing::kActive};  ///< absent: to be published during the run
};

struct Subscription {
  ApplicationId application;
  ApiId api;
  TierId tier;
  Standing initially{Standing::kActive};
};

struct Application {
  std::vector<SubscriptionId> subscriptions;
};

struct Token {
  ApplicationId application;
  sim::VirtualTime expires;     ///< first instant at which it is no longer valid
  Jurisdiction jurisdiction{};  ///< of its user
};

struct Catalog {
  std::vector<Tier> tiers;
  std::vector<Api> apis;
  std::vector<Application> applications;
  std::vector<Subscription> subscriptions;
  std::vector<Token> tokens;

  /// Each token's user bears its number; others are under nobody's law.
  Jurisdiction jurisdiction_of(UserId user) const {
    return index(user) < tokens.size() ? tokens[index(user)].jurisdiction : Jurisdiction{};
  }

  const Tier& tier_of(SubscriptionId id) const { return tiers[index(subscriptions[index(id)].tier)]; }

  /// kNoSubscription if the application has none to the API.
  SubscriptionId subscription(ApplicationId application, ApiId api) const {
    for (const SubscriptionId id : applications[index(application)].subscriptions) {
      if (subscriptions[index(id)].api == api) return id;
    }
    return kNoSubscription;
  }
};

}  // namespace parallax::domain
