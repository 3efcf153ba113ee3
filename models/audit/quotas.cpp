#include "models/audit/quotas.h"

#include <algorithm>

namespace parallax::audit {

namespace {

bool is_of_policy(domain::ObjectRef object) { return object.kind() == domain::ObjectKind::kPolicy; }

void erase_one(std::vector<std::uint32_t>& values, std::uint32_t value) {
  const auto found = std::find(values.begin(), values.end(), value);
  if (found != values.end()) values.erase(found);
}

}  // namespace

Quotas::Quotas(const domain::Catalog& catalog) {
  for (const domain::Tier& tier : catalog.tiers) {
    const domain::Version first = domain::initial_version(domain::Standing::kActive);
    by_tier_.push_back({{{first, tier.limit ? tier.limit->requests : 0, sim::VirtualTime{-1}}}, {}});
  }
}

void Quotas::invoke(const domain::ChangeInvoked& change) {
  if (is_of_policy(change.object)) by_tier_[change.object.id()].in_flight.push_back(change.quota);
}

void Quotas::abandon(const domain::ChangeAbandoned& change) {
  if (!is_of_policy(change.object) || change.why == domain::Abandoned::kUnknown) return;
  erase_one(by_tier_[change.object.id()].in_flight, change.quota);
}

// One that was acknowledged after a later one is superseded already.
void Quotas::acknowledge(const domain::ChangeAcknowledged& change, sim::VirtualTime now) {
  if (!is_of_policy(change.object)) return;
  History& history = by_tier_[change.object.id()];
  erase_one(history.in_flight, change.quota);
  const Said said{change.version, change.quota, now};
  const auto place = std::upper_bound(history.said.begin(), history.said.end(), said,
                                      [](const Said& a, const Said& b) { return a.version < b.version; });
  history.said.insert(place, said);
}

Quotas::Range Quotas::in_force(domain::TierId tier, sim::VirtualTime now) const {
  const History& history = by_tier_[domain::index(tier)];
  const Said& last = history.said.back();
  Range range{last.requests, last.requests};
  const auto widen = [&range](std::uint64_t requests) {
    range.least = std::min(range.least, requests);
    range.greatest = std::max(range.greatest, requests);
  };
  if (last.since == now && history.said.size() > 1) widen(history.said[history.said.size() - 2].requests);
  for (const std::uint32_t requests : history.in_flight) widen(requests);
  return range;
}

std::uint64_t Quotas::at(domain::TierId tier, domain::Version version) const {
  const auto& said = by_tier_[domain::index(tier)].said;
  const auto found = std::find_if(said.begin(), said.end(), [&](const Said& s) { return s.version == version; });
  return found == said.end() ? said.front().requests : found->requests;
}

}  // namespace parallax::audit
