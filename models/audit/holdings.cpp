#include "models/audit/holdings.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace parallax::audit {

namespace {

domain::Version version_before_run(const domain::Catalog& catalog, domain::ObjectRef object) {
  using domain::ObjectKind;
  switch (object.kind()) {
    case ObjectKind::kToken:
      return domain::initial_version(object.id() < catalog.tokens.size() ? domain::Standing::kActive
                                                                         : domain::Standing::kAbsent);
    case ObjectKind::kApi:
      return domain::initial_version(catalog.apis[object.id()].initially);
    case ObjectKind::kSubscription:
      return domain::initial_version(catalog.subscriptions[object.id()].initially);
    case ObjectKind::kPolicy:
      return domain::initial_version(domain::Standing::kActive);
  }
  return {};
}

}  // namespace

Holdings::Entries::iterator Holdings::find(Entries& entries, std::uint32_t variant) {
  return std::find_if(entries.begin(), entries.end(), [&](const Holding& held) { return held.variant == variant; });
}

Holdings::Entries& Holdings::take_slot(domain::LayerId layer, domain::ObjectRef object) {
  auto& slots = slot_of_[domain::index(layer)][static_cast<std::size_t>(object.kind())];
  if (object.id() >= slots.size()) slots.resize(object.id() + std::size_t{1});
  std::uint32_t& slot = slots[object.id()];
  if (slot != 0) return slots_[slot];
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    return slots_.emplace_back();
  }
  slot = free_slots_.back();
  free_slots_.pop_back();
  return slots_[slot];
}

void Holdings::release_slot(domain::LayerId layer, domain::ObjectRef object) {
  std::uint32_t& slot = slot_of_[domain::index(layer)][static_cast<std::size_t>(object.kind())][object.id()];
  free_slots_.push_back(std::exchange(slot, 0));
}

sim::RecordId Holdings::put(const Place& place, domain::Version version, sim::RecordId id) {
  Entries& entries = take_slot(place.layer, place.object);
  const auto held = find(entries, place.variant);
  if (held == entries.end()) {
    entries.push_back({place.variant, version, id});
    return {};
  }
  held->version = version;
  return std::exchange(held->put, id);
}

void Holdings::add(const Place& place, domain::Version version, sim::RecordId id) {
  Entries& entries = take_slot(place.layer, place.object);
  assert(find(entries, place.variant) == entries.end());
  entries.push_back({place.variant, version, id});
}

sim::RecordId Holdings::drop(const Place& place) {
  const std::uint32_t slot = slot_of(place.layer, place.object);
  if (slot == 0) return {};
  Entries& entries = slots_[slot];
  const auto dropped = find(entries, place.variant);
  if (dropped == entries.end()) return {};
  const sim::RecordId put = dropped->put;
  entries.erase(dropped);
  if (entries.empty()) release_slot(place.layer, place.object);
  return put;
}

domain::Version Holdings::version_in(domain::LayerId root, domain::ObjectRef object) const {
  const Entries* held = find(root, object);
  return held == nullptr ? version_before_run(*setup_.catalog, object) : held->front().version;
}

const Holdings::Entries* Holdings::find(domain::LayerId layer, domain::ObjectRef object) const {
  const std::uint32_t slot = slot_of(layer, object);
  return slot == 0 ? nullptr : &slots_[slot];
}

sim::RecordId Holdings::put_in(domain::LayerId root, domain::ObjectRef object) const {
  const Entries* held = find(root, object);
  return held == nullptr ? sim::RecordId{} : held->front().put;
}

std::optional<Holdings::Deciding> Holdings::deciding(domain::NodeId observer, domain::ObjectRef object) const {
  const auto kind = static_cast<std::size_t>(object.kind());
  const auto& chain = setup_.observers[domain::index(observer)].chains[kind];
  for (std::size_t depth = 0; depth < chain.size(); ++depth) {
    if (const Entries* held = find(chain[depth], object)) {
      const auto stalest = std::min_element(held->begin(), held->end(),
                                            [](const Holding& a, const Holding& b) { return a.version < b.version; });
      return Deciding{*stalest, depth};
    }
    if (setup_.is_loaded.empty() || setup_.is_loaded[domain::index(chain[depth])] == 0) continue;
    const domain::Version version = version_before_run(*setup_.catalog, object);
    if (version != domain::Version{}) return Deciding{{0, version, {}}, depth};
  }
  return std::nullopt;
}

domain::Version Holdings::version(domain::NodeId observer, domain::ObjectRef object) const {
  const std::optional<Deciding> deciding_entry = deciding(observer, object);
  return deciding_entry ? deciding_entry->holding.version : version_before_run(*setup_.catalog, object);
}

}  // namespace parallax::audit
