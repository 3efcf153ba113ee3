// The access-token table of a database as issuers see it: each function is one statement or one transaction, carried
// out now.
#pragma once

#include "models/logic/tokens/token_table.h"
#include "models/propagation/database.h"

namespace parallax::propagation {

class AccessTokens final : public logic::tokens::TokenTable {
 public:
  /// What it commits was sent then, with the record `cause`. For as long as one request is served.
  AccessTokens(Database& database, sim::RecordId cause, sim::VirtualTime sent)
      : database_{database}, cause_{cause}, sent_{sent} {}

  std::optional<logic::tokens::AccessToken> latest(const logic::tokens::TokenKey& key,
                                                   logic::tokens::TokenState state) const override;
  std::optional<logic::tokens::AccessToken> key_holder(const logic::tokens::TokenKey& key,
                                                       domain::SiteId data_center) const override;
  logic::tokens::Insertion insert(const logic::tokens::AccessToken& row) override;
  logic::tokens::Marking mark(domain::TokenId id, logic::tokens::TokenState state) override;
  logic::tokens::Insertion replace(domain::TokenId old, logic::tokens::TokenState state,
                                   const logic::tokens::AccessToken& row) override;
  std::optional<logic::tokens::AccessToken> find(domain::TokenId id) const override;

  // These scan the table: nobody in the simulated world asks so yet.
  std::optional<logic::tokens::AccessToken> find_by_token(logic::caches::Digest token) const override;
  std::optional<logic::tokens::AccessToken> find_by_refresh(logic::caches::Digest refresh) const override;
  std::vector<logic::tokens::AccessToken> open_rows_of(domain::ClientId client) const override;
  std::vector<logic::tokens::AccessToken> open_rows_of(domain::UserId user) const override;

  /// The place in the log behind what it committed last; 0: nothing yet.
  store::Lsn committed() const { return committed_; }

 private:
  store::Slot slot_of(domain::TokenId id) const;
  const store::Table& table() const { return database_.rows().table(schema::kTokens); }
  store::Refusal insert_into(store::Transaction& transaction, const logic::tokens::AccessToken& row) const;
  bool mark_in(store::Transaction& transaction, domain::TokenId id, logic::tokens::TokenState state) const;

  Database& database_;
  sim::RecordId cause_;
  sim::VirtualTime sent_;
  store::Lsn committed_{0};
};

}  // namespace parallax::propagation
