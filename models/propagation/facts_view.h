// What gateways decide on and traffic managers count by, kept beside the rows that say it: a look-up is an array
// access.
#pragma once

#include <span>
#include <vector>

#include "models/domain/catalog.h"
#include "models/logic/gateway/facts.h"
#include "models/propagation/store/store.h"

namespace parallax::propagation {

class FactsView {
 public:
  explicit FactsView(const domain::Catalog& catalog);

  /// Of an unknown token: version 0, absent.
  logic::gateway::TokenFacts token(domain::TokenId id) const;
  const logic::gateway::ApiFacts& api(domain::ApiId id) const { return apis_[domain::index(id)]; }
  const logic::gateway::SubscriptionFacts& subscription(domain::SubscriptionId id) const;
  const logic::gateway::PolicyFacts& policy(domain::TierId id) const { return policies_[domain::index(id)]; }
  domain::Version version(domain::ObjectRef object) const;

  std::size_t token_count() const { return tokens_.size(); }
  std::size_t subscription_count() const { return subscriptions_.size(); }

  /// The object that a row of `table` is about; nothing() where gateways do not decide on such rows.
  static domain::ObjectRef object_of(store::TableId table, std::span<const store::Value> row);

  /// A row is so now, and has this version.
  void put(const store::Store& rows, store::TableId table, std::span<const store::Value> row, domain::Version version);

  /// A row was deleted, by a change of this version.
  void erase(domain::ObjectRef object, domain::Version version);

  /// Nobody has heard of it.
  void forget(domain::ObjectRef object);

  /// As at the start of the run.
  void reset();

  /// Objects whose version differs from the start, by kind and number.
  std::vector<domain::ObjectRef> changed() const;

 private:
  logic::gateway::TokenFacts& token_at(std::size_t index);
  template <typename Visitor>
  void visit(domain::ObjectRef object, Visitor&& visitor);

  const domain::Catalog& catalog_;
  std::vector<logic::gateway::TokenFacts> tokens_;
  std::vector<logic::gateway::ApiFacts> apis_;
  std::vector<logic::gateway::SubscriptionFacts> subscriptions_;
  std::vector<logic::gateway::PolicyFacts> policies_;
};

}  // namespace parallax::propagation
