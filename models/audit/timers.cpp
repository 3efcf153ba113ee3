#include "models/audit/timers.h"

#include <algorithm>
#include <utility>

namespace parallax::audit {

using domain::Stage;

Timers::Timers(const Setup& setup) : setup_{setup}, fired_(setup.sites), expiries_(setup.sites) {}

// Of an entry's age two stages tell, one after the other; only the sweep says that it was let get old. Where a later
// answer or an eviction took its place, nothing has fired.
void Timers::dropped(const domain::EntryDropped& dropped, sim::SiteId site) {
  if (dropped.passage.second != Stage::kCacheSweep) return count(dropped.passage, site);
  fire(Timer::kTokenCacheTtl, site);
  fire(Timer::kCacheSweep, site);
}

// Its subscriber was away then: the wait is seen, if not its end, of which there is no record.
void Timers::event_lost(const domain::EventLost& lost) {
  count(lost.by, setup_.observers[domain::index(lost.node)].site);
}

void Timers::acknowledged(const domain::ChangeAcknowledged& change) {
  if (change.change != domain::ChangeKind::kTokenIssued) return;
  expiries_[sim::index(setup_.observers[domain::index(change.writer)].site)].push_back(change.expires);
}

void Timers::row_changed(const domain::RowChanged& change, sim::SiteId site) {
  const bool is_cleaned = change.table == setup_.revoked_tokens_table &&
                          change.operation == domain::RowOperation::kDeleted &&
                          change.means == domain::RowMeans::kStatement;
  if (is_cleaned) fire(Timer::kTokenCleaner, site);
}

void Timers::count(const domain::Passage& passage, sim::SiteId site) {
  count(passage.first, site);
  count(passage.second, site);
}

void Timers::count(Stage stage, sim::SiteId site) {
  switch (stage) {
    case Stage::kPollInterval:
      return fire(Timer::kPollInterval, site);
    case Stage::kMirrorInterval:
      return fire(Timer::kMirrorInterval, site);
    case Stage::kDeploymentScan:
      return fire(Timer::kDeploymentScan, site);
    case Stage::kRetryWait:
      return fire(Timer::kRetryWait, site);
    case Stage::kReconnectWait:
      return fire(Timer::kReconnectWait, site);
    default:
      return;
  }
}

void Timers::finish(sim::VirtualTime end, Findings& findings) {
  for (std::size_t site = 0; site < expiries_.size(); ++site) {
    const auto expired = [end](sim::VirtualTime expires) { return expires <= end; };
    fired_[site][static_cast<std::size_t>(Timer::kTokenExpiry)] =
        static_cast<std::uint64_t>(std::count_if(expiries_[site].begin(), expiries_[site].end(), expired));
  }
  for (const domain::Token& token : setup_.catalog->tokens) {
    findings.timers.catalog_expiries += token.expires <= end;
  }
  findings.timers.fired = std::move(fired_);
}

}  // namespace parallax::audit
