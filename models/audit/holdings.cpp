#include "models/audit/holdings.h"

#include <algorithm>
#include <utility>

namespace parallax::audit {

namespace {

std::uint64_t packed(domain::LayerId layer, domain::ObjectRef object) {
  return static_cast<std::uint64_t>(layer) << 32 | object.packed;
}

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

sim::RecordId Holdings::put(const Place& place, domain::Version version, sim::RecordId id) {
  Entries& entries = by_place_[packed(place.layer, place.object)];
  for (Holding& holding : entries) {
    if (holding.variant != place.variant) continue;
    holding.version = version;
    return std::exchange(holding.put, id);
  }
  entries.push_back({place.variant, version, id});
  return {};
}

sim::RecordId Holdings::drop(const Place& place) {
  const auto found = by_place_.find(packed(place.layer, place.object));
  if (found == by_place_.end()) return {};
  Entries& entries = found->second;
  const auto dropped = std::find_if(entries.begin(), entries.end(),
                                    [&](const Holding& holding) { return holding.variant == place.variant; });
  if (dropped == entries.end()) return {};
  const sim::RecordId put = dropped->put;
  entries.erase(dropped);
  if (entries.empty()) by_place_.erase(found);
  return put;
}

domain::Version Holdings::version_in(domain::LayerId root, domain::ObjectRef object) const {
  const Entries* held = entries(root, object);
  return held == nullptr ? version_before_run(*setup_.catalog, object) : held->front().version;
}

const Holdings::Entries* Holdings::entries(domain::LayerId layer, domain::ObjectRef object) const {
  const auto found = by_place_.find(packed(layer, object));
  return found == by_place_.end() ? nullptr : &found->second;
}

sim::RecordId Holdings::put_in(domain::LayerId root, domain::ObjectRef object) const {
  const Entries* held = entries(root, object);
  return held == nullptr ? sim::RecordId{} : held->front().put;
}

std::optional<Holdings::Deciding> Holdings::deciding(domain::NodeId observer, domain::ObjectRef object) const {
  const auto kind = static_cast<std::size_t>(object.kind());
  const auto& chain = setup_.observers[domain::index(observer)].chains[kind];
  for (std::size_t depth = 0; depth < chain.size(); ++depth) {
    if (const Entries* held = entries(chain[depth], object)) {
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
