// A site's database: the rows that decisions are made on, with versions. A node is `access_time` away from it, one
// way. Each commit is a record, and so is each row applied from another site. Of two versions of a row the greater
// one stays (last writer wins by Lamport order), so replicas that have seen the same rows are equal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/logic/gateway/facts.h"
#include "models/propagation/row.h"
#include "sim/site.h"

namespace parallax::propagation {

/// New tokens take every `increment`-th number from `start` on, so that sites never clash (start value variation).
struct TokenNumbers {
  std::uint32_t start{0};
  std::uint32_t increment{1};
};

class Database {
 public:
  Database(sim::Site& site, const domain::Catalog& catalog, domain::LayerId layer, sim::Duration access_time,
           TokenNumbers numbers);

  sim::Duration access_time() const { return access_time_; }

  /// Facts about an unknown token: version 0, absent.
  logic::gateway::TokenFacts token(domain::TokenId id) const;
  const logic::gateway::ApiFacts& api(domain::ApiId id) const { return apis_[domain::index(id)]; }
  const logic::gateway::SubscriptionFacts& subscription(domain::SubscriptionId id) const;

  /// A token number that no row has, here or elsewhere; the row comes with insert_token().
  domain::TokenId reserve_token();

  // Commits. `cause` is the record that sent the write on its way, `access_time` ago.
  void insert_token(domain::TokenId id, domain::ApplicationId application, sim::VirtualTime expires,
                    sim::RecordId cause);
  void set_token(domain::TokenId id, domain::Standing standing, sim::RecordId cause);
  void set_api(domain::ApiId id, domain::Standing standing, sim::RecordId cause);
  void set_subscription(domain::SubscriptionId id, domain::Standing standing, sim::RecordId cause);

  /// Takes a row from another site, unless this one has a newer version.
  void apply(const Row& row, const domain::Passage& passage);

  /// The disk is gone: every row is as it was when the run began.
  void wipe(sim::RecordId cause);

  /// Every row that differs from the beginning of the run, in the order of their numbers.
  std::vector<Row> changed_rows() const;

  /// Called with each row committed here, not with applied ones.
  void on_commit(std::function<void(const Row&)> listener) { listeners_.push_back(std::move(listener)); }

  /// Tokens have numbers below this.
  std::size_t token_count() const { return tokens_.size(); }
  std::size_t subscription_count() const { return subscriptions_.size(); }

 private:
  void load_catalog();
  void commit(domain::ObjectRef object, sim::RecordId cause);
  Row row(domain::ObjectRef object, sim::RecordId committed) const;
  void store(const Row& row);
  logic::gateway::TokenFacts& token_row(std::size_t index);

  sim::Site& site_;
  const domain::Catalog& catalog_;
  domain::LayerId layer_;
  sim::Duration access_time_;
  TokenNumbers numbers_;
  std::uint32_t reserved_{0};
  std::vector<logic::gateway::TokenFacts> tokens_;
  std::vector<logic::gateway::ApiFacts> apis_;
  std::vector<logic::gateway::SubscriptionFacts> subscriptions_;
  std::vector<std::function<void(const Row&)>> listeners_;
};

}  // namespace parallax::propagation
