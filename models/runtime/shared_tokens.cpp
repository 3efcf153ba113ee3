#include "models/runtime/shared_tokens.h"

#include <algorithm>

namespace parallax::runtime {

namespace shared = propagation::caches;

namespace {

constexpr std::uint32_t kRefusedEverywhere = logic::gateway::TokenCaches::kEverywhere;

// Of what a call has in hand that waits for the map.
constexpr std::uint32_t kInHand = shared::kAllVariants - 1;

shared::Key shared_key(domain::TokenId token, std::uint32_t variant) { return {domain::ObjectRef::of(token), variant}; }

// The member whose book it is in, and the number there.
std::uint64_t note_of(shared::MemberId member, std::uint32_t number) {
  return static_cast<std::uint64_t>(shared::index(member)) << 32 | number;
}

}  // namespace

SharedTokens::SharedTokens(const Place& place, const logic::gateway::TokenCacheOptions& options,
                           const SharedTokensSpec& spec, const AnswersBooks& books)
    : map_{spec.map},
      cluster_{place.cluster},
      member_{place.member},
      books_{books},
      layer_{place.layer},
      local_{place.site,
             place.path,
             place.layer,
             {options.capacity, options.ttl, options.sweep_interval, shared::Ageing::kSinceWrite}},
      levels_{local_, has_map() ? &cluster_.side_of(member_) : nullptr, member_, spec.levels} {
  local_.embed([this](const shared::Key& key, const shared::Copy& copy) { return companion_of(key, copy); });
  if (!spec.tells) return;
  tells_ = std::make_unique<shared::ClusterInvalidation>(local_, cluster_.side_of(member_), member_, *spec.tells);
}

const logic::gateway::Validation* SharedTokens::find(domain::TokenId token, std::uint32_t variant) {
  for (const shared::Key& key : places_of(token, variant)) {
    if (const shared::Copy* held = local_.find(key)) return &answer(*held);
  }
  return nullptr;
}

std::array<shared::Key, 2> SharedTokens::places_of(domain::TokenId token, std::uint32_t variant) {
  return {shared_key(token, variant), shared_key(token, kRefusedEverywhere)};
}

const logic::gateway::Validation& SharedTokens::answer(const shared::Copy& copy) const {
  return books_[copy.note >> 32]->answer(static_cast<std::uint32_t>(copy.note));
}

shared::Copy SharedTokens::copy_of(domain::TokenId token, std::uint32_t variant,
                                   const logic::gateway::Validation& answer) {
  shared::Copy copy;
  copy.version = answer.token.version;
  copy.note = note_of(member_, books_[shared::index(member_)]->number_of(token, variant, answer));
  return copy;
}

SharedTokens::Storing SharedTokens::store(domain::TokenId token, std::uint32_t variant,
                                          const logic::gateway::Validation& answer, sim::VirtualTime read) {
  const logic::gateway::TokenCaches::Key place =
      logic::gateway::TokenCaches::place_of({{0, domain::index(token)}, variant}, answer);
  const shared::Key key = shared_key(token, place.variant);
  if (place.variant != variant) contradict(shared_key(token, variant), read);
  const shared::TwoLevelCache::Store in_map = levels_.store(key, copy_of(token, place.variant, answer), read);
  const shared::Copy held = *local_.find(key);
  if (tells_) tells_->was_put(key, held.version, held.put);
  return {in_map, key, held, local_.site().now()};
}

void SharedTokens::stored(const Storing& storing) {
  waited_since(storing.since);
  const shared::Copy* held = local_.find(storing.key);
  const domain::Companion companion = companion_of(storing.key, storing.copy);
  const bool is_held_as_old = held != nullptr && held->version <= storing.copy.version &&
                              companion_of(storing.key, *held).version <= companion.version;
  if (is_held_as_old) return;
  sim::Site& site = local_.site();
  const domain::Passage waiting{domain::Stage::kNone, domain::Stage::kClusterMessage, storing.since};
  domain::EntryPut put{layer_, storing.key.object, kInHand, storing.copy.version, waiting};
  // The journal knows one companion of an object: where a newer entry stands in its place that one's stays.
  if (held == nullptr) put.companion = companion;
  const sim::RecordId in_hand = site.record(put.pack(), storing.copy.put);
  const domain::Passage at_once{domain::Stage::kNone, domain::Stage::kNone, site.now()};
  domain::EntryDropped dropped{layer_, storing.key.object, kInHand, at_once};
  dropped.companion = put.companion.object;
  site.record(dropped.pack(), in_hand);
}

domain::Companion SharedTokens::companion_of(const shared::Key& key, const shared::Copy& copy) const {
  const logic::gateway::Validation& known = answer(copy);
  if (key.variant == kRefusedEverywhere || known.subscription == domain::kNoSubscription) return {};
  return {domain::ObjectRef::of(known.subscription), known.subscription_facts.version};
}

// Of two answers about one token the later one counts: a refusal ends what was known of that resource.
void SharedTokens::contradict(const shared::Key& key, sim::VirtualTime read) {
  const shared::Copy* held = local_.find(key);
  if (held == nullptr) return;
  const shared::Copy old = *held;
  local_.drop(key, old.put, {domain::Stage::kTokenCacheTtl, domain::Stage::kDatabaseRead, read});
  if (!has_map()) return;
  shared::Side& side = cluster_.side_of(member_);
  const domain::Passage passage{domain::Stage::kTokenCacheTtl, domain::Stage::kDatabaseRead, read};
  const sim::RecordId contradicted = local_.site().record(domain::Hop{node(), key.object, passage}.pack(), old.put);
  side.tell(side.removal_request(member_, key, {}, contradicted));
}

void SharedTokens::revoke(domain::TokenId token, domain::Version version, sim::RecordId cause,
                          const domain::Passage& passage) {
  const shared::Key all = shared_key(token, shared::kAllVariants);
  const sim::RecordId heard = local_.site().record(domain::Hop{node(), all.object, passage}.pack(), cause);
  levels_.invalidate(all, version, heard);
  if (tells_) tells_->remove(all, version, heard);
}

void SharedTokens::close() {
  local_.site().record(domain::CacheClosed{node(), static_cast<std::uint32_t>(local_.stale_recaches()), hits_, asked_,
                                           tells_ ? tells_->sent() : 0, longest_wait_}
                           .pack());
}

}  // namespace parallax::runtime
