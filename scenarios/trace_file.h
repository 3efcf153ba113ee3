// A trace in Perfetto's format (schema/perfetto.proto): one sequence of packets, each written as it is told. Knows
// tracks, slices and arrows, and no journal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/time.h"

namespace parallax::perfetto {
class Trace;
class TracePacket;
}  // namespace parallax::perfetto

namespace parallax::scenarios {

enum class TrackId : std::uint64_t {};

/// A value beside an event, under a name.
struct TraceNote {
  std::string_view name;
  std::variant<std::int64_t, std::string> value;
};

struct TraceEvent {
  std::string name;
  std::string_view category;
  std::vector<std::uint64_t> flows{};  ///< arrows that end or begin here; none is 0
  std::vector<TraceNote> notes{};
};

class TraceFile {
 public:
  /// Takes the bytes piece by piece.
  using Sink = std::function<void(std::string_view)>;
  explicit TraceFile(Sink sink);
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  ~TraceFile();

  /// A group of tracks that stands by itself. Names may hold any bytes.
  TrackId process(std::string_view name);
  TrackId track(TrackId parent, std::string_view name);
  TrackId counter(TrackId parent, std::string_view name);

  /// Requires: on each track no instant is before the one told last, and what begins last ends first.
  void begin(TrackId track, sim::VirtualTime now, const TraceEvent& event);
  void end(TrackId track, sim::VirtualTime now);
  void instant(TrackId track, sim::VirtualTime now, const TraceEvent& event);
  void count(TrackId track, sim::VirtualTime now, std::int64_t value);

 private:
  /// One that says nothing yet.
  perfetto::TracePacket& next();
  TrackId describe(perfetto::TracePacket& packet, TrackId parent, std::string_view name);
  void write();

  Sink sink_;
  std::unique_ptr<perfetto::Trace> trace_;  ///< of one packet; kept for its memory, as are its bytes
  std::string bytes_;
  std::uint64_t tracks_{0};
  std::int32_t processes_{0};
  bool has_begun_{false};
};

}  // namespace parallax::scenarios
