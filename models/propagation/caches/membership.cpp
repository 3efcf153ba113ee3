#include "models/propagation/caches/membership.h"

namespace parallax::propagation::caches {

// What an earlier life of the host has left scheduled is void.
template <typename Callable>
void Membership::after(sim::Duration delay, Callable callable) {
  side_.site().after(delay, [this, callable, life = life_] {
    if (life == life_) callable();
  });
}

void Membership::start() {
  side_.site().after({}, [this] { begin(); });
}

void Membership::begin() {
  for (const auto& [side, other] : others_) heard_[side] = side_.site().now();
  after(phases_.heartbeat, [this] { beat(); });
  look_again_later(side_.spec().merge_first_run + phases_.merge);
}

void Membership::restored() {
  youth_ = Youth::kNew;
  begin();
  after(side_.spec().wait_before_join, [this] { look_for_others(); });
}

// --- Signs of life

void Membership::beat() {
  if (!side_.is_joining()) {
    remove_silent();
    send_heartbeats();
  }
  after(side_.spec().heartbeat_interval, [this] { beat(); });
}

bool Membership::is_silent(SideId side) const {
  return side_.site().now() - heard_.at(side) > side_.spec().most_without_heartbeat;
}

void Membership::remove_silent() {
  SideSet view = side_.view();
  while (view.first() != side_.id() && is_silent(view.first())) view = view.without(view.first());
  if (view.first() == side_.id()) {
    for (const auto& [side, other] : others_) {
      if (view.has(side) && is_silent(side)) view = view.without(side);
    }
  }
  if (view != side_.view()) adopt(view);
}

void Membership::send_heartbeats() {
  for (const auto& [side, other] : others_) {
    if (!side_.view().has(side)) continue;
    side_.send(side, [to = other, from = side_.id(), view = side_.view()] { to->hear(from, view); });
  }
}

void Membership::hear(SideId from, SideSet view) {
  if (!side_.power().is_on()) return;
  if (side_.is_joining()) {
    if (view.has(side_.id()) && view.has(target_) && view != side_.view()) adopt(view);
    return;
  }
  if (!side_.view().has(from)) return;
  heard_[from] = side_.site().now();
  if (from == side_.view().first() && view.has(side_.id()) && view != side_.view()) adopt(view);
}

// Whoever is new in it has just been heard of.
void Membership::adopt(SideSet view) {
  for (const auto& [side, other] : others_) {
    if (view.has(side) && !side_.view().has(side)) heard_[side] = side_.site().now();
  }
  side_.adopt(view);
}

// --- Finding each other again

void Membership::look_again_later(sim::Duration delay) {
  after(delay, [this] {
    youth_ = Youth::kSettled;
    look_for_others();
    look_again_later(side_.spec().merge_next_run);
  });
}

// By a connection of its own that comes about at once or not at all.
void Membership::look_for_others() {
  if (side_.is_joining() || !is_master()) return;
  side_.visit_others([this](SideId side, Side& there) {
    if (side_.view().has(side)) return;
    side_.site().send(there.site().id(), [to = others_.at(side), by = side_.id()] { to->be_looked_at(by); });
  });
}

void Membership::be_looked_at(SideId by) {
  if (!side_.power().is_on() || side_.is_joining()) return;
  Membership* asker = others_.at(by);
  side_.site().send(asker->side_.site().id(),
                    [asker, from = side_.id(), view = side_.view()] { asker->see(from, view); });
}

void Membership::see(SideId other, SideSet its_view) {
  if (!side_.power().is_on() || side_.is_joining() || !is_master() || side_.view().has(other)) return;
  if (!should_join(its_view)) return;
  const SideId target = its_view.first();
  for (const auto& [side, member] : others_) {
    if (side_.view().has(side)) side_.send(side, [member = member, target] { member->merge_into(target); });
  }
  merge_into(target);
}

// Not while the halves overlap: one of them has not noticed yet that it is cut off. To whom it belongs to does not
// matter for a host that has just started: it has nothing to lose.
bool Membership::should_join(SideSet other) const {
  if (youth_ == Youth::kNew) return other.without(side_.id()) != SideSet{} && other.first() != side_.id();
  if (side_.view().meets(other)) return false;
  const std::size_t mine = side_.roster().count_in(side_.view());
  const std::size_t others = side_.roster().count_in(other);
  return mine < others || (mine == others && other.first() < side_.view().first());
}

void Membership::merge_into(SideId target) {
  if (!side_.power().is_on() || side_.is_joining()) return;
  target_ = target;
  side_.begin_joining();
  side_.send(target, [to = others_.at(target), side = side_.id()] { to->admit(side); });
  after(side_.spec().join_timeout, [this, attempt = ++joins_] {
    if (attempt == joins_ && side_.is_joining()) side_.stay_alone();
  });
}

// One that is still known comes from a new life: what it had is gone.
void Membership::admit(SideId side) {
  if (!side_.power().is_on() || side_.is_joining() || !is_master()) return;
  if (side_.view().has(side)) adopt(side_.view().without(side));
  adopt(side_.view().with(side));
  send_heartbeats();
}

}  // namespace parallax::propagation::caches
