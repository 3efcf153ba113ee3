// Traces as Perfetto reads them, from slices worked out by hand.
#include "scenarios/trace_file.h"

#include <catch2/catch.hpp>

#include "scenarios/trace_timeline.h"
#include "scenarios/wording.h"
#include "tests/scenarios/trace_reader.h"

namespace parallax::scenarios {
namespace {

constexpr sim::VirtualTime at(std::int64_t ns) { return {ns}; }

template <typename Draw>
ReadTrace read_drawn(Draw&& draw) {
  std::string bytes;
  TraceFile file{[&](std::string_view piece) { bytes += piece; }};
  draw(file);
  return read_trace(bytes);
}

// 1 h and 1 ns: no microsecond holds it.
TEST_CASE("what is told of an event stands under Perfetto's numbers") {
  constexpr std::int64_t kTime = 3'600'000'000'001;
  const ReadTrace trace = read_drawn([](TraceFile& file) {
    const TrackId site = file.process("dc");
    const TrackId row = file.track(site, "node");
    const TrackId counter = file.counter(site, "requests");
    file.begin(row, at(0), {"one", "change", {7, 0xffff'ffff'ffff}, {{"id", "1/dc/2"}, {"less", std::int64_t{-3}}}});
    file.instant(row, at(1), {"two", "flow", {8}});
    file.end(row, at(kTime));
    file.count(counter, at(kTime), 250);
  });
  REQUIRE(trace.tracks.size() == 3);
  CHECK(trace.tracks.at(1).name == "dc");
  CHECK(trace.tracks.at(1).parent == 0);
  CHECK(trace.place(2) == "dc: node");
  CHECK_FALSE(trace.tracks.at(2).is_counter);
  CHECK(trace.tracks.at(3).is_counter);
  REQUIRE(trace.events.size() == 4);
  CHECK(trace.events[0].type == ReadType::kBegin);
  CHECK(trace.events[0].time == 0);
  CHECK(trace.events[0].name == "one");
  CHECK(trace.events[0].category == "change");
  CHECK(trace.events[0].flows == std::vector<std::uint64_t>{7, 0xffff'ffff'ffff});
  CHECK(trace.events[0].notes == std::map<std::string, std::string>{{"id", "1/dc/2"}, {"less", "-3"}});
  CHECK(trace.events[1].type == ReadType::kInstant);
  CHECK(trace.events[2].type == ReadType::kEnd);
  CHECK(trace.events[2].time == kTime);
  CHECK(trace.events[3].type == ReadType::kCounter);
  CHECK(trace.events[3].track == 3);
  CHECK(trace.events[3].value == 250);
}

TEST_CASE("names are kept as they are, and are UTF-8 whatever they were") {
  const std::vector<std::string> names{"<script>alert(\"x\")</script>", "a\"b'c\\", "\xD7\xA9\xD7\x9C\xE2\x80\xAE",
                                       "\xF0\x9F\x94\xA5", "line\nbreak"};
  for (const std::string& name : names) {
    const ReadTrace trace = read_drawn([&](TraceFile& file) {
      const TrackId site = file.process(name);
      file.instant(file.track(site, name), at(1), {name, "change", {}, {{"id", name}}});
      file.count(file.counter(site, name), at(1), 1);
    });
    for (const auto& [id, track] : trace.tracks) CHECK(track.name == name);
    CHECK(trace.events[0].name == name);
    CHECK(trace.events[0].notes.at("id") == name);
  }
  const ReadTrace trace = read_drawn([](TraceFile& file) {
    file.instant(file.track(file.process("\xFFp\xC0\xAF"), "r\xED\xA0\x80"), at(1),
                 {"e\xF0\x9F", "c", {}, {{"n", "\x80"}}});
  });
  CHECK(trace.tracks.at(1).name == "\xEF\xBF\xBDp\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(find_invalid_utf8(trace.tracks.at(2).name) == std::string_view::npos);
  CHECK(find_invalid_utf8(trace.events[0].name) == std::string_view::npos);
  CHECK(trace.events[0].notes.at("n") == "\xEF\xBF\xBD");
}

ReadTrace read_timeline(const std::vector<TraceSlice>& slices) {
  return read_drawn([&](TraceFile& file) {
    TraceTimeline timeline{file};
    timeline.row(file.process("dc"), "node");
    for (const TraceSlice& slice : slices) timeline.add(slice);
    timeline.write();
  });
}

TraceSlice slice(std::string name, std::int64_t begin, std::int64_t end, std::uint32_t rank) {
  return {RowId{0}, at(begin), at(end), {std::move(name), "c"}, rank, rank};
}

// Of [0, 10], [5, 15], [10, 12] and [11, 20]: the third begins where the first ends, so it has to go elsewhere; the
// fourth finds the first one's track free.
TEST_CASE("slices of a row that overlap or touch are on different tracks of its name") {
  const ReadTrace trace =
      read_timeline({slice("a", 0, 10, 0), slice("b", 5, 15, 1), slice("c", 10, 12, 2), slice("d", 11, 20, 3)});
  std::map<std::string, std::uint64_t> track;
  for (const ReadEvent& event : trace.events) {
    if (event.type == ReadType::kBegin) track[event.name] = event.track;
  }
  CHECK(track["a"] == track["d"]);
  CHECK(track["a"] != track["b"]);
  CHECK(track["c"] != track["a"]);
  CHECK(track["c"] != track["b"]);
  CHECK(trace.tracks.size() == 1 + 3);
  for (const auto& [name, id] : track) CHECK(trace.place(id) == "dc: node");
}

TEST_CASE("instants of one time share a track") {
  const ReadTrace trace = read_timeline({slice("a", 5, 5, 0), slice("b", 5, 5, 1), slice("c", 5, 5, 2)});
  CHECK(trace.tracks.size() == 1 + 1);
  CHECK(trace.events.size() == 3);
}

// What was told last begins first in the journal: its rank says so.
TEST_CASE("of one instant an arrow's source comes before its target") {
  TraceSlice effect = slice("effect", 5, 9, 1);
  effect.event.flows = {2};
  TraceSlice source = slice("source", 5, 7, 0);
  source.sent_first = {2};
  source.end_rank = 2;
  const ReadTrace trace = read_timeline({effect, source});
  std::vector<std::string> names;
  for (const ReadEvent& event : trace.events) {
    if (event.type != ReadType::kEnd) names.push_back(event.name);
  }
  CHECK(names == std::vector<std::string>{"source", "sent", "effect"});
  CHECK(trace.events[1].flows == trace.events[2].flows);
}

TEST_CASE("stages stand inside their slice, and what it passes on at its end") {
  TraceSlice whole = slice("whole", 5, 9, 0);
  whole.pieces = {{domain::Stage::kLinkDown, {3}}, {domain::Stage::kReplicationLag, {1}}};
  whole.sent_last = {4};
  const ReadTrace trace = read_timeline({whole});
  std::vector<std::pair<std::uint64_t, std::string>> told;
  for (const ReadEvent& event : trace.events) told.emplace_back(event.time, event.name);
  CHECK(told ==
        std::vector<std::pair<std::uint64_t, std::string>>{
            {5, "whole"}, {5, "link_down"}, {8, ""}, {8, "replication_lag"}, {9, ""}, {9, "passed on"}, {9, ""}});
}

}  // namespace
}  // namespace parallax::scenarios
