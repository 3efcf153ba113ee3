#include "models/logic/tokens/memory_token_table.h"

#include <algorithm>
#include <boost/container_hash/hash.hpp>

namespace parallax::logic::tokens {

using caches::Digest;
using domain::TokenId;

std::optional<AccessToken> MemoryTokenTable::latest(const TokenKey& key, TokenState state) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  const Slot slot = found->second.first[domain::index(state)];
  return slot == kNone ? std::nullopt : std::optional{nodes_[slot].row};
}

std::optional<AccessToken> MemoryTokenTable::key_holder(const TokenKey& key, domain::SiteId data_center) const {
  const AccessToken* holder = row(key_holder_slot(key, data_center));
  return holder == nullptr ? std::nullopt : std::optional{*holder};
}

MemoryTokenTable::Slot MemoryTokenTable::key_holder_slot(const TokenKey& key, domain::SiteId data_center) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return kNone;
  Slot slot = found->second.first[domain::index(TokenState::kActive)];
  if (in_key_ == DataCenterInKey::kNo) return slot;
  while (slot != kNone && nodes_[slot].row.data_center != data_center) slot = nodes_[slot].next;
  return slot;
}

// Only ACTIVE rows share a state id, so only they can meet; and the id is the table's primary key.
bool MemoryTokenTable::violates(const AccessToken& row, TokenId but) const {
  if (by_id_.contains(row.id)) return true;
  if (row.state != TokenState::kActive) return false;
  const Slot holder = key_holder_slot(row.key, row.data_center);
  return holder != kNone && nodes_[holder].row.id != but;
}

Insertion MemoryTokenTable::insert(const AccessToken& row) {
  if (violates(row, kNoToken)) return Insertion::kKeyViolation;
  if (free_.empty()) {
    free_.push_back(static_cast<Slot>(nodes_.size()));
    nodes_.emplace_back();
  }
  const Slot slot = free_.back();
  free_.pop_back();
  nodes_[slot].row = row;
  link(slot);
  index(slot);
  return Insertion::kInserted;
}

Marking MemoryTokenTable::mark(TokenId id, TokenState state) {
  const Slot slot = slot_of(id);
  if (slot == kNone || !may_become(nodes_[slot].row.state, state)) return Marking::kNoSuchRow;
  unlink(slot);
  nodes_[slot].row.state = state;
  link(slot);
  return Marking::kMarked;
}

Insertion MemoryTokenTable::replace(TokenId old, TokenState state, const AccessToken& row) {
  if (violates(row, old)) return Insertion::kKeyViolation;
  if (mark(old, state) != Marking::kMarked) return Insertion::kStale;
  return insert(row);
}

std::optional<AccessToken> MemoryTokenTable::find(TokenId id) const {
  const AccessToken* found = row(slot_of(id));
  return found == nullptr ? std::nullopt : std::optional{*found};
}

std::optional<AccessToken> MemoryTokenTable::find_by_token(Digest token) const {
  const auto found = by_token_.find(token);
  return found == by_token_.end() ? std::nullopt : std::optional{nodes_[found->second].row};
}

std::optional<AccessToken> MemoryTokenTable::find_by_refresh(Digest refresh) const {
  const auto found = by_refresh_.find(refresh);
  return found == by_refresh_.end() ? std::nullopt : std::optional{nodes_[found->second].row};
}

template <typename Predicate>
std::vector<AccessToken> MemoryTokenTable::open_rows(const Predicate& predicate) const {
  std::vector<AccessToken> rows;
  for (const Node& node : nodes_) {
    const bool is_open = node.row.state == TokenState::kActive || node.row.state == TokenState::kExpired;
    if (node.row.id != kNoToken && is_open && predicate(node.row)) rows.push_back(node.row);
  }
  std::sort(rows.begin(), rows.end(), [](const AccessToken& a, const AccessToken& b) { return a.id < b.id; });
  return rows;
}

std::vector<AccessToken> MemoryTokenTable::open_rows_of(domain::ClientId client) const {
  return open_rows([client](const AccessToken& row) { return row.key.client == client; });
}

std::vector<AccessToken> MemoryTokenTable::open_rows_of(domain::UserId user) const {
  return open_rows([user](const AccessToken& row) { return row.key.user == user; });
}

std::size_t MemoryTokenTable::purge(sim::VirtualTime now) {
  const std::size_t before = size();
  for (Slot slot = 0; slot < nodes_.size(); ++slot) {
    const AccessToken& row = nodes_[slot].row;
    if (row.id == kNoToken || now < row.expires) continue;
    if (row.refresh != kNoDigest && now < row.refresh_expires) continue;
    remove(slot);
  }
  return before - size();
}

MemoryTokenTable::Slot MemoryTokenTable::slot_of(TokenId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? kNone : found->second;
}

MemoryTokenTable::Slot& MemoryTokenTable::first(const AccessToken& row) {
  return by_key_[row.key].first[domain::index(row.state)];
}

void MemoryTokenTable::link(Slot slot) {
  Slot* place = &first(nodes_[slot].row);
  while (*place != kNone && is_later(nodes_[*place].row, nodes_[slot].row)) place = &nodes_[*place].next;
  nodes_[slot].next = *place;
  *place = slot;
}

void MemoryTokenTable::unlink(Slot slot) {
  Slot* place = &first(nodes_[slot].row);
  while (*place != slot) place = &nodes_[*place].next;
  *place = nodes_[slot].next;
}

void MemoryTokenTable::index(Slot slot) {
  const AccessToken& row = nodes_[slot].row;
  by_id_.emplace(row.id, slot);
  if (row.token != kNoDigest) by_token_.insert_or_assign(row.token, slot);
  if (row.refresh != kNoDigest) by_refresh_.insert_or_assign(row.refresh, slot);
}

void MemoryTokenTable::remove(Slot slot) {
  const AccessToken row = nodes_[slot].row;
  unlink(slot);
  if (by_key_.find(row.key)->second.first == Heads{}.first) by_key_.erase(row.key);
  by_id_.erase(row.id);
  forget(by_token_, row.token, slot);
  forget(by_refresh_, row.refresh, slot);
  nodes_[slot] = Node{};
  free_.push_back(slot);
}

// A later row may have been given the same text: then it is that row's.
void MemoryTokenTable::forget(boost::unordered_flat_map<Digest, Slot>& index, Digest text, Slot slot) {
  if (const auto found = index.find(text); found != index.end() && found->second == slot) index.erase(found);
}

}  // namespace parallax::logic::tokens
