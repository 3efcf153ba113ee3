#include "models/propagation/caches/side.h"

#include <algorithm>

#include "models/domain/journal.h"

namespace parallax::propagation::caches {

using domain::Stage;

namespace {

SideSet all_sides(const Roster& roster) {
  SideSet sides;
  for (std::size_t i = 0; i < roster.size(); ++i) sides = sides.with(roster[static_cast<MemberId>(i)].side);
  return sides;
}

}  // namespace

Side::Side(const Place& place, const Roster& roster, const CacheClusterSpec& spec, const StagesOfFaults& stage_of_fault)
    : place_{place},
      roster_{roster},
      spec_{spec},
      stage_of_fault_{stage_of_fault},
      view_{all_sides(roster)},
      ownership_{spec.partitions, spec.backups, roster, view_},
      calls_{place.site, spec, [this](Message& request) { return route(request); }} {
  for (std::size_t side = 0; side < SideSet::kMost; ++side) inlets_.push_back({this, static_cast<SideId>(side)});
  roster.visit(SideSet::only(place.id), [&](MemberId member) { shelves_.emplace(member, Shelf{spec.map_ttl}); });
}

// --- What members do

Message Side::request(Verb verb, MemberId member, const Key& key) const {
  Message message;
  message.verb = verb;
  message.from = member;
  message.key = key;
  message.at = place_.site.now();
  return message;
}

Side::Call Side::get(MemberId member, const Key& key) { return {*this, request(Verb::kGet, member, key)}; }

Side::Call Side::put(MemberId member, const Key& key, const Copy& copy) {
  return {*this, put_request(member, key, copy)};
}

Side::Call Side::remove(MemberId member, const Key& key, domain::Version replaced_by, sim::RecordId cause) {
  return {*this, removal_request(member, key, replaced_by, cause)};
}

Message Side::put_request(MemberId member, const Key& key, const Copy& copy) const {
  Message message = request(Verb::kPut, member, key);
  message.copy = copy;
  return message;
}

Message Side::removal_request(MemberId member, const Key& key, domain::Version replaced_by, sim::RecordId cause) const {
  Message message = request(Verb::kRemove, member, key);
  message.copy.version = replaced_by;
  message.copy.put = cause;
  return message;
}

std::uint32_t Side::tell_others(Message message) {
  std::uint32_t told = 0;
  roster_.visit(view_, [&](MemberId member) {
    if (member == message.from) return;
    message.to = member;
    deliver(message);
    ++told;
  });
  return told;
}

std::optional<SideId> Side::route(Message& request) {
  if (is_joining() || !place_.power.is_on()) return std::nullopt;
  request.to = ownership_.of(request.key).owner;
  deliver(request);
  return roster_[request.to].side;
}

// --- Between members

void Side::deliver(const Message& message) {
  deliver_at(roster_[message.to].side, message, message.from == message.to ? sim::Duration{} : spec_.local_delay);
}

void Side::deliver_at(SideId to, const Message& message, sim::Duration local_delay) {
  if (to == id()) {
    place_.site.after(local_delay, [this, message] { take(message); });
    return;
  }
  const Other& other = others_.at(to);
  other.end->send([inlet = &other.side->inlets_[index(id())], message] { inlet->receive(message); });
}

void Side::receive(SideId from, const Message& message) {
  Message received = message;
  if (const auto& held = others_.at(from).end->was_held_back()) charge(received, *held);
  take(received);
}

// What has a record of its own goes on from a hop there; an answer's time is told when it is used.
void Side::charge(Message& message, const sim::HeldBack& held) {
  const Stage stage = stage_of_fault_[held.fault];
  if (message.verb == Verb::kFound || !message.copy.put.exists()) {
    message.stage = stage;
    message.at = std::max(message.at, held.since);
    return;
  }
  const domain::Hop hop{roster_[message.to].node, message.key.object, {message.stage, stage, held.since}};
  message.copy.put = place_.site.record(hop.pack(), message.copy.put);
  message.stage = Stage::kClusterMessage;
  message.at = place_.site.now();
}

void Side::take(const Message& message) {
  if (!place_.power.is_on()) return;
  switch (message.verb) {
    case Verb::kGet:
    case Verb::kPut:
    case Verb::kRemove:
    case Verb::kMerge:
      return serve(message);
    case Verb::kBackUp:
    case Verb::kBackUpRemoval:
      return keep_backup(message);
    case Verb::kMove:
      if (is_joining() || ownership_.of(message.key).has(message.to)) {
        shelves_.at(message.to).put(message.key, message.copy);
      }
      return;
    case Verb::kUpdated:
    case Verb::kRemoved:
      for (const auto& [member, ear] : map_ears_) {
        if (member != message.from) ear->changed(message);
      }
      return;
    case Verb::kInvalidate:
      if (const auto ear = forget_ears_.find(message.to); ear != forget_ears_.end())
        ear->second->told_to_forget(message);
      return;
    default:
      return calls_.receive(message);
  }
}

// --- The owner

void Side::serve(const Message& request) {
  const bool is_known = view_.has(roster_[request.from].side);
  if (is_joining() || !is_known || ownership_.of(request.key).owner != request.to) {
    return answer(request, Verb::kWrongTarget);
  }
  Shelf& shelf = shelves_.at(request.to);
  const sim::VirtualTime now = place_.site.now();
  if (request.verb == Verb::kGet) {
    const std::optional<Copy> found = shelf.get(request.key, now);
    return found ? answer(request, Verb::kFound, *found) : answer(request, Verb::kMissing);
  }
  if (request.verb == Verb::kRemove) {
    const bool was_there = shelf.erase(request.key);
    answer(request, back_up(request, Verb::kBackUpRemoval) ? Verb::kDoneAndBackedUp : Verb::kDone);
    if (was_there) announce(request, Verb::kRemoved);
    return;
  }
  if (request.verb == Verb::kMerge) {
    const bool takes = takes_merging(spec_.merge_policy, request.copy, shelf.peek(request.key, now));
    if (!takes) return answer(request, Verb::kDone);
  }
  shelf.put(request.key, request.copy);
  answer(request, back_up(request, Verb::kBackUp) ? Verb::kDoneAndBackedUp : Verb::kDone);
  if (request.verb == Verb::kPut) announce(request, Verb::kUpdated);
}

void Side::answer(const Message& request, Verb verb, const Copy& copy) {
  Message message;
  message.verb = verb;
  message.copy = copy;
  message.key = request.key;
  message.at = place_.site.now();
  message.call = request.call;
  message.from = request.to;
  message.to = request.from;
  deliver(message);
}

bool Side::back_up(const Message& request, Verb verb) {
  const std::optional<MemberId> backup = ownership_.of(request.key).backup;
  if (!backup) return false;
  Message message = request;  // with the call's number, and its member to acknowledge to
  message.verb = verb;
  message.to = *backup;
  deliver_at(roster_[*backup].side, message, spec_.local_delay);
  return true;
}

void Side::keep_backup(const Message& message) {
  Shelf& shelf = shelves_.at(message.to);
  const bool is_removal = message.verb == Verb::kBackUpRemoval;
  if (is_removal) shelf.erase(message.key);
  if (!is_removal && ownership_.of(message.key).has(message.to)) shelf.put(message.key, message.copy);
  answer(message, Verb::kBackedUp);
}

// One message for all members of a side.
void Side::announce(const Message& request, Verb verb) {
  Message event = request;
  event.verb = verb;
  event.call = 0;
  for (SideSet left = view_; left != SideSet{}; left = left.without(left.first())) {
    deliver_at(left.first(), event, spec_.local_delay);
  }
}

}  // namespace parallax::propagation::caches
