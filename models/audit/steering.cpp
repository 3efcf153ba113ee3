#include "models/audit/steering.h"

#include <algorithm>

namespace parallax::audit {

using domain::SiteChange;

Steering::Steering(const Setup& setup) : setup_{setup}, downs_(setup.sites) {
  found_.has_affinity = setup.has_affinity;
  for (const domain::SiteId region : setup.region_of_population) {
    found_.has_jurisdictions |= jurisdiction_of(region) != domain::Jurisdiction{};
  }
}

domain::Jurisdiction Steering::jurisdiction_of(domain::SiteId site) const {
  return setup_.jurisdictions.empty() ? domain::Jurisdiction{} : setup_.jurisdictions[domain::index(site)];
}

// From the loss until it serves again.
void Steering::site_changed(const domain::SiteChanged& changed, sim::VirtualTime now) {
  auto& downs = downs_[domain::index(changed.site)];
  const bool is_down = !downs.empty() && !downs.back().until;
  if (changed.change == SiteChange::kLost && !is_down) downs.push_back({now, std::nullopt});
  if (changed.change == SiteChange::kReady && !downs.empty()) downs.back().until = now;
}

bool Steering::was_up(domain::SiteId site, sim::VirtualTime when) const {
  const auto& downs = downs_[domain::index(site)];
  return std::none_of(downs.begin(), downs.end(),
                      [&](const Down& down) { return down.from <= when && (!down.until || when < *down.until); });
}

void Steering::finished(const domain::RequestFinished& request) {
  if (domain::index(request.called) >= setup_.sites) return;  // it found no way
  ++found_.calls;
  const domain::SiteId preferred = setup_.preferred_of_population[domain::index(request.population)];
  found_.elsewhere += request.called != preferred && was_up(preferred, request.sent);
  const domain::SiteId region = setup_.region_of_population[domain::index(request.population)];
  const domain::Jurisdiction home = jurisdiction_of(region);
  const bool is_served = request.ending == domain::Ending::kAnswered && domain::answer_of(request.outcome).http < 500;
  found_.abroad += is_served && home != domain::Jurisdiction{} && jurisdiction_of(request.called) != home;
}

void Steering::closed(const domain::UsersClosed& users) {
  found_.users += users.users;
  found_.moved += users.moved;
  found_.moves += users.moves;
  found_.unresolved += users.unresolved;
  found_.tokenless += users.tokenless;
}

}  // namespace parallax::audit
