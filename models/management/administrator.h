// Who revokes tokens, adds subscriptions and blocks them: Poisson in time, at the nodes of one site in turn. A write
// whose site is down is not made.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "models/domain/change.h"
#include "models/management/spec.h"
#include "models/propagation/access/database_access.h"
#include "models/runtime/node.h"
#include "models/steering/clients.h"
#include "sim/distribution.h"
#include "sim/site.h"

namespace parallax::management {

struct AdministratorSpec {
  std::string name;  ///< tells the random streams of several apart
  Task task{};
  sim::VirtualTime from;
  sim::VirtualTime until;  ///< none at or after it
  sim::Distribution gap;
  std::vector<domain::SubscriptionId> to_add;  ///< in this order; then none is added any more
  std::uint32_t crowd{0};                      ///< of kRequestTokens and kSignIn: how many there are, for all sites
};

class Administrator {
 public:
  /// Takes `nodes` in turn. Requires: at least one.
  Administrator(sim::Site& site, AdministratorSpec spec, propagation::DatabaseAccess& access,
                std::vector<runtime::Node*> nodes, std::vector<steering::Population*> audience);

  void start() { schedule_next(spec_.from); }

 private:
  void schedule_next(sim::VirtualTime from);
  void act();
  void revoke_any_token(runtime::Node& node);
  bool seems_live(domain::TokenId token) const;
  bool seems_active(domain::SubscriptionId id) const;
  void add_next_subscription(runtime::Node& node);
  void block_any_subscription(runtime::Node& node);
  void request_token(runtime::Node& node);
  sim::Process sign_in(sim::Site& site);
  sim::Process write(sim::Site& site, runtime::Node& writer, domain::SubscriptionId id, domain::ChangeKind kind);

  sim::Site& site_;
  AdministratorSpec spec_;
  propagation::DatabaseAccess& access_;
  std::vector<runtime::Node*> nodes_;
  std::vector<steering::Population*> audience_;
  std::size_t turn_{0};
  std::size_t added_{0};
  std::size_t subscriptions_;
  std::set<std::size_t> chosen_;  ///< to be revoked or blocked
  sim::Stream gaps_;
  sim::Stream choices_;
};

}  // namespace parallax::management
