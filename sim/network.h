// The network as it is built and as its faults are scheduled: sites joined by directed links with a delay, a loss share
// and outages. Immutable during a run; what a site makes of it is in network_view.h. Ways (Boost.Graph) have the least
// sum of least delays. Traffic between others does not pass through an end site (clients do not forward).
//
// An outage takes no message at a link while it lasts. What has entered a link arrives, even if the link goes down
// meanwhile (as packets in flight do). A disturbance makes messages that enter a link meanwhile later, or loses a share
// of them; it only adds, so what a link takes at least holds. Ways do not change for it: routers see a link that is up.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/distribution.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::sim {

enum class LinkId : std::uint32_t {};

constexpr std::size_t index(LinkId link) { return static_cast<std::size_t>(link); }

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

/// The link takes no message while the fault is on, which a site decides during the run (Site::begin_fault).
struct ConditionalOutage {
  LinkId link;
  std::uint32_t fault;
};

/// From then, not until then any more.
struct Spell {
  VirtualTime from;
  VirtualTime until;
};

/// The one that is on at `t`; null if none is. Requires: in order, apart.
const Spell* spell_at(const std::vector<Spell>& spells, VirtualTime t);

/// Messages that enter the link during a spell are later by a draw of `adds`, and lost with the share `loss` on top of
/// the link's own. Requires: spells in order, apart.
struct Disturbance {
  LinkId link;
  std::string name;  ///< of its random streams; with the link distinct among disturbances
  std::uint32_t fault;
  Distribution adds;
  double loss{0};
  std::vector<Spell> spells;

  bool is_on(VirtualTime t) const { return spell_at(spells, t) != nullptr; }
};

/// Connections that `from` opens to `to` in a spell fail in their handshake, as with an expired certificate; what is
/// open stays open, and messages by themselves pass. Requires: spells in order, apart.
struct Refusal {
  SiteId from;
  SiteId to;
  std::uint32_t fault;
  std::vector<Spell> spells;
};

struct NetworkSpec {
  std::size_t sites{0};
  std::vector<LinkSpec> links{};
  std::vector<LinkOutage> outages{};
  std::vector<ConditionalOutage> conditional{};
  std::vector<SiteId> end_sites{};  ///< through which no traffic between others passes
  std::vector<Disturbance> disturbances{};
  std::vector<Refusal> refusals{};
};

class Network {
 public:
  explicit Network(NetworkSpec spec);

  std::size_t sites() const { return spec_.sites; }
  const std::vector<LinkSpec>& links() const { return spec_.links; }

  /// The scheduled fault that keeps `link` down at `t`, if one does.
  std::optional<std::uint32_t> outage_at(LinkId link, VirtualTime t) const;

  /// Faults on a condition that keep `link` down while they are on.
  const std::vector<std::uint32_t>& conditions_of(LinkId link) const { return conditions_[index(link)]; }

  const std::vector<Disturbance>& disturbances() const { return spec_.disturbances; }

  /// Places in disturbances(), of those that are ever at `link`.
  std::span<const std::uint32_t> disturbances_of(LinkId link) const { return disturbances_[index(link)]; }

  /// The fault that refuses a connection from `from` to `to` which is opened at `t`; of several the one that began
  /// first.
  std::optional<std::uint32_t> refusal_at(SiteId from, SiteId to, VirtualTime t) const;

  bool has_conditions() const { return !spec_.conditional.empty(); }

  /// The instants between which no scheduled outage begins or ends: the last one not after `t`, the first one after.
  struct Epoch {
    VirtualTime from;
    VirtualTime until;
  };
  Epoch epoch_at(VirtualTime t) const;

  /// Links of the way to each site, in order, over links that are `usable`; empty where there is none.
  using Usable = std::function<bool(LinkId)>;
  std::vector<std::vector<LinkId>> ways_from(SiteId source, const Usable& usable) const;

  /// Sum of least delays on the way without outages; nothing if there is none.
  std::optional<Duration> least_delay(SiteId from, SiteId to) const;

 private:
  NetworkSpec spec_;
  std::vector<std::uint8_t> is_end_;                      ///< by site
  std::vector<std::vector<LinkOutage>> outages_;          ///< by link, in order of time
  std::vector<std::vector<VirtualTime>> latest_ends_;     ///< by link: of each outage and those before it
  std::vector<std::vector<std::uint32_t>> disturbances_;  ///< by link, places in those of the spec
  std::vector<std::vector<std::uint32_t>> conditions_;    ///< by link
  std::vector<VirtualTime> edges_;                        ///< of outages, in order, distinct
};

}  // namespace parallax::sim
