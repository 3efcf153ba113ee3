// Traces as Perfetto reads them, by its published numbers alone: a walk through the wire format that shares nothing
// with the code that wrote it. What is not as Perfetto wants it throws.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parallax::scenarios {

/// One field: a number (wire types 0 and 1) or bytes (2).
struct WireField {
  std::uint32_t number;
  std::uint32_t type;
  std::uint64_t value{0};
  std::string_view bytes{};
};

class Wire {
 public:
  explicit Wire(std::string_view bytes) : left_{bytes} {}

  std::optional<WireField> next() {
    if (left_.empty()) return std::nullopt;
    const std::uint64_t tag = varint();
    WireField field{static_cast<std::uint32_t>(tag >> 3), static_cast<std::uint32_t>(tag & 7)};
    if (field.type == 0) {
      field.value = varint();
    } else if (field.type == 1) {
      const std::string_view bytes = take(8);
      for (std::size_t i = 8; i-- > 0;) field.value = field.value << 8 | static_cast<unsigned char>(bytes[i]);
    } else if (field.type == 2) {
      field.bytes = take(varint());
    } else {
      throw std::runtime_error("a wire type that nothing here has");
    }
    return field;
  }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    throw std::runtime_error("a number without end");
  }
  std::string_view take(std::uint64_t count) {
    if (count > left_.size()) throw std::runtime_error("a field is longer than what holds it");
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::string_view left_;
};

struct ReadTrack {
  std::uint64_t parent{0};  ///< 0: it is a process
  std::string name;
  bool is_counter{false};
};

enum class ReadType : std::uint64_t { kBegin = 1, kEnd, kInstant, kCounter };

struct ReadEvent {
  std::uint64_t time{0};
  std::uint64_t track{0};
  ReadType type{};
  std::string name{};
  std::string category{};
  std::int64_t value{0};
  std::vector<std::uint64_t> flows{};
  std::map<std::string, std::string> notes{};
};

struct ReadTrace {
  std::map<std::uint64_t, ReadTrack> tracks;
  std::vector<ReadEvent> events;

  /// "process: row", or the process.
  std::string place(std::uint64_t track) const {
    const ReadTrack& one = tracks.at(track);
    return one.parent == 0 ? one.name : tracks.at(one.parent).name + ": " + one.name;
  }
};

/// Requires of a field the wire type that its published type has.
inline const WireField& expect(const WireField& field, std::uint32_t type) {
  if (field.type != type) throw std::runtime_error("field " + std::to_string(field.number) + " has another wire type");
  return field;
}

inline std::pair<std::string, std::string> read_note(std::string_view bytes) {
  std::pair<std::string, std::string> note;
  Wire wire{bytes};
  while (const auto field = wire.next()) {
    if (field->number == 10) note.first = expect(*field, 2).bytes;
    if (field->number == 6) note.second = expect(*field, 2).bytes;
    if (field->number == 4) note.second = std::to_string(static_cast<std::int64_t>(expect(*field, 0).value));
  }
  return note;
}

inline ReadEvent read_event(std::string_view bytes) {
  ReadEvent event;
  Wire wire{bytes};
  while (const auto field = wire.next()) {
    switch (field->number) {
      case 4:
        event.notes.insert(read_note(expect(*field, 2).bytes));
        break;
      case 9:
        event.type = static_cast<ReadType>(expect(*field, 0).value);
        break;
      case 11:
        event.track = expect(*field, 0).value;
        break;
      case 22:
        event.category = expect(*field, 2).bytes;
        break;
      case 23:
        event.name = expect(*field, 2).bytes;
        break;
      case 30:
        event.value = static_cast<std::int64_t>(expect(*field, 0).value);
        break;
      case 47:
        event.flows.push_back(expect(*field, 1).value);
        break;
      default:
        throw std::runtime_error("an event has a field that is not expected");
    }
  }
  return event;
}

inline void read_track(std::string_view bytes, ReadTrace& trace) {
  ReadTrack track;
  std::uint64_t id = 0;
  Wire wire{bytes};
  while (const auto field = wire.next()) {
    if (field->number == 1) id = expect(*field, 0).value;
    if (field->number == 2) track.name = expect(*field, 2).bytes;
    if (field->number == 5) track.parent = expect(*field, 0).value;
    if (field->number == 8) track.is_counter = expect(*field, 2).bytes.empty();
    if (field->number != 3) continue;
    bool has_number = false;
    Wire process{expect(*field, 2).bytes};
    while (const auto inner = process.next()) {
      if (inner->number == 1) has_number = expect(*inner, 0).value != 0;
      if (inner->number == 6) track.name = expect(*inner, 2).bytes;
    }
    if (!has_number) throw std::runtime_error("a process without a number of its own");
  }
  if (id == 0 || !trace.tracks.emplace(id, track).second) throw std::runtime_error("a track has no number of its own");
}

inline ReadTrace read_trace(std::string_view bytes) {
  ReadTrace trace;
  std::size_t packets = 0;
  Wire file{bytes};
  while (const auto packet = file.next()) {
    if (packet->number != 1) throw std::runtime_error("a trace holds packets alone");
    std::optional<std::uint64_t> time;
    std::uint64_t sequence = 0;
    std::uint64_t flags = 0;
    std::optional<ReadEvent> event;
    Wire wire{expect(*packet, 2).bytes};
    while (const auto field = wire.next()) {
      if (field->number == 8) time = expect(*field, 0).value;
      if (field->number == 10) sequence = expect(*field, 0).value;
      if (field->number == 11) event = read_event(expect(*field, 2).bytes);
      if (field->number == 13) flags = expect(*field, 0).value;
      if (field->number == 60) read_track(expect(*field, 2).bytes, trace);
    }
    if (sequence == 0) throw std::runtime_error("a packet is of no sequence");
    if ((packets++ == 0) != (flags == 1)) throw std::runtime_error("the first packet alone clears the state");
    if (event.has_value() != time.has_value()) throw std::runtime_error("events alone have a time, and all of them");
    if (!event) continue;
    event->time = *time;
    trace.events.push_back(std::move(*event));
  }
  return trace;
}

}  // namespace parallax::scenarios
