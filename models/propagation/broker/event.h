// What is said of a change, or of a decision, from node to node through brokers: who it is about, which version, and
// how its time has been spent so far. 56 bytes, so that it travels in an action with one pointer.
//
// The passage tells the time since the record that the event is caused by, in two stages at most. Before a third begins
// the journal gets a hop, by which the event is caused from then on. On a healthy way there is only one stage, and no
// hop.
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/domain/stage.h"
#include "sim/site.h"
#include "sim/time.h"

namespace parallax::propagation::broker {

struct Event {
  std::uint64_t id{0};  ///< one number for all copies (EventNumbers)
  sim::RecordId cause;
  sim::VirtualTime published;
  domain::Passage passage;
  domain::ObjectRef object{domain::ObjectRef::nothing()};
  domain::Version version;
  std::uint32_t detail{0};  ///< what publisher and subscribers make of it
  domain::TopicId topic{};
};
static_assert(sizeof(Event) <= 56);

/// Distinct over all nodes.
class EventNumbers {
 public:
  explicit EventNumbers(domain::NodeId node) : next_{static_cast<std::uint64_t>(node) << 48} {}
  std::uint64_t next() { return ++next_; }

 private:
  std::uint64_t next_;
};

constexpr domain::NodeId origin_of(const Event& event) { return static_cast<domain::NodeId>(event.id >> 48); }

/// From `from` on the event's time goes to `stage`. Requires: room for it in the passage, or no time since the last.
void spend(Event& event, domain::Stage stage, sim::VirtualTime from);

/// Makes room for a stage that begins now, with a hop at `node` where there is none.
void settle(Event& event, sim::Site& site, domain::NodeId node);

/// Writes that it will not come to `node` by this way.
void lose(const Event& event, sim::Site& site, domain::NodeId node, domain::EventLoss why,
          domain::Stage by = domain::Stage::kNone);
void lose_since(const Event& event, sim::Site& site, domain::NodeId node, domain::EventLoss why, domain::Stage by,
                sim::VirtualTime died);

}  // namespace parallax::propagation::broker
