// Publishing by hand: a person goes from node to node, in the same order each time, and may leave one out. Nothing
// tells that node of it, so that it stays as it was until the API is published the next time.
//
// Stages: operator [the sum of the delays up to the node], then for a node elsewhere artifact_copy [the way's], and
// link_down while the person cannot reach it [the rest of the cut + a retry].
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/spec.h"
#include "sim/distribution.h"
#include "sim/process.h"
#include "sim/random.h"

namespace parallax::propagation::artifacts {

/// A node, and what is published there.
struct ManualTarget {
  sim::SiteId site;
  Sink* node;
};

class ManualPublishing {
 public:
  /// `at`: where the person sits. `targets`: in their order.
  ManualPublishing(const Place& at, const std::string& name, const ManualSpec& spec, std::vector<ManualTarget> targets,
                   std::vector<domain::Stage> stage_of_fault);
  ManualPublishing(const ManualPublishing&) = delete;
  ManualPublishing& operator=(const ManualPublishing&) = delete;

  void publish(const Parcel& parcel) { go_round(at_.site, parcel); }

  std::uint64_t forgotten() const { return forgotten_; }

 private:
  sim::Process go_round(sim::Site& site, Parcel parcel);
  sim::Process hand_over(sim::Site& site, ManualTarget target, Parcel parcel);
  bool forgets();

  Place at_;
  ManualSpec spec_;
  std::vector<ManualTarget> targets_;
  std::vector<domain::Stage> stage_of_fault_;
  sim::Stream delays_;
  sim::Stream memory_;
  std::uint64_t forgotten_{0};
};

}  // namespace parallax::propagation::artifacts
