// What a trace shows of what has been kept for it: which process and row, under which name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/audit/setup.h"
#include "models/domain/journal.h"
#include "scenarios/run.h"
#include "scenarios/trace.h"
#include "scenarios/trace_file.h"
#include "scenarios/trace_selection.h"
#include "scenarios/trace_timeline.h"
#include "scenarios/trace_words.h"

namespace parallax::scenarios {

class TraceDrawing {
 public:
  /// Refers to all of them.
  TraceDrawing(const audit::Setup& setup, const SeedRun& run, std::span<const std::string> populations,
               TraceFile& file);
  TraceDrawing(const TraceDrawing&) = delete;
  TraceDrawing& operator=(const TraceDrawing&) = delete;

  struct Lengths {
    sim::Duration run;
    sim::Duration interval;  ///< of the counts
  };
  /// Once.
  void draw(const TraceSelection& selection, const TraceBooks& books, const Lengths& lengths);

 private:
  using Flows = std::vector<std::vector<std::uint64_t>>;  ///< that begin at a step
  struct NodeRows {
    RowId node;
    RowId entries;  ///< how long copies stay
    RowId windows;
    RowId wrong;
  };
  struct SiteRows {
    TrackId process;
    RowId database;
    RowId power;
    RowId noticed;
  };

  void open_rows();
  RowId row_of(const TraceStep& what, const sim::Record& record, const sim::Record* cause) const;
  void draw_change(const TraceSelection& selection, const Flows& flows, std::uint32_t invocation,
                   std::optional<std::uint32_t> ending);
  void draw_step(const TraceSelection& selection, const Flows& flows, std::uint32_t number);
  void draw_steps(const TraceSelection& selection);
  void draw_windows(const TraceSelection& selection);
  void draw_wrong_decisions();
  void draw_faults(sim::Duration length);
  void draw_moment(const sim::Record& record);
  void draw_outages(const std::vector<sim::Record>& moments);
  void draw_counts(TrackId process, const std::string& name, const TraceCounts& counts, sim::Duration interval);
  void draw_all_counts(const TraceBooks& books, sim::Duration interval);
  void draw_summary(const TraceSelection& selection, const TraceBooks& books, const Lengths& lengths);
  void add(RowId row, sim::VirtualTime begin, sim::VirtualTime end, TraceEvent event,
           std::vector<audit::Piece> pieces = {});

  const audit::Setup& setup_;
  const SeedRun& run_;
  std::span<const std::string> populations_;
  TraceFile& file_;
  TraceTimeline timeline_;
  TrackId about_;
  TrackId faults_;
  std::vector<SiteRows> sites_;  ///< by SiteId
  std::vector<NodeRows> nodes_;  ///< by NodeId
  std::vector<std::optional<domain::NodeId>> node_of_layer_;
  std::uint32_t rank_{0};  ///< of the next that no arrow ends at
};

}  // namespace parallax::scenarios
