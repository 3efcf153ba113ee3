#include "models/audit/barriers.h"

#include <algorithm>

namespace parallax::audit {

using domain::Stage;

namespace {

void add_piece(std::vector<Piece>& pieces, Stage stage, sim::Duration length) {
  if (length.ns <= 0) return;
  if (!pieces.empty() && pieces.back().stage == stage) {
    pieces.back().length += length;
  } else {
    pieces.push_back({stage, length});
  }
}

bool waits_for_news(Stage stage) { return stage == Stage::kReplicationLag || stage == Stage::kPending; }

}  // namespace

// Statistics have databases of their own, which no window is about.
void Barriers::stream_changed(const domain::StreamChanged& stream, sim::VirtualTime now) {
  if (stream.kind != domain::DatabaseKind::kApi) return;
  if (stream.change == domain::StreamChange::kStopped) {
    all_.push_back({stream.from, {}, stream.database, {}, now, sim::kNever, Stage::kApplyStopped});
  } else if (stream.change == domain::StreamChange::kResumed) {
    for (Barrier& stop : all_) {
      const bool is_it = stop.stage == Stage::kApplyStopped && stop.from == stream.from;
      if (is_it && stop.database == stream.database) stop.until = std::min(stop.until, now);
    }
  }
}

std::vector<Setup::Barrier> Barriers::on(const Way& way, sim::VirtualTime start, sim::VirtualTime end) const {
  std::vector<Barrier> found;
  for (const Barrier& one : all_) {
    if (one.since >= end || one.until <= start) continue;
    if (one.from && *one.from != way.from) continue;
    if (one.to && *one.to != way.to) continue;
    if (one.database && one.database != way.database) continue;
    if (one.observer && one.observer != way.observer) continue;
    found.push_back(one);
  }
  std::stable_sort(found.begin(), found.end(), [](const Barrier& a, const Barrier& b) { return a.since < b.since; });
  return found;
}

// Of several at once the first counts.
void Barriers::charge(const Way& way, sim::VirtualTime start, sim::VirtualTime end, std::vector<Piece>& pieces) const {
  const std::vector<Barrier> found = on(way, start, end);
  if (std::none_of(found.begin(), found.end(), [&](const Barrier& one) { return one.until >= end; })) return;
  std::vector<Piece> charged;
  sim::VirtualTime reached = start;
  for (const Piece& piece : pieces) {
    const sim::VirtualTime last = reached + piece.length;
    for (const Barrier& one : found) {
      const sim::VirtualTime since = std::max(reached, one.since);
      const sim::VirtualTime until = std::min(last, one.until);
      if (!waits_for_news(piece.stage) || since >= until) continue;
      add_piece(charged, piece.stage, since - reached);
      add_piece(charged, one.stage, until - since);
      reached = until;
    }
    add_piece(charged, piece.stage, last - reached);
    reached = last;
  }
  pieces = std::move(charged);
}

}  // namespace parallax::audit
