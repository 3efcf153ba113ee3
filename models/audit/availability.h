// Availability as clients see it: per population, requests grouped by the second in which they were sent; and what an
// outage of a data center cost them, split into detect, decide, redirect and warm-up.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class Availability {
 public:
  explicit Availability(const Setup& setup);

  void finished(const domain::RequestFinished& request);
  void site_changed(const domain::SiteChanged& changed, sim::VirtualTime now);
  void resolver_moved(const domain::ResolverMoved& moved, sim::VirtualTime now);

  /// Unavailability windows are maximal runs of seconds in which under half of the requests were served; shorter gaps
  /// than 5 s between them are merged, seconds without requests are no data.
  void finish(Findings& findings) const;

 private:
  struct Outage {
    domain::SiteId site;
    sim::VirtualTime start;
    std::map<domain::SiteId, sim::VirtualTime> noticed;     ///< by region
    std::map<domain::SiteId, sim::VirtualTime> last_moved;  ///< by region: its last resolver that left the site
    std::map<domain::SiteId, sim::VirtualTime> last_call;   ///< by region: of its clients, to the site, in vain
  };
  Outage* open_outage(domain::SiteId site);
  void add_outage(const Outage& outage, std::size_t population, Findings& findings) const;
  sim::VirtualTime first_failed_check(const Outage& outage, domain::SiteId judge, sim::VirtualTime decided) const;
  std::int64_t unavailable_seconds(const std::vector<ServedSecond>& seconds) const;
  struct ServedAgain {
    sim::VirtualTime from;
    bool is_for_good;  ///< as far as the run tells
  };
  ServedAgain served_again(const std::vector<ServedSecond>& seconds, sim::VirtualTime start) const;

  const Setup& setup_;
  std::vector<std::vector<ServedSecond>> seconds_;  ///< by population, by second
  std::vector<Outage> outages_;
  std::vector<SiteMoment> moments_;
  std::uint64_t failed_{0};
};

}  // namespace parallax::audit
