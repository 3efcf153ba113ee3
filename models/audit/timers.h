// How often the timers of each site have fired, as far as anybody waited for them: from the stages that records name,
// from the lives of tokens, and from rows that the token cleaner has taken away.
#pragma once

#include <cstdint>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::audit {

class Timers {
 public:
  /// `setup` outlives this.
  explicit Timers(const Setup& setup);

  void put(const domain::EntryPut& put, sim::SiteId site) { count(put.passage, site); }
  void dropped(const domain::EntryDropped& dropped, sim::SiteId site);
  void hop(const domain::Hop& hop, sim::SiteId site) { count(hop.passage, site); }
  void event_lost(const domain::EventLost& lost);
  void acknowledged(const domain::ChangeAcknowledged& change);
  void row_changed(const domain::RowChanged& change, sim::SiteId site);

  void finish(sim::VirtualTime end, Findings& findings);

 private:
  void count(const domain::Passage& passage, sim::SiteId site);
  void count(domain::Stage stage, sim::SiteId site);
  void fire(Timer timer, sim::SiteId site) { ++fired_[sim::index(site)][static_cast<std::size_t>(timer)]; }

  const Setup& setup_;
  std::vector<std::array<std::uint64_t, kTimersOfSites>> fired_;  ///< by site
  std::vector<std::vector<sim::VirtualTime>> expiries_;           ///< by site: of tokens issued there
};

}  // namespace parallax::audit
