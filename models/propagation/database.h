// A site's database: the rows that decisions are made on, with versions. Each commit is a record. A node is
// `access_time` away from it, one way.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/logic/authorise.h"
#include "sim/site.h"

namespace parallax::propagation {

class Database {
 public:
  Database(sim::Site& site, const domain::Catalog& catalog, domain::LayerId layer, sim::Duration access_time);

  sim::Duration access_time() const { return access_time_; }

  /// Facts about an unknown token: version 0, absent.
  logic::TokenFacts token(domain::TokenId id) const;
  const logic::ApiFacts& api(domain::ApiId id) const { return apis_[domain::index(id)]; }
  const logic::SubscriptionFacts& subscription(domain::SubscriptionId id) const;

  /// A token number that no row has; the row comes with insert_token().
  domain::TokenId reserve_token();

  // Commits. `cause` is the record that sent the write on its way, `access_time` ago.
  void insert_token(domain::TokenId id, domain::ApplicationId application, sim::VirtualTime expires,
                    sim::RecordId cause);
  void revoke_token(domain::TokenId id, sim::RecordId cause);
  void publish_api(domain::ApiId id, sim::RecordId cause);

  std::size_t token_count() const { return tokens_.size(); }

 private:
  void record(domain::ObjectRef object, domain::Version version, sim::RecordId cause);

  sim::Site& site_;
  domain::LayerId layer_;
  sim::Duration access_time_;
  std::vector<logic::TokenFacts> tokens_;
  std::vector<logic::ApiFacts> apis_;
  std::vector<logic::SubscriptionFacts> subscriptions_;
};

}  // namespace parallax::propagation
