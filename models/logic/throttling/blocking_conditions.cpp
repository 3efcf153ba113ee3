#include "models/logic/throttling/blocking_conditions.h"

#include <algorithm>

namespace parallax::logic::throttling {

namespace {

std::uint64_t packed(std::size_t kind, std::uint64_t id) { return std::uint64_t{kind} << 32 | id; }

// Whether the set changed.
template <typename Set, typename Value>
bool put(Set& set, const Value& value, Switch to) {
  return to == Switch::kOn ? set.insert(value).second : set.erase(value) > 0;
}

bool put(std::vector<AddressRange>& ranges, const AddressRange& range, Switch to) {
  const auto place = std::ranges::lower_bound(ranges, range);
  const bool is_there = place != ranges.end() && *place == range;
  if (is_there == (to == Switch::kOn)) return false;
  if (is_there) {
    ranges.erase(place);
  } else {
    ranges.insert(place, range);
  }
  return true;
}

}  // namespace

void BlockingConditions::set(const BlockingCondition& condition, Switch to) {
  if (const auto* address = std::get_if<ClientAddress>(&condition)) {
    put(addresses_, *address, to);
  } else if (const auto* range = std::get_if<AddressRange>(&condition)) {
    if (put(ranges_, *range, to)) reach_again();
  } else {
    const std::uint64_t id = std::visit(
        [](const auto& one) -> std::uint64_t {
          if constexpr (std::is_enum_v<std::decay_t<decltype(one)>>) return domain::index(one);
          return 0;
        },
        condition);
    if (!put(ids_, packed(condition.index(), id), to)) return;
    ids_of_[condition.index()] += to == Switch::kOn ? 1U : ~0U;
  }
}

bool BlockingConditions::blocks(const Subject& subject) const {
  const std::array<std::uint64_t, kIdKinds> ids{domain::index(subject.api), domain::index(subject.application),
                                                domain::index(subject.user), domain::index(subject.subscription)};
  for (std::size_t kind = 0; kind < kIdKinds; ++kind) {
    if (ids_of_[kind] > 0 && ids_.contains(packed(kind, ids[kind]))) return true;
  }
  return (!addresses_.empty() && addresses_.contains(subject.client)) || is_in_range(subject.client);
}

// Of the ranges that begin at the address or before, one reaches it if and only if the one that reaches furthest does.
bool BlockingConditions::is_in_range(ClientAddress address) const {
  const auto behind = std::ranges::upper_bound(ranges_, address, {}, &AddressRange::first);
  return behind != ranges_.begin() && reach_[static_cast<std::size_t>(behind - ranges_.begin()) - 1] >= address;
}

void BlockingConditions::reach_again() {
  reach_.clear();
  for (const AddressRange& range : ranges_) {
    reach_.push_back(reach_.empty() ? range.last : std::max(reach_.back(), range.last));
  }
}

}  // namespace parallax::logic::throttling
