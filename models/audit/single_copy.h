// The instantly consistent copy: what everybody would know if an acknowledged write were everywhere at once. It runs
// the gateway's own decision function.
#pragma once

#include <optional>
#include <vector>

#include "models/audit/fetch.h"
#include "models/domain/catalog.h"
#include "models/domain/journal.h"
#include "models/logic/gateway/authorise.h"

namespace parallax::audit {

class SingleCopy {
 public:
  explicit SingleCopy(const domain::Catalog& catalog);

  /// This decision is going to be looked at.
  void fetch(const domain::RequestDecided& decision) const {
    const std::size_t token = domain::index(decision.token);
    if (token < tokens_.size()) fetch_lines(tokens_[token]);
    if (decision.subscription != domain::kNoSubscription) {
      fetch_lines(subscriptions_[domain::index(decision.subscription)]);
    }
  }

  void invoke(const domain::ChangeInvoked& change);
  /// What may have been committed or not overlaps for ever: either answer is right.
  void abandon(const domain::ChangeAbandoned& change);
  void acknowledge(const domain::ChangeAcknowledged& change, sim::VirtualTime now);

  /// True if a write to a fact of this request is in flight, or was acknowledged at this very instant.
  bool overlaps_write(const domain::RequestDecided& decision, sim::VirtualTime now) const;

  /// True if the decision rests on exactly the versions that the single copy holds.
  bool same_versions(const domain::RequestDecided& decision) const;

  /// True if this decision and the true time make different things of the token's expiry. The single copy holds the
  /// instant at which its validity really ends, whatever it says of that itself.
  bool is_expiry_misread(const domain::RequestDecided& decision, sim::VirtualTime now) const;

  /// Requires: it was issued.
  sim::VirtualTime expiry(domain::ObjectRef token) const { return tokens_[token.id()].facts.expires; }

  domain::Version version(domain::ApiId api) const { return apis_[domain::index(api)].facts.version; }

  struct Judgement {
    domain::Outcome outcome;  ///< up to the quota check
    domain::SubscriptionId subscription;
  };
  Judgement judge(domain::TokenId token, domain::ApiId api, sim::VirtualTime now) const;

 private:
  template <typename Facts>
  struct Held {
    Facts facts;
    std::uint32_t in_flight{0};
    sim::VirtualTime acknowledged{-1};

    bool overlaps(sim::VirtualTime now) const { return in_flight > 0 || acknowledged == now; }
  };
  Held<logic::gateway::TokenFacts>& token_at(std::uint32_t id);

  template <typename Visitor>
  void visit(domain::ObjectRef object, Visitor&& visitor);

  const domain::Catalog& catalog_;
  std::vector<Held<logic::gateway::TokenFacts>> tokens_;
  std::vector<Held<logic::gateway::ApiFacts>> apis_;
  std::vector<Held<logic::gateway::SubscriptionFacts>> subscriptions_;
};

}  // namespace parallax::audit
