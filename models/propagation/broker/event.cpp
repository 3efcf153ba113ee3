#include "models/propagation/broker/event.h"

namespace parallax::propagation::broker {

using domain::Stage;

// A stage that took no time is replaced, and one that goes on is not told twice.
void spend(Event& event, Stage stage, sim::VirtualTime from) {
  domain::Passage& passage = event.passage;
  if (passage.second == stage) return;
  if (passage.second == Stage::kNone || from <= passage.turn) {
    if (passage.second == Stage::kNone) passage.turn = from;
    passage.second = stage;
    return;
  }
  assert(passage.first == Stage::kNone);
  passage = {passage.second, stage, from};
}

void settle(Event& event, sim::Site& site, domain::NodeId node) {
  if (event.passage.first == Stage::kNone) return;
  event.cause = site.record(domain::Hop{node, event.object, event.passage}.pack(), event.cause);
  event.passage = {Stage::kNone, event.passage.second, site.now()};
}

void lose(const Event& event, sim::Site& site, domain::NodeId node, domain::EventLoss why, Stage by) {
  lose_since(event, site, node, why, by, site.now());
}

void lose_since(const Event& event, sim::Site& site, domain::NodeId node, domain::EventLoss why, Stage by,
                sim::VirtualTime died) {
  site.record(
      domain::EventLost{node, event.object, event.version, event.topic, why, by, event.id, event.published, died}
          .pack(),
      event.cause);
}

}  // namespace parallax::propagation::broker
