// A version of an API's artifact on its way to a gateway, and how its time has been spent since the record that it is
// caused by: in two stages at most. Before a third begins the journal gets a hop, by which it is caused from then on.
#pragma once

#include "models/domain/journal.h"
#include "models/logic/gateway/facts.h"
#include "sim/site.h"

namespace parallax::propagation::artifacts {

/// Where a hop happens.
struct Place {
  sim::Site& site;
  domain::NodeId node;
};

struct Journey {
  sim::RecordId cause;
  domain::Passage passage{};

  /// From now on its time goes to `stage`.
  void enter(domain::Stage stage, const Place& at, domain::ApiId api);
};

struct Parcel {
  domain::ApiId api{domain::kNoApi};
  logic::gateway::ApiFacts facts;
  Journey journey;

  void enter(domain::Stage stage, const Place& at) { journey.enter(stage, at, api); }
};

/// Whoever a parcel may be handed to.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Parcel& parcel) = 0;
};

}  // namespace parallax::propagation::artifacts
