#include "models/logic/throttling/decision_table.h"

#include <algorithm>
#include <vector>

namespace parallax::logic::throttling {

void DecisionTable::apply(const DecisionMessage& message) {
  if (static_cast<std::size_t>(message.key.level()) >= kLevels) return;  // a key that nobody has made names nothing
  const auto entry = expiries_.find(message.key);
  const bool is_late = entry != expiries_.end() && message.expiry < entry->second;
  if (is_late && late_ == LateDecision::kIgnore) return;
  if (message.is_throttled) {
    put(message.key, message.expiry);
  } else if (entry != expiries_.end()) {
    remove(entry);
  }
}

void DecisionTable::put(ThrottleKey key, sim::VirtualTime expiry) {
  const auto [entry, is_new] = expiries_.insert_or_assign(key, expiry);
  if (!is_new) return;
  ++entries_at_[static_cast<std::size_t>(key.level())];
  if (key.is_grouped()) groups_[key.with_group(ThrottleKey::kAnyGroup)] |= ConditionMask{1} << key.group();
}

void DecisionTable::remove(Entries::iterator entry) {
  const ThrottleKey key = entry->first;
  expiries_.erase(entry);
  --entries_at_[static_cast<std::size_t>(key.level())];
  if (!key.is_grouped()) return;
  const auto groups = groups_.find(key.with_group(ThrottleKey::kAnyGroup));
  groups->second &= ~(ConditionMask{1} << key.group());
  if (groups->second == 0) groups_.erase(groups);
}

sim::VirtualTime DecisionTable::throttled_until(ThrottleKey key, sim::VirtualTime now) {
  const auto entry = expiries_.find(key);
  if (entry == expiries_.end()) return kNotThrottled;
  const sim::VirtualTime expiry = entry->second;
  if (expiry >= now) return expiry;
  remove(entry);
  return kNotThrottled;
}

sim::VirtualTime DecisionTable::throttled_until(ThrottleKey key, ConditionMask groups, sim::VirtualTime now) {
  const auto found = groups_.find(key.with_group(ThrottleKey::kAnyGroup));
  if (found == groups_.end()) return kNotThrottled;
  sim::VirtualTime latest = kNotThrottled;
  for_each_group(found->second & groups,
                 [&](std::uint8_t group) { latest = std::max(latest, throttled_until(key.with_group(group), now)); });
  return latest;
}

void DecisionTable::sweep(sim::VirtualTime now) {
  std::vector<ThrottleKey> over;
  for (const auto& [key, expiry] : expiries_) {
    if (expiry < now) over.push_back(key);
  }
  for (const ThrottleKey key : over) remove(expiries_.find(key));
}

std::size_t DecisionTable::size() const { return expiries_.size(); }

}  // namespace parallax::logic::throttling
