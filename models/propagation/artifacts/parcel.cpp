#include "models/propagation/artifacts/parcel.h"

namespace parallax::propagation::artifacts {

using domain::Stage;

// A stage that took no time is replaced, and one that goes on is not told twice.
void Journey::enter(Stage stage, const Place& at, domain::ApiId api) {
  if (passage.second == stage) return;
  const sim::VirtualTime now = at.site.now();
  if (passage.second == Stage::kNone) {
    passage = {Stage::kNone, stage, now};
    return;
  }
  if (now <= passage.turn) {
    passage.second = stage;
    return;
  }
  if (passage.first == Stage::kNone) {
    passage = {passage.second, stage, now};
    return;
  }
  cause = at.site.record(domain::Hop{at.node, domain::ObjectRef::of(api), passage}.pack(), cause);
  passage = {Stage::kNone, stage, now};
}

}  // namespace parallax::propagation::artifacts
