// How the nodes of several sites count the same requests: parameters of a deployment of limiters. Real products are
// sets of these with their sources (profiles.h).
#pragma once

#include <cstdint>

#include "models/logic/throttling/tally.h"
#include "models/logic/throttling/throttle_key.h"
#include "sim/connection.h"
#include "sim/time.h"

namespace parallax::propagation::counters {

/// What nodes have in common. With N nodes and a limit L in each period, under more demand than that:
///   kNothing  each counts for itself: N L are admitted
///   kStore    one counter, asked for each request: L are admitted, and who is far from it waits for a round trip
///   kCopies   one counter with a copy at each node, which decides by its copy and sends the counter what it admitted:
///             L and what is admitted while that is on its way (to the counter and from there to the others)
///   kLessons  each node tells the others its own value, and what is told replaces theirs: what they counted
///             meanwhile is lost, so more than N L may be admitted; and as it is told by its age, which stands still
///             while it travels, a period may last many times its length, and nothing be admitted in it
enum class Sharing : std::uint8_t { kNothing, kStore, kCopies, kLessons };

/// What becomes of a request whose counter cannot be asked. Of kStore only; the others need nobody to decide.
enum class WithoutStore : std::uint8_t { kRefused, kAdmitted };

struct CounterSpec {
  Sharing sharing{Sharing::kNothing};
  logic::throttling::TallySpec tally;

  /// Of kStore: from the request to the store's door and from there to the decision, what the network adds excepted.
  sim::Duration way_to_store{};
  WithoutStore without_store{WithoutStore::kRefused};

  /// Of kLessons and kCopies: from counting until what is told about it leaves. Of kLessons it is read then, and what
  /// else was counted meanwhile needs no lesson of its own.
  sim::Duration exchange_delay{};
  /// Of kLessons: who has learned says so.
  bool acknowledges{false};
  /// Of kLessons: from a lesson's arrival until it is learned.
  sim::Duration learning_time{};

  sim::ConnectionSpec connection;
  sim::Duration reconnect_interval{sim::seconds(1)};
};

/// Of an answer; a request by the number that its asker gave it.
enum class Answer : std::uint8_t { kAdmitted, kRefused };

class Asker {
 public:
  virtual void answered(std::uint64_t request, Answer answer) = 0;

 protected:
  ~Asker() = default;
};

/// A limiter as a gateway of its site sees it.
class Limiter {
 public:
  virtual ~Limiter() = default;

  /// The asker hears of the decision, perhaps before this returns.
  virtual void ask(logic::throttling::ThrottleKey key, std::uint64_t request) = 0;

  /// Requests counted in the period up to now, as this node believes.
  virtual std::uint64_t total(logic::throttling::ThrottleKey key) const = 0;
};

}  // namespace parallax::propagation::counters
