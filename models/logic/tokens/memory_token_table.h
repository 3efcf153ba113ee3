// The access-token table in the memory of one process. Rows of one key hang in a list for each state, the latest first,
// so that the questions of an issuer cost one probe; revoking a client or a user reads every row, which is rare.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>

#include "models/logic/tokens/token_table.h"

namespace parallax::logic::tokens {

/// Is DCID part of the unique key? If so, each data center may have an ACTIVE row of one owner, and replication lets
/// them stand side by side; if not, the second to arrive violates the key.
enum class DataCenterInKey : std::uint8_t { kNo, kYes };

class MemoryTokenTable final : public TokenTable {
 public:
  explicit MemoryTokenTable(DataCenterInKey in_key = DataCenterInKey::kNo) : in_key_{in_key} {}

  std::optional<AccessToken> latest(const TokenKey& key, TokenState state) const override;
  std::optional<AccessToken> key_holder(const TokenKey& key, domain::SiteId data_center) const override;
  Insertion insert(const AccessToken& row) override;
  Marking mark(domain::TokenId id, TokenState state) override;
  Insertion replace(domain::TokenId old, TokenState state, const AccessToken& row) override;
  std::optional<AccessToken> find(domain::TokenId id) const override;
  std::optional<AccessToken> find_by_token(caches::Digest token) const override;
  std::optional<AccessToken> find_by_refresh(caches::Digest refresh) const override;
  std::vector<AccessToken> open_rows_of(domain::ClientId client) const override;
  std::vector<AccessToken> open_rows_of(domain::UserId user) const override;

  /// Removes what can matter to nobody: access and refresh token are both past their time. Returns how many.
  std::size_t purge(sim::VirtualTime now);

  std::size_t size() const { return by_id_.size(); }

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kNone = 0xffff'ffff;
  struct Node {
    AccessToken row;
    Slot next{kNone};
  };
  /// First of the rows in each state.
  struct Heads {
    std::array<Slot, kTokenStates> first{kNone, kNone, kNone, kNone};
  };

  const AccessToken* row(Slot slot) const { return slot == kNone ? nullptr : &nodes_[slot].row; }
  Slot slot_of(domain::TokenId id) const;
  Slot& first(const AccessToken& row);
  Slot key_holder_slot(const TokenKey& key, domain::SiteId data_center) const;
  bool violates(const AccessToken& row, domain::TokenId but) const;
  void link(Slot slot);
  void unlink(Slot slot);
  void remove(Slot slot);
  void index(Slot slot);
  void forget(boost::unordered_flat_map<caches::Digest, Slot>& index, caches::Digest text, Slot slot);
  template <typename Predicate>
  std::vector<AccessToken> open_rows(const Predicate& predicate) const;

  DataCenterInKey in_key_;
  std::vector<Node> nodes_;
  std::vector<Slot> free_;
  // Looked up, never iterated: their order must not matter.
  boost::unordered_flat_map<domain::TokenId, Slot> by_id_;
  boost::unordered_flat_map<TokenKey, Heads> by_key_;
  boost::unordered_flat_map<caches::Digest, Slot> by_token_;
  boost::unordered_flat_map<caches::Digest, Slot> by_refresh_;
};

}  // namespace parallax::logic::tokens
