// What a part that delays a change says of its stages, beside its code: the least and the greatest time that each
// takes. Bounds and their explanations read these declarations, never a second copy.
//
// Declared is what happens while nothing fails: connections are open, links are up. Outages are added by who knows of
// them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "models/domain/stage.h"
#include "sim/time.h"

namespace parallax::domain {

struct DeclaredStage {
  Stage stage{Stage::kNone};
  sim::Duration least{};
  std::optional<sim::Duration> greatest{};  ///< of one that finds nobody before it; nothing: there is none
  std::string_view why{};                   ///< there is no greatest, as half a sentence
  bool queues{false};                       ///< it may have to wait for others, and that time is charged here too
};

using DeclaredStages = std::vector<DeclaredStage>;

/// The way of a message from one site to another; zero within a site.
struct WaySpan {
  sim::Duration least{};
  std::optional<sim::Duration> greatest{sim::Duration{}};
  std::string_view why{};

  /// There and then here.
  friend WaySpan operator+(const WaySpan& a, const WaySpan& b) {
    WaySpan sum{a.least + b.least, std::nullopt, a.greatest ? b.why : a.why};
    if (a.greatest && b.greatest) sum.greatest = *a.greatest + *b.greatest;
    return sum;
  }
};

/// A stage that takes as long as the way, `more` at the least and `most` at the most besides.
inline DeclaredStage stage_over(Stage stage, const WaySpan& way, sim::Duration more = {}, sim::Duration most = {}) {
  DeclaredStage declared{stage, way.least + more, std::nullopt, way.why};
  if (way.greatest) declared.greatest = *way.greatest + most;
  return declared;
}

/// One whose time is exactly this.
inline DeclaredStage stage_of(Stage stage, sim::Duration exactly) { return {stage, exactly, exactly}; }
/// One that takes from nothing to this.
inline DeclaredStage stage_up_to(Stage stage, sim::Duration greatest) { return {stage, {}, greatest}; }
inline DeclaredStage stage_without_end(Stage stage, std::string_view why) { return {stage, {}, std::nullopt, why}; }

}  // namespace parallax::domain
