// The pending actions of one logical process, in slots that never move and are used again. An action that is cancelled
// keeps its slot until its event comes up: the future event list knows nothing of cancelling.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/action.h"

namespace parallax::sim {

/// Names a scheduled action until it runs or is cancelled.
struct Timer {
  std::uint32_t slot{0};
  std::uint32_t generation{0};  ///< 0: no action
};

struct ActionSlot {
  Action action;
  Timer timer;
};
static_assert(sizeof(ActionSlot) == 80);

class ActionPool {
 public:
  ActionSlot& put(const Action& action) {
    if (free_.empty()) grow();
    ActionSlot& slot = at(free_.back());
    free_.pop_back();
    slot.action = action;
    return slot;
  }

  /// False if the action has run or was cancelled before.
  bool cancel(Timer timer) {
    if (timer.generation == 0 || at(timer.slot).timer.generation != timer.generation) return false;
    ActionSlot& slot = at(timer.slot);
    slot.timer.generation = next(slot.timer.generation);
    slot.action = Action{};
    return true;
  }

  /// Frees the slot and gives what was in it; an empty action if it was cancelled.
  Action take(ActionSlot& slot) {
    const Action action = slot.action;
    slot.timer.generation = next(slot.timer.generation);
    free_.push_back(slot.timer.slot);
    return action;
  }

  std::size_t in_use() const { return blocks_.size() * kBlock - free_.size(); }

 private:
  static constexpr std::size_t kBlock = 256;

  static std::uint32_t next(std::uint32_t generation) { return generation + 1 == 0 ? 1 : generation + 1; }
  ActionSlot& at(std::uint32_t slot) { return blocks_[slot / kBlock][slot % kBlock]; }

  void grow() {
    const auto first = static_cast<std::uint32_t>(blocks_.size() * kBlock);
    blocks_.push_back(std::make_unique<ActionSlot[]>(kBlock));
    free_.reserve(blocks_.size() * kBlock);
    for (std::uint32_t i = kBlock; i-- > 0;) {
      blocks_.back()[i].timer = {first + i, 1};
      free_.push_back(first + i);
    }
  }

  std::vector<std::unique_ptr<ActionSlot[]>> blocks_;
  std::vector<std::uint32_t> free_;
};

}  // namespace parallax::sim
