#include "models/logic/tokens/scope_sets.h"

#include <algorithm>
#include <string>

namespace parallax::logic::tokens {

using domain::ScopeId;

namespace {

constexpr std::uint64_t bit_of(ScopeId scope) { return std::uint64_t{1} << (domain::index(scope) & 63); }

// Little-endian on every machine: nodes of a deployment must agree.
caches::Digest hash_of(std::span<const ScopeId> sorted, const caches::DigestSecret& secret) {
  std::string bytes;
  bytes.reserve(sorted.size() * 4);
  for (const ScopeId scope : sorted) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<char>(static_cast<std::uint32_t>(scope) >> shift & 0xff));
    }
  }
  return caches::digest(bytes, secret);
}

bool have_common(std::span<const ScopeId> a, std::span<const ScopeId> b) {
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) return true;
    if (*x < *y) {
      ++x;
    } else {
      ++y;
    }
  }
  return false;
}

}  // namespace

ScopeSets::ScopeSets(const Options& options) : options_{options} {
  by_hash_.emplace(hash_of({}, options_.hash_secret), kNoScopes);
  add({});
}

std::optional<ScopeSetId> ScopeSets::intern(std::span<const ScopeId> scopes) {
  std::vector<ScopeId> sorted{scopes.begin(), scopes.end()};
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  const caches::Digest hash = hash_of(sorted, options_.hash_secret);
  if (const auto found = by_hash_.find(hash); found != by_hash_.end()) return found->second;
  if (sets_.size() >= options_.sets_max) return std::nullopt;
  const ScopeSetId id{static_cast<std::uint32_t>(sets_.size())};
  by_hash_.emplace(hash, id);
  add(sorted);
  return id;
}

void ScopeSets::add(std::span<const ScopeId> sorted) {
  Set set;
  set.begin = static_cast<std::uint32_t>(pool_.size());
  set.count = static_cast<std::uint32_t>(sorted.size());
  set.hash = hash_of(sorted, options_.hash_secret);
  set.bits_are_all = sorted.empty() || domain::index(sorted.back()) < 64;
  for (const ScopeId scope : sorted) set.bits |= bit_of(scope);
  pool_.insert(pool_.end(), sorted.begin(), sorted.end());
  sets_.push_back(set);
}

std::span<const ScopeId> ScopeSets::scopes(ScopeSetId id) const {
  const Set& set = sets_[domain::index(id)];
  return std::span{pool_}.subspan(set.begin, set.count);
}

bool ScopeSets::has(ScopeSetId id, ScopeId scope) const {
  const Set& set = sets_[domain::index(id)];
  if ((set.bits & bit_of(scope)) == 0) return false;
  const auto all = scopes(id);
  return std::binary_search(all.begin(), all.end(), scope);
}

bool ScopeSets::has_any(ScopeSetId id, ScopeSetId wanted) const {
  const Set& a = sets_[domain::index(id)];
  const Set& b = sets_[domain::index(wanted)];
  if ((a.bits & b.bits) == 0) return false;
  return (a.bits_are_all && b.bits_are_all) || have_common(scopes(id), scopes(wanted));
}

bool ScopeSets::is_subset(ScopeSetId part, ScopeSetId whole) const {
  const Set& a = sets_[domain::index(part)];
  const Set& b = sets_[domain::index(whole)];
  if ((a.bits & ~b.bits) != 0) return false;
  if (a.bits_are_all && b.bits_are_all) return true;
  const auto parts = scopes(part);
  const auto all = scopes(whole);
  return std::includes(all.begin(), all.end(), parts.begin(), parts.end());
}

}  // namespace parallax::logic::tokens
