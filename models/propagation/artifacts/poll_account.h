// How the time of an artifact was spent that somebody has found who looks once in a while. It waited at the source for
// the first look after it came there, and was then under way; but from the first look that a fault has kept from
// succeeding, or from beginning as the one before hung, all of it is charged to the fault, what comes after the heal
// too: without the fault it would have been there.
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

  void asks(sim::VirtualTime now) {
    asked_ = now;
    by_ = domain::Stage::kNone;
  }

  /// A fault keeps the last question back, as is known now.
  void held_back(domain::Stage by, sim::VirtualTime now) {
    by_ = by;
    spoilt_.push_back({now, by});
  }

  /// It would look now, but the last question is still open.
  void misses(sim::VirtualTime now) {
    if (by_ != domain::Stage::kNone) spoilt_.push_back({now, by_});
  }

  /// Of what came to the source at `since` and is in the answer to the last question.
  domain::Passage passage(sim::VirtualTime since) const {
    for (const Look& look : spoilt_) {
      if (look.when >= since) return {wait_, look.by, look.when};
    }
    return {wait_, by_ == domain::Stage::kNone ? kTransfer : by_, asked_};
  }

  /// The last question has brought what there was.
  void succeeded() { spoilt_.clear(); }

 private:
  struct Look {
    sim::VirtualTime when;
    domain::Stage by;
  };
  domain::Stage wait_;
  sim::VirtualTime asked_{};
  domain::Stage by_{domain::Stage::kNone};  ///< keeps the last question back
  std::vector<Look> spoilt_;                ///< since the last that succeeded, in order
};

}  // namespace parallax::propagation::artifacts
