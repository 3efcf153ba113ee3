#include "scenarios/trace_file.h"

#include <utility>

#include "scenarios/schema/perfetto.pb.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

using perfetto::TracePacket;

namespace {

constexpr std::uint32_t kSequence = 1;
constexpr std::uint32_t kNothingBefore = 1;  // SEQ_INCREMENTAL_STATE_CLEARED
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Perfetto takes strings for UTF-8.
std::string readable(std::string_view text) {
  std::string out;
  for (std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos; bad = find_invalid_utf8(text)) {
    out += text.substr(0, bad);
    out += kReplacement;
    text.remove_prefix(bad + 1);
  }
  return out += text;
}

perfetto::TrackEvent& event_of(TracePacket& packet, perfetto::TrackEvent::Type type, TrackId track,
                               sim::VirtualTime now) {
  packet.set_timestamp(static_cast<std::uint64_t>(now.ns));
  perfetto::TrackEvent& event = *packet.mutable_track_event();
  event.set_type(type);
  event.set_track_uuid(static_cast<std::uint64_t>(track));
  return event;
}

void add_note(const TraceNote& note, perfetto::TrackEvent& event) {
  perfetto::DebugAnnotation& annotation = *event.add_debug_annotations();
  annotation.set_name(std::string(note.name));
  if (const auto* const number = std::get_if<std::int64_t>(&note.value)) {
    annotation.set_int_value(*number);
  } else {
    annotation.set_string_value(readable(std::get<std::string>(note.value)));
  }
}

void fill(const TraceEvent& from, perfetto::TrackEvent& event) {
  event.set_name(readable(from.name));
  event.add_categories(std::string(from.category));
  for (const std::uint64_t flow : from.flows) event.add_flow_ids(flow);
  for (const TraceNote& note : from.notes) add_note(note, event);
}

}  // namespace

TraceFile::TraceFile(Sink sink) : sink_{std::move(sink)}, trace_{std::make_unique<perfetto::Trace>()} {}
TraceFile::~TraceFile() = default;

TrackId TraceFile::process(std::string_view name) {
  TracePacket& packet = next();
  perfetto::TrackDescriptor& track = *packet.mutable_track_descriptor();
  track.set_uuid(++tracks_);
  track.mutable_process()->set_pid(++processes_);
  track.mutable_process()->set_process_name(readable(name));
  write();
  return TrackId{tracks_};
}

TrackId TraceFile::track(TrackId parent, std::string_view name) {
  const TrackId track = describe(next(), parent, name);
  write();
  return track;
}

TrackId TraceFile::counter(TrackId parent, std::string_view name) {
  TracePacket& packet = next();
  const TrackId track = describe(packet, parent, name);
  packet.mutable_track_descriptor()->mutable_counter();
  write();
  return track;
}

TrackId TraceFile::describe(TracePacket& packet, TrackId parent, std::string_view name) {
  perfetto::TrackDescriptor& track = *packet.mutable_track_descriptor();
  track.set_uuid(++tracks_);
  track.set_parent_uuid(static_cast<std::uint64_t>(parent));
  track.set_name(readable(name));
  return TrackId{tracks_};
}

void TraceFile::begin(TrackId track, sim::VirtualTime now, const TraceEvent& event) {
  fill(event, event_of(next(), perfetto::TrackEvent::TYPE_SLICE_BEGIN, track, now));
  write();
}

void TraceFile::end(TrackId track, sim::VirtualTime now) {
  event_of(next(), perfetto::TrackEvent::TYPE_SLICE_END, track, now);
  write();
}

void TraceFile::instant(TrackId track, sim::VirtualTime now, const TraceEvent& event) {
  fill(event, event_of(next(), perfetto::TrackEvent::TYPE_INSTANT, track, now));
  write();
}

void TraceFile::count(TrackId track, sim::VirtualTime now, std::int64_t value) {
  event_of(next(), perfetto::TrackEvent::TYPE_COUNTER, track, now).set_counter_value(value);
  write();
}

// A file is a Trace; as packets stand in it one after the other, each is written as a Trace of its own.
TracePacket& TraceFile::next() {
  trace_->Clear();
  TracePacket& packet = *trace_->add_packet();
  packet.set_trusted_packet_sequence_id(kSequence);
  if (!std::exchange(has_begun_, true)) packet.set_sequence_flags(kNothingBefore);
  return packet;
}

void TraceFile::write() {
  trace_->SerializeToString(&bytes_);
  sink_(bytes_);
}

}  // namespace parallax::scenarios
