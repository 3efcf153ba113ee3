#include "models/logic/throttling/event_group.h"

namespace parallax::logic::throttling {

EventGroup::EventGroup(const EventGroupOptions& group, const PublisherOptions& options)
    : spread_{group.spread}, batch_{options.batch}, ring_{options.ring_capacity} {
  for (const StoreId store : group.stores) {
    members_.push_back({.store = store});
    members_.back().batch.reserve(batch_);
  }
}

std::optional<std::size_t> EventGroup::next_up(std::size_t from) const {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const std::size_t member = (from + i) % members_.size();
    if (members_[member].is_up) return member;
  }
  return std::nullopt;
}

std::optional<std::size_t> EventGroup::choose() {
  const auto member = next_up(spread_ == Spread::kRoundRobin ? turn_ : 0);
  if (member) turn_ = (*member + 1) % members_.size();
  return member;
}

std::size_t EventGroup::unsent() const {
  std::size_t events = 0;
  for (const Member& member : members_) events += member.batch.size();
  return events;
}

}  // namespace parallax::logic::throttling
