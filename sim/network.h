// The network: sites joined by directed links with a delay, a loss share and scheduled outages. Routes (Boost.Graph,
// least sum of least delays) are computed once per epoch of the topology, that is between two changes of the schedule.
//
// A leg over several links is one sum, not an event per hop: the schedule of outages is known before the run, so the
// sender can tell for each hop whether the link is up at the instant the message enters it. What has entered a link
// arrives, even if the link goes down meanwhile (as packets in flight do). Traffic between others does not pass through
// an end site (clients do not forward). Immutable during a run; each sender draws from streams of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/distribution.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::sim {

enum class LinkId : std::uint32_t {};

struct LinkSpec {
  SiteId from;
  SiteId to;
  Distribution delay;
  double loss{0};  ///< share of messages that vanish, in [0, 1]
};

/// The link takes no message in [from, until).
struct LinkOutage {
  LinkId link;
  VirtualTime from;
  VirtualTime until;
  std::uint32_t fault;  ///< the caller's number, to count what each fault touched
};

class Network {
 public:
  Network(std::size_t sites, std::vector<LinkSpec> links, std::vector<LinkOutage> outages,
          const std::vector<SiteId>& end_sites = {});

  std::size_t sites() const { return sites_; }
  const std::vector<LinkSpec>& links() const { return links_; }

  /// Links from `from` to `to` at instant `t`, in order; empty if `from == to`, nothing if there is no way.
  std::optional<std::vector<LinkId>> route(SiteId from, SiteId to, VirtualTime t) const;

  struct Hop {
    LinkId link;
    std::uint64_t loss_threshold;  ///< of 2^64
  };
  /// The same for the hot path. Empty where there is no way.
  const std::vector<Hop>& hops(SiteId from, SiteId to, VirtualTime t) const;

  const Distribution& delay(LinkId link) const { return links_[static_cast<std::size_t>(link)].delay; }

  /// The fault that keeps `link` down at `t`, if one does.
  std::optional<std::uint32_t> outage_at(LinkId link, VirtualTime t) const;

  /// The fault that cuts all ways from `from` to `to` at `t`; nothing if there is a way or never was one.
  std::optional<std::uint32_t> cut_at(SiteId from, SiteId to, VirtualTime t) const;

  /// Sum of least delays on the way without outages; nothing if there is none.
  std::optional<Duration> least_delay(SiteId from, SiteId to) const;

 private:
  struct Epoch {
    VirtualTime from;
    std::vector<std::vector<Hop>> routes;  ///< by from * sites + to
  };
  Epoch build_epoch(VirtualTime from) const;
  const Epoch& epoch_at(VirtualTime t) const;
  const Epoch& undisturbed() const { return epochs_.front(); }
  std::size_t pair(SiteId from, SiteId to) const { return index(from) * sites_ + index(to); }

  std::size_t sites_;
  std::vector<std::uint8_t> is_end_;  ///< by site
  std::vector<LinkSpec> links_;
  std::vector<std::vector<LinkOutage>> outages_;  ///< by link, in order of time
  std::vector<Epoch> epochs_;                     ///< in order of time; the first holds before any outage
};

}  // namespace parallax::sim
