// A site's API database: the rows that decisions are made on, and the facts that gateways read from them. A node is
// `access_time` away from it, one way.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/logic/gateway/facts.h"
#include "models/propagation/facts_view.h"
#include "models/propagation/replication/replica.h"
#include "models/propagation/schema/api_schema.h"
#include "models/propagation/schema/initial_rows.h"
#include "models/propagation/spec.h"
#include "sim/site.h"

namespace parallax::propagation {

class CommonSequence;
class LoadMeter;

class Database final : private replication::RowListener {
 public:
  Database(sim::Site& site, const domain::Catalog& catalog, domain::LayerId layer, const DatabaseSpec& spec);

  sim::VirtualTime now() const { return replica_.site().now(); }

  sim::Duration access_time() const { return spec_.access_time; }
  const schema::KeyNumbers& numbers() const { return spec_.numbers; }
  bool cleans_revoked_tokens() const { return spec_.cleans_revoked_tokens; }
  std::size_t data_centers() const { return spec_.data_centers; }
  const domain::Catalog& catalog() const { return catalog_; }
  sim::SiteId site() const { return replica_.site().id(); }
  replication::Replica& replica() { return replica_; }
  /// Where new keys come from instead of this database's own sequences; null: from those.
  CommonSequence* common_sequence() { return common_sequence_; }
  void use(CommonSequence& sequence) { common_sequence_ = &sequence; }

  /// Counts what it is asked in each second; null: nobody does. Before the run.
  void measure_by(LoadMeter* meter) { meter_ = meter; }
  LoadMeter* meter() { return meter_; }

  /// It runs a statement for a node. At its site.
  void count_statement();
  /// All that it has run, since the run began.
  std::uint64_t statements() const { return statements_; }

  store::Store& rows() { return replica_.rows(); }
  const store::Store& rows() const { return replica_.rows(); }

  logic::gateway::TokenFacts token(domain::TokenId id) const { return facts_.token(id); }
  const logic::gateway::ApiFacts& api(domain::ApiId id) const { return facts_.api(id); }
  const logic::gateway::SubscriptionFacts& subscription(domain::SubscriptionId id) const {
    return facts_.subscription(id);
  }
  const logic::gateway::PolicyFacts& policy(domain::TierId id) const { return facts_.policy(id); }
  domain::Version version(domain::ObjectRef object) const { return facts_.version(object); }

  /// When an API came to be as it is here, and the record of that; none if it is as at the start.
  struct Arrival {
    sim::RecordId record;
    sim::VirtualTime when;
  };
  const Arrival& arrival(domain::ApiId id) const { return arrivals_[domain::index(id)]; }

  /// What the next write of it from here would make of its version.
  domain::Version next_version(domain::ObjectRef object) const { return version(object).next(site()); }

  /// Tokens have numbers below this.
  std::size_t token_count() const { return facts_.token_count(); }
  std::size_t subscription_count() const { return facts_.subscription_count(); }

  /// Commits what a client has sent, then and with the record `cause`. Returns the place in the log behind it.
  store::Lsn commit(store::Transaction& transaction, sim::RecordId cause, sim::VirtualTime sent);

  /// The disk is gone: every row is as it was when the run began.
  void wipe(sim::RecordId cause);

 private:
  sim::RecordId row_changed(store::Transaction& transaction, std::size_t change,
                            const replication::Coming& how) override;

  const domain::Catalog& catalog_;
  DatabaseSpec spec_;
  CommonSequence* common_sequence_{nullptr};
  LoadMeter* meter_{nullptr};
  std::uint64_t statements_{0};
  replication::Replica replica_;
  FactsView facts_;
  std::vector<Arrival> arrivals_;  ///< by API
};

}  // namespace parallax::propagation
