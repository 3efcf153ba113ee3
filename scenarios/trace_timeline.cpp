#include "scenarios/trace_timeline.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace parallax::scenarios {

namespace {

constexpr std::size_t kMostPieces = 255;  // a mark counts them in 8 bits

TraceEvent flow_event(std::string name, const std::vector<std::uint64_t>& flows) {
  return {std::move(name), "flow", flows};
}

}  // namespace

RowId TraceTimeline::row(TrackId parent, std::string name) {
  rows_.push_back({parent, std::move(name)});
  return RowId{rows_.size() - 1};
}

void TraceTimeline::add(TraceSlice slice) {
  if (slice.pieces.size() > kMostPieces) slice.pieces.clear();
  slices_.push_back(std::move(slice));
  mark(static_cast<std::uint32_t>(slices_.size() - 1));
}

void TraceTimeline::count(TrackId counter, sim::VirtualTime now, std::int64_t value) {
  marks_.push_back({now, 0, static_cast<std::uint32_t>(values_.size()), What::kCount});
  values_.push_back({counter, value});
}

void TraceTimeline::mark(std::uint32_t number) {
  TraceSlice& slice = slices_[number];
  if (slice.begin == slice.end) {
    auto& flows = slice.event.flows;
    flows.insert(flows.end(), slice.sent_first.begin(), slice.sent_first.end());
    flows.insert(flows.end(), slice.sent_last.begin(), slice.sent_last.end());
    marks_.push_back({slice.begin, slice.end_rank, number, What::kInstant});
    return;
  }
  marks_.push_back({slice.begin, slice.begin_rank, number, What::kBegin});
  if (!slice.sent_first.empty()) marks_.push_back({slice.begin, slice.begin_rank, number, What::kSentFirst});
  sim::VirtualTime now = slice.begin;
  for (std::size_t i = 0; i < slice.pieces.size(); ++i) {
    const auto piece = static_cast<std::uint8_t>(i);
    marks_.push_back({now, now == slice.begin ? slice.begin_rank : slice.end_rank, number, What::kPiece, piece});
    now = now + slice.pieces[i].length;
    marks_.push_back({now, now == slice.begin ? slice.begin_rank : slice.end_rank, number, What::kPieceEnd, piece});
  }
  if (!slice.sent_last.empty()) marks_.push_back({slice.end, slice.end_rank, number, What::kSentLast});
  marks_.push_back({slice.end, slice.end_rank, number, What::kEnd});
}

// The first of the row's tracks whose last slice is over by then: not in the same instant, in which what begins might
// be told before what ends. Of instants a track holds many at a time.
void TraceTimeline::assign_tracks() {
  std::vector<std::uint32_t> order(slices_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(slices_[a].row, slices_[a].begin) < std::tie(slices_[b].row, slices_[b].begin);
  });
  struct Lane {
    TrackId track;
    sim::VirtualTime busy_from;
    sim::VirtualTime busy_until;
  };
  std::vector<std::vector<Lane>> lanes(rows_.size());
  track_of_.resize(slices_.size());
  for (const std::uint32_t number : order) {
    const TraceSlice& slice = slices_[number];
    const auto row = static_cast<std::size_t>(slice.row);
    auto lane = std::find_if(lanes[row].begin(), lanes[row].end(), [&](const Lane& one) {
      return one.busy_until < slice.begin || (one.busy_from == slice.end && one.busy_until == slice.begin);
    });
    if (lane == lanes[row].end()) {
      lane = lanes[row].insert(lane, {file_.track(rows_[row].parent, rows_[row].name), {}, {}});
    }
    lane->busy_from = slice.begin;
    lane->busy_until = slice.end;
    track_of_[number] = lane->track;
  }
}

void TraceTimeline::write() {
  assign_tracks();
  std::stable_sort(marks_.begin(), marks_.end(),
                   [](const Mark& a, const Mark& b) { return std::tie(a.time, a.rank) < std::tie(b.time, b.rank); });
  for (const Mark& one : marks_) write(one);
}

void TraceTimeline::write(const Mark& mark) {
  if (mark.what == What::kCount) return file_.count(values_[mark.of].counter, mark.time, values_[mark.of].value);
  const TraceSlice& slice = slices_[mark.of];
  const TrackId track = track_of_[mark.of];
  switch (mark.what) {
    case What::kBegin:
      return file_.begin(track, mark.time, slice.event);
    case What::kInstant:
      return file_.instant(track, mark.time, slice.event);
    case What::kPiece:
      return file_.begin(track, mark.time, {std::string(domain::name_of(slice.pieces[mark.piece].stage)), "stage"});
    case What::kSentFirst:
      return file_.instant(track, mark.time, flow_event("sent", slice.sent_first));
    case What::kSentLast:
      return file_.instant(track, mark.time, flow_event("passed on", slice.sent_last));
    case What::kPieceEnd:
    case What::kEnd:
      return file_.end(track, mark.time);
    case What::kCount:
      return;
  }
}

}  // namespace parallax::scenarios
