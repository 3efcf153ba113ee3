#include "models/propagation/access_tokens.h"

#include <algorithm>
#include <array>

namespace parallax::propagation {

using domain::ObjectRef;
using logic::tokens::AccessToken;
using logic::tokens::Insertion;
using logic::tokens::Marking;
using logic::tokens::TokenKey;
using logic::tokens::TokenState;
using store::Refusal;
using store::Slot;
using store::Transaction;
using store::Value;

namespace {

namespace token = schema::token;
using Row = std::array<Value, token::kWidth>;

Value word(std::uint64_t digest_half) { return static_cast<Value>(digest_half); }

void put_key(const TokenKey& key, TokenState state, logic::tokens::TokenStateId state_id, Row& row) {
  row[token::kConsumerApp] = static_cast<Value>(key.client) + 1;
  row[token::kUser] = static_cast<Value>(key.user);
  row[token::kTenant] = static_cast<Value>(key.tenant);
  row[token::kUserType] = static_cast<Value>(key.user_type);
  row[token::kScopeHash] = word(key.scope_hash.high);
  row[token::kScopeHash2] = word(key.scope_hash.low);
  row[token::kBinding] = static_cast<Value>(key.binding);
  row[token::kState] = static_cast<Value>(state);
  row[token::kStateId] = static_cast<Value>(state_id);
}

// Sites count their data centers from 1.
Value data_center_of(domain::SiteId site) { return static_cast<Value>(site) + 1; }

Row row_of(const AccessToken& t) {
  Row row{};
  put_key(t.key, t.state, state_id(t), row);
  row[token::kId] = static_cast<Value>(t.id);
  row[token::kType] = static_cast<Value>(t.type);
  row[token::kScopes] = static_cast<Value>(t.scopes);
  row[token::kToken] = word(t.token.high);
  row[token::kToken2] = word(t.token.low);
  row[token::kRefresh] = word(t.refresh.high);
  row[token::kRefresh2] = word(t.refresh.low);
  row[token::kCreated] = t.issued.ns;
  row[token::kExpires] = t.expires.ns;
  row[token::kRefreshExpires] = t.refresh_expires.ns;
  row[token::kDataCenter] = store::kDefault;
  return row;
}

logic::caches::Digest digest_of(Value high, Value low) {
  return {static_cast<std::uint64_t>(high), static_cast<std::uint64_t>(low)};
}

AccessToken token_of(std::span<const Value> row) {
  AccessToken t;
  t.id = static_cast<domain::TokenId>(row[token::kId]);
  t.key = {static_cast<domain::ClientId>(row[token::kConsumerApp] - 1),
           static_cast<domain::UserId>(row[token::kUser]),
           static_cast<domain::TenantId>(row[token::kTenant]),
           static_cast<logic::tokens::UserType>(row[token::kUserType]),
           static_cast<logic::tokens::BindingRef>(row[token::kBinding]),
           digest_of(row[token::kScopeHash], row[token::kScopeHash2])};
  t.scopes = static_cast<logic::tokens::ScopeSetId>(row[token::kScopes]);
  t.type = static_cast<logic::tokens::TokenType>(row[token::kType]);
  t.state = static_cast<TokenState>(row[token::kState]);
  t.data_center = static_cast<domain::SiteId>(row[token::kDataCenter] - 1);
  t.token = digest_of(row[token::kToken], row[token::kToken2]);
  t.refresh = digest_of(row[token::kRefresh], row[token::kRefresh2]);
  t.issued = sim::VirtualTime{row[token::kCreated]};
  t.expires = sim::VirtualTime{row[token::kExpires]};
  t.refresh_expires = sim::VirtualTime{row[token::kRefreshExpires]};
  return t;
}

// Rows that fit, the latest first.
template <typename Fits>
std::vector<AccessToken> scan(const store::Table& table, Fits&& fits) {
  std::vector<AccessToken> found;
  for (std::size_t i = 0; i < table.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (!table.written(slot).exists) continue;
    const AccessToken row = token_of(table.values(slot));
    if (fits(row)) found.push_back(row);
  }
  std::sort(found.begin(), found.end(), [](const AccessToken& a, const AccessToken& b) { return is_later(a, b); });
  return found;
}

std::optional<AccessToken> first(const std::vector<AccessToken>& rows) {
  if (rows.empty()) return std::nullopt;
  return rows.front();
}

std::vector<AccessToken> by_id(std::vector<AccessToken> rows) {
  std::sort(rows.begin(), rows.end(), [](const AccessToken& a, const AccessToken& b) { return a.id < b.id; });
  return rows;
}

bool is_open(const AccessToken& row) { return row.state == TokenState::kActive || row.state == TokenState::kExpired; }

}  // namespace

// Without the primary key, by the id in its column.
Slot AccessTokens::slot_of(domain::TokenId id) const {
  const auto value = static_cast<Value>(id);
  if (table().has_key()) return table().find(value);
  for (std::size_t i = 0; i < table().slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (table().written(slot).exists && table().values(slot)[token::kId] == value) return slot;
  }
  return store::kNoSlot;
}

// An ACTIVE row is found by the unique key, in each data center's place; history has no index.
std::optional<AccessToken> AccessTokens::latest(const TokenKey& key, TokenState state) const {
  if (state != TokenState::kActive || table().spec().unique.empty()) {
    return first(scan(table(), [&](const AccessToken& row) { return row.key == key && row.state == state; }));
  }
  const auto& columns = table().spec().unique.front().columns;
  const bool has_data_center = std::find(columns.begin(), columns.end(), token::kDataCenter) != columns.end();
  std::optional<AccessToken> best;
  const std::size_t data_centers = has_data_center ? database_.data_centers() : 1;
  for (std::size_t i = 0; i < data_centers; ++i) {
    const auto row = key_holder(key, static_cast<domain::SiteId>(i));
    if (row && (!best || is_later(*row, *best))) best = row;
  }
  return best;
}

// Without the key nothing keeps a row from being inserted.
std::optional<AccessToken> AccessTokens::key_holder(const TokenKey& key, domain::SiteId data_center) const {
  if (table().spec().unique.empty()) return std::nullopt;
  Row probe{};
  put_key(key, TokenState::kActive, logic::tokens::kActiveStateId, probe);
  probe[token::kDataCenter] = data_center_of(data_center);
  const Slot slot = table().find_unique(1, probe);
  if (slot == store::kNoSlot) return std::nullopt;
  return token_of(table().values(slot));
}

Refusal AccessTokens::insert_into(Transaction& transaction, const AccessToken& issued) const {
  Row row = row_of(issued);
  row[token::kJurisdiction] = static_cast<Value>(database_.catalog().jurisdiction_of(issued.key.user));
  return transaction.insert(schema::kTokens, row, database_.next_version(ObjectRef::of(issued.id))).refusal;
}

Insertion AccessTokens::insert(const AccessToken& row) {
  Transaction transaction = database_.replica().begin();
  if (insert_into(transaction, row) != Refusal::kNone) return Insertion::kKeyViolation;
  committed_ = database_.commit(transaction, cause_, sent_);
  return Insertion::kInserted;
}

bool AccessTokens::mark_in(Transaction& transaction, domain::TokenId id, TokenState state) const {
  const Slot slot = slot_of(id);
  if (slot == store::kNoSlot) return false;
  const auto old = table().values(slot);
  if (!may_become(static_cast<TokenState>(old[token::kState]), state)) return false;
  std::vector<Value> row(old.begin(), old.end());
  row[token::kState] = static_cast<Value>(state);
  row[token::kStateId] = static_cast<Value>(id);
  const domain::Version version = database_.next_version(ObjectRef::of(id));
  return static_cast<bool>(transaction.update(schema::kTokens, slot, row, version));
}

Marking AccessTokens::mark(domain::TokenId id, TokenState state) {
  Transaction transaction = database_.replica().begin();
  if (!mark_in(transaction, id, state)) return Marking::kNoSuchRow;
  committed_ = database_.commit(transaction, cause_, sent_);
  return Marking::kMarked;
}

Insertion AccessTokens::replace(domain::TokenId old, TokenState state, const AccessToken& row) {
  Transaction transaction = database_.replica().begin();
  const bool is_marked = mark_in(transaction, old, state);
  if (insert_into(transaction, row) != Refusal::kNone) return Insertion::kKeyViolation;
  if (!is_marked) return Insertion::kStale;
  committed_ = database_.commit(transaction, cause_, sent_);
  return Insertion::kInserted;
}

std::optional<AccessToken> AccessTokens::find(domain::TokenId id) const {
  const Slot slot = slot_of(id);
  if (slot == store::kNoSlot) return std::nullopt;
  return token_of(table().values(slot));
}

std::optional<AccessToken> AccessTokens::find_by_token(logic::caches::Digest text) const {
  if (text == logic::tokens::kNoDigest) return std::nullopt;
  return first(scan(table(), [&](const AccessToken& row) { return row.token == text; }));
}

std::optional<AccessToken> AccessTokens::find_by_refresh(logic::caches::Digest refresh) const {
  if (refresh == logic::tokens::kNoDigest) return std::nullopt;
  return first(scan(table(), [&](const AccessToken& row) { return row.refresh == refresh; }));
}

std::vector<AccessToken> AccessTokens::open_rows_of(domain::ClientId client) const {
  return by_id(scan(table(), [&](const AccessToken& row) { return row.key.client == client && is_open(row); }));
}

std::vector<AccessToken> AccessTokens::open_rows_of(domain::UserId user) const {
  return by_id(scan(table(), [&](const AccessToken& row) { return row.key.user == user && is_open(row); }));
}

}  // namespace parallax::propagation
