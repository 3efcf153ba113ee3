#include "models/audit/journeys.h"

#include <algorithm>

namespace parallax::audit {

using domain::Stage;

namespace {

// Collects stretches backwards in time, from the end of a window to its start.
class BackwardPieces {
 public:
  BackwardPieces(sim::VirtualTime start, sim::VirtualTime end) : start_{start}, reached_{end} {}

  bool complete() const { return reached_ <= start_; }

  void charge(Stage stage, sim::VirtualTime from) {
    const sim::VirtualTime begin = std::max(from, start_);
    if (begin >= reached_) return;
    const sim::Duration length = reached_ - begin;
    reached_ = begin;
    if (!pieces_.empty() && pieces_.back().stage == stage) {
      pieces_.back().length += length;
    } else {
      pieces_.push_back({stage, length});
    }
  }

  std::vector<Piece> in_order() && {
    std::reverse(pieces_.begin(), pieces_.end());
    return std::move(pieces_);
  }

 private:
  sim::VirtualTime start_;
  sim::VirtualTime reached_;
  std::vector<Piece> pieces_;
};

}  // namespace

std::optional<Step> Journeys::find(sim::RecordId id) const {
  const auto found = steps_.find(id.packed);
  if (found == steps_.end()) return std::nullopt;
  return found->second;
}

std::vector<Piece> Journeys::walk(const Step& last, sim::VirtualTime start) const {
  BackwardPieces pieces{start, last.time};
  std::optional<Step> step = last;
  while (step && !pieces.complete()) {
    const std::optional<Step> cause = find(step->cause);
    // What began before the cause (a link was down already) counts from the cause on.
    const sim::VirtualTime turn = step->passage.turn;
    pieces.charge(step->passage.second, cause ? std::max(turn, cause->time) : turn);
    if (cause) pieces.charge(step->passage.first, cause->time);
    step = cause;
  }
  pieces.charge(Stage::kNone, start);
  return std::move(pieces).in_order();
}

sim::Duration total(const std::vector<Piece>& pieces) {
  sim::Duration sum{};
  for (const Piece& piece : pieces) sum += piece.length;
  return sum;
}

void truncate(std::vector<Piece>& pieces, sim::Duration length) {
  sim::Duration left = length;
  for (Piece& piece : pieces) {
    piece.length = std::min(piece.length, left);
    left = left - piece.length;
  }
  std::erase_if(pieces, [](const Piece& piece) { return piece.length.ns == 0; });
}

domain::Stage stage_at(const std::vector<Piece>& pieces, sim::Duration offset) {
  for (const Piece& piece : pieces) {
    if (offset < piece.length) return piece.stage;
    offset = offset - piece.length;
  }
  return pieces.empty() ? Stage::kNone : pieces.back().stage;
}

}  // namespace parallax::audit
