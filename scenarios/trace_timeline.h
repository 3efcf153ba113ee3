// What a trace is to show, put in order. Perfetto draws slices of one track within each other, and those of a node
// overlap as they like: so each row of the picture is as many tracks of one name as it takes, which are drawn as one.
// Events are written in order of time; of one instant in that of their ranks, so that an arrow begins before it ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/audit/findings.h"
#include "scenarios/trace_file.h"
#include "sim/time.h"

namespace parallax::scenarios {

enum class RowId : std::size_t {};

/// An instant if it takes no time.
struct TraceSlice {
  RowId row;
  sim::VirtualTime begin;
  sim::VirtualTime end;
  TraceEvent event;
  std::uint32_t begin_rank;
  std::uint32_t end_rank;
  std::vector<audit::Piece> pieces{};       ///< drawn inside; they add up to its length, or there are none
  std::vector<std::uint64_t> sent_first{};  ///< arrows from its begin
  std::vector<std::uint64_t> sent_last{};   ///< and from its end
};

class TraceTimeline {
 public:
  explicit TraceTimeline(TraceFile& file) : file_{file} {}
  TraceTimeline(const TraceTimeline&) = delete;
  TraceTimeline& operator=(const TraceTimeline&) = delete;

  RowId row(TrackId parent, std::string name);
  void add(TraceSlice slice);
  /// Requires: in order of time for each counter.
  void count(TrackId counter, sim::VirtualTime now, std::int64_t value);

  /// Once, after all else.
  void write();

 private:
  enum class What : std::uint8_t { kBegin, kInstant, kPiece, kPieceEnd, kSentFirst, kSentLast, kEnd, kCount };
  struct Mark {
    sim::VirtualTime time;
    std::uint32_t rank;
    std::uint32_t of;  ///< a slice or a value
    What what;
    std::uint8_t piece{0};
  };
  struct Row {
    TrackId parent;
    std::string name;
  };
  struct Value {
    TrackId counter;
    std::int64_t value;
  };
  void mark(std::uint32_t number);
  void assign_tracks();
  void write(const Mark& mark);

  TraceFile& file_;
  std::vector<Row> rows_;
  std::vector<TraceSlice> slices_;
  std::vector<TrackId> track_of_;  ///< by slice
  std::vector<Value> values_;
  std::vector<Mark> marks_;
};

}  // namespace parallax::scenarios
