// How a change travelled: the steps that records of the journal tell of, each with its cause, and the walk back from
// the record that ended a window to the acknowledgement.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <vector>

#include "models/audit/findings.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::audit {

struct Step {
  sim::VirtualTime time;
  sim::RecordId cause;
  domain::Passage passage;  ///< of the time between the cause and this step
};

class Journeys {
 public:
  void add(sim::RecordId id, const Step& step) { steps_.insert_or_assign(id.packed, step); }
  void remove(sim::RecordId id) { steps_.erase(id.packed); }

  /// The stretches from `start` to `last.time`, in order of time; each instant is in exactly one. A stretch that no
  /// record accounts for is charged to Stage::kNone.
  std::vector<Piece> walk(const Step& last, sim::VirtualTime start) const;

  std::optional<Step> find(sim::RecordId id) const;

 private:
  boost::unordered_flat_map<std::uint64_t, Step> steps_;  // looked up, never iterated
};

/// Sum of the lengths.
sim::Duration total(const std::vector<Piece>& pieces);

/// Cuts the pieces off at `length` from their start.
void truncate(std::vector<Piece>& pieces, sim::Duration length);

/// The stage that holds the instant `offset` after the start; the last one's for the end itself.
domain::Stage stage_at(const std::vector<Piece>& pieces, sim::Duration offset);

}  // namespace parallax::audit
