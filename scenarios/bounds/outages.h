// What the faults of a scenario add to a leg at the most: all the time for which they keep it back, and each time the
// wait of whoever then does not try again at once.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/bounds/map.h"
#include "scenarios/bounds/propagation_graph.h"

namespace parallax::bounds {

class Outages {
 public:
  /// `map` outlives this.
  explicit Outages(const Map& map);

  struct Allowance {
    std::optional<sim::Duration> most{sim::Duration{}};  ///< nothing: there is none
    std::string_view why{};
    bool is_untold{false};  ///< some of that time is charged to no outage: nobody knows why he waits
  };
  Allowance on(const Exposure& exposure) const;

 private:
  /// Faults of one link or site.
  struct Troubles {
    sim::Duration sum{};
    sim::Duration longest{};
    std::int64_t times{0};

    void add(sim::Duration length);
    void add(const Troubles& other);
  };
  void add_site_faults();
  Troubles on_way(sim::SiteId from, sim::SiteId to) const;

  const Map& map_;
  std::vector<Troubles> of_link_;
  std::vector<Troubles> of_site_;
  std::vector<std::uint8_t> freezes_;     ///< by site
  std::vector<std::uint8_t> loses_disk_;  ///< by site; or its database is made anew
};

/// Whether anything fails that a change may have to wait for.
bool has_outages(const world::WorldConfig& config);

}  // namespace parallax::bounds
