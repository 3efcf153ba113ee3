// Sets of scopes, each kept once: equal sets have equal ids, and a set is asked by its id. A set is sorted, and beside
// it stands a word with a bit for each scope, by id modulo 64, so that most questions are one AND: no common bit, no
// common scope. Where both sets hold only ids below 64 the word is the whole answer; else two sorted lists are walked.
//
// The scope hash (TOKEN_SCOPE_HASH of the access-token table) is a function of the scopes alone, so that all nodes of a
// deployment, which intern in different orders, agree on it. It is keyed: a client who chooses among many scopes must
// not find two sets of one hash, because the table would then give it the token of the other set.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/caches/digest.h"

namespace parallax::logic::tokens {

enum class ScopeSetId : std::uint32_t {};

/// The set without scopes, of every ScopeSets.
inline constexpr ScopeSetId kNoScopes{0};

class ScopeSets {
 public:
  struct Options {
    std::size_t sets_max{1U << 20};      ///< clients choose the sets: memory must have an end
    caches::DigestSecret hash_secret{};  ///< the same on all nodes of a deployment, and nobody else's
  };

  ScopeSets() : ScopeSets(Options{}) {}
  explicit ScopeSets(const Options& options);

  /// Any order, repeats allowed. Nothing if the set is new and there is no room for another one.
  std::optional<ScopeSetId> intern(std::span<const domain::ScopeId> scopes);

  /// Sorted, without repeats. Valid until the next intern(). Requires of this and all below: ids that intern() gave.
  std::span<const domain::ScopeId> scopes(ScopeSetId id) const;

  caches::Digest hash(ScopeSetId id) const { return sets_[domain::index(id)].hash; }
  bool has(ScopeSetId id, domain::ScopeId scope) const;

  /// Is there a scope in both?
  bool has_any(ScopeSetId id, ScopeSetId wanted) const;
  bool is_subset(ScopeSetId part, ScopeSetId whole) const;
  std::size_t size() const { return sets_.size(); }

 private:
  struct Set {
    std::uint64_t bits{0};  ///< scope id modulo 64
    std::uint32_t begin{0};
    std::uint32_t count{0};
    caches::Digest hash;
    bool bits_are_all{true};  ///< all ids are below 64
  };

  void add(std::span<const domain::ScopeId> sorted);

  Options options_;
  std::vector<domain::ScopeId> pool_;
  std::vector<Set> sets_;
  boost::unordered_flat_map<caches::Digest, ScopeSetId> by_hash_;
};

}  // namespace parallax::logic::tokens
