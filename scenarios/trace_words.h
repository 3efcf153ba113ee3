// What a trace calls the records that it shows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/audit/findings.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::scenarios {

/// A step of a change; it is at a layer or, without one, at a node.
struct TraceStep {
  std::string name;
  std::string_view category;
  domain::Passage passage;
  std::optional<domain::LayerId> layer{};
  std::optional<domain::NodeId> node{};
  std::optional<domain::Version> version{};
};

/// Nothing if the record is none, as a change's own beginning and end.
std::optional<TraceStep> trace_step(const sim::Record& record);

/// Something that happens to a site and is not of one change.
struct TraceMoment {
  sim::SiteId site;  ///< where it is shown
  bool is_of_database{false};
  std::string name;
  std::string_view category;
};

/// Nothing if it is none, as that a site is lost, which takes its time. `sites` are names by SiteId.
std::optional<TraceMoment> trace_moment(const sim::Record& record, std::span<const std::string> sites);

std::string_view trace_word(audit::Ending ending);

}  // namespace parallax::scenarios
