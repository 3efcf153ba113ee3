#include "models/logic/jwt/key_ring.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "models/logic/jwt/numeric_date.h"

namespace parallax::logic::jwt {

KeyRing::KeyRing(SigningKey first, sim::Duration grace, domain::SiteId site)
    : grace_{grace}, site_{site}, version_{domain::Version{}.next(site)} {
  entries_.push_back({std::move(first), kAlways});
}

const SigningKey* KeyRing::active(sim::VirtualTime now) {
  advance(now);
  for (const Entry& entry : entries_) {
    if (entry.signs_from <= now && now < entry.signs_until) return &entry.key;
  }
  return nullptr;
}

void KeyRing::rotate(SigningKey next, sim::VirtualTime from, sim::VirtualTime now) {
  advance(now);
  std::erase_if(entries_, [&](const Entry& entry) { return entry.signs_from >= from && entry.signs_from > now; });
  for (Entry& entry : entries_) {
    entry.signs_until = std::min(entry.signs_until, from);
    entry.published_until = std::min(entry.published_until, from + grace_);
  }
  entries_.push_back({std::move(next), from});
  bump();
}

void KeyRing::retire(std::string_view id, sim::VirtualTime now) {
  advance(now);
  const auto gone = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key.id == id; });
  if (gone == entries_.end()) return;
  const bool was_to_sign = gone->signs_from > now;
  const bool was_signing = !was_to_sign && now < gone->signs_until;
  if (was_to_sign && gone != entries_.begin()) {
    std::prev(gone)->signs_until = gone->signs_until;
    std::prev(gone)->published_until = gone->published_until;
  }
  const auto next = entries_.erase(gone);
  if (was_signing && next != entries_.end()) next->signs_from = now;
  bump();
}

KeySet KeyRing::published(sim::VirtualTime now) {
  advance(now);
  KeySet set{version_, {}};
  for (const Entry& entry : entries_) set.keys.push_back(entry.key);
  return set;
}

std::optional<sim::VirtualTime> KeyRing::next_change() const {
  sim::VirtualTime next = sim::kNever;
  for (const Entry& entry : entries_) next = std::min(next, entry.published_until);
  if (next == sim::kNever) return std::nullopt;
  return next;
}

void KeyRing::advance(sim::VirtualTime now) {
  for (auto due = next_change(); due && *due <= now; due = next_change()) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.published_until == *due; });
    bump();
  }
}

}  // namespace parallax::logic::jwt
