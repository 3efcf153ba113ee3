// What a gateway has been told by counter stores: key -> expiry (carbon-apimgt ThrottleDataHolder, JMSMessageListener).
//
// A key is throttled while its expiry is not before the gateway's now; an entry that is over is removed when it is next
// looked at. A "false" removes the entry whatever either says, so one that comes late, say from a second counter store,
// lifts the next window's decision until that is repeated. A gateway starts with nothing.
//
// API and resource keys have groups. So that a call costs one probe whatever groups it matches, the key with kAnyGroup
// has an entry too: which groups have one. Levels without any entry cost no probe at all.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>

#include "models/logic/throttling/policy.h"
#include "models/logic/throttling/throttle_key.h"
#include "sim/time.h"

namespace parallax::logic::throttling {

/// From a counter store to every gateway.
struct DecisionMessage {
  ThrottleKey key{};
  sim::VirtualTime expiry{};  ///< end of the window decided on, by the counter store's clock
  bool is_throttled{false};

  friend constexpr bool operator==(const DecisionMessage&, const DecisionMessage&) = default;
};

/// kHeed is what the product does. kIgnore is the cure: of two messages about one key, that for the later window
/// counts, in whatever order they come.
enum class LateDecision : std::uint8_t { kHeed, kIgnore };

class DecisionTable {
 public:
  explicit DecisionTable(LateDecision late = LateDecision::kHeed) : late_{late} {}

  void apply(const DecisionMessage& message);

  /// No key of `level` is throttled: there is nothing to look up.
  bool knows_none(Level level) const { return entries_at_[static_cast<std::size_t>(level)] == 0; }

  /// Until when `key` is throttled, inclusive; kNotThrottled if it is not at `now`.
  sim::VirtualTime throttled_until(ThrottleKey key, sim::VirtualTime now);

  /// The same for the groups of an API or resource key: the greatest of their expiries.
  sim::VirtualTime throttled_until(ThrottleKey key, ConditionMask groups, sim::VirtualTime now);

  /// Removes every entry that is over: of keys that nobody asks about any more, whose "false" was lost.
  void sweep(sim::VirtualTime now);

  static constexpr sim::VirtualTime kNotThrottled{std::numeric_limits<std::int64_t>::min()};

  /// Entries, of all levels, those that are over but not yet looked at included.
  std::size_t size() const;

 private:
  using Entries = boost::unordered_flat_map<ThrottleKey, sim::VirtualTime>;
  using Groups = boost::unordered_flat_map<ThrottleKey, ConditionMask>;

  void put(ThrottleKey key, sim::VirtualTime expiry);
  void remove(Entries::iterator entry);

  LateDecision late_;
  std::array<std::uint32_t, kLevels> entries_at_{};
  Entries expiries_;
  Groups groups_;  ///< by the key with kAnyGroup: which groups have an entry
};

}  // namespace parallax::logic::throttling
