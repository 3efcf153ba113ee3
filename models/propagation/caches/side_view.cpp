// What a side does when its view of the cluster changes: who is a member, and what moves where.
#include "models/propagation/caches/side.h"

#include <utility>

namespace parallax::propagation::caches {

using domain::Stage;

void Side::adopt(SideSet view) {
  const SideSet before = view_;
  const Ownership owned = ownership_;
  view_ = view;
  ownership_ = Ownership{spec_.partitions, spec_.backups, roster_, view};
  if (!is_joining() || is_taken_in_) move_entries(owned);
  for (const auto& [side, other] : others_) {
    if (!before.has(side) && view.has(side)) end_moves_to(side);
    if (!before.has(side) || view.has(side)) continue;
    const auto fault = place_.site.fault_on_way_to(other.side->site().id());
    other.end->cut();
    calls_.side_left(side, fault ? stage_of_fault_[*fault] : Stage::kSiteDown);
  }
  if (is_joining()) {
    is_taken_in_ = true;
    return end_joining_if_complete();
  }
  calls_.go_on();
}

// Whoever was the owner, or had the backup of an owner that is gone, gives a copy to those who had none.
void Side::move_entries(const Ownership& before) {
  for (auto& [member, shelf] : shelves_) {
    for (const auto& [key, copy] : shelf.entries()) {
      const Holders& old = before.of(key);
      const MemberId giver = view_.has(roster_[old.owner].side) ? old.owner : old.backup.value_or(old.owner);
      if (giver != member) continue;
      const Holders& holders = ownership_.of(key);
      if (!old.has(holders.owner)) move(member, holders.owner, key, copy);
      if (holders.backup && !old.has(*holders.backup)) move(member, *holders.backup, key, copy);
    }
    shelf.erase_if([&, holder = member](const Key& key) { return !ownership_.of(key).has(holder); });
  }
}

void Side::move(MemberId from, MemberId to, const Key& key, const Copy& copy) {
  if (roster_[to].side == id()) return shelves_.at(to).put(key, copy);
  Message message = request(Verb::kMove, from, key);
  message.copy = copy;
  message.to = to;
  deliver(message);
}

void Side::end_moves_to(SideId to) {
  send(to, [side = others_.at(to).side, from = id()] { side->moves_ended(from); });
}

void Side::moves_ended(SideId from) {
  moves_ended_ = moves_ended_.with(from);
  end_joining_if_complete();
}

void Side::begin_joining() {
  for (const auto& [member, shelf] : shelves_) {
    for (const auto& [key, copy] : shelf.entries()) {
      if (ownership_.of(key).owner == member) to_merge_.push_back({member, key, copy});
    }
  }
  for (auto& [member, shelf] : shelves_) shelf.clear();
  state_ = State::kJoining;
  is_taken_in_ = false;
  moves_ended_ = {};
  view_ = SideSet::only(id());
  ownership_ = Ownership{spec_.partitions, spec_.backups, roster_, view_};
}

void Side::end_joining_if_complete() {
  if (is_joining() && is_taken_in_ && moves_ended_.has_all(view_.without(id()))) end_joining();
}

void Side::end_joining() {
  state_ = State::kMember;
  for (const SetAside& entry : std::exchange(to_merge_, {})) {
    Message message = request(Verb::kMerge, entry.member, entry.key);
    message.copy = entry.copy;
    tell(message);
  }
  calls_.go_on();
}

// --- Power

void Side::lost() {
  for (auto& [member, shelf] : shelves_) shelf.clear();
  to_merge_.clear();
  for (const auto& [side, other] : others_) other.end->lost();
  calls_.lose_all();
}

// It knows of nobody else yet.
void Side::restored() {
  for (const auto& [side, other] : others_) other.end->restored();
  state_ = State::kMember;
  view_ = SideSet::only(id());
  ownership_ = Ownership{spec_.partitions, spec_.backups, roster_, view_};
}

}  // namespace parallax::propagation::caches
