// How the time of an artifact was spent that somebody has found who looks once in a while. It waited at the source for
// the first look after it came there, and was then under way; but from the first look that a fault kept from succeeding
// all of it is charged to the fault, what comes after the heal too, for without the fault it would have been there.
#pragma once

#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/artifacts/stages.h"
#include "sim/time.h"

namespace parallax::propagation::artifacts {

class PollAccount {
 public:
  /// `wait`: what the time before the first look is spent on.
  explicit PollAccount(domain::Stage wait) : wait_{wait} {}

  void asks(sim::VirtualTime now) { looks_.push_back({now, domain::Stage::kNone}); }

  /// A fault keeps the last look back.
  void held_back(domain::Stage by, sim::VirtualTime now) { looks_.back() = {now, by}; }

  /// The last look has failed for a reason that the looker is told, not for a fault.
  void refused() { looks_.pop_back(); }

  /// Of what came to the source at `since` and has been brought by the last look.
  domain::Passage passage(sim::VirtualTime since) const {
    for (const Look& look : looks_) {
      const bool is_last = &look == &looks_.back();
      if (look.by != domain::Stage::kNone && (is_last || look.from >= since)) return {wait_, look.by, look.from};
      if (is_last) return {wait_, kTransfer, look.from};
    }
    return {domain::Stage::kNone, wait_, since};
  }

  /// The last look has brought what there was.
  void succeeded() { looks_.clear(); }

 private:
  struct Look {
    sim::VirtualTime from;
    domain::Stage by;
  };
  domain::Stage wait_;
  std::vector<Look> looks_;  ///< since the last that succeeded; all but the last have failed
};

}  // namespace parallax::propagation::artifacts
