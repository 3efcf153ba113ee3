// The life of a data center as rows on one clock: when it was lost, when it answered again, and under it when the DNS
// of each region sent its users elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/clock.h"
#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// From a loss to the first answer after it; what is missing had not come when the run ended.
struct Loss {
  std::int64_t lost_ns;
  std::optional<std::int64_t> powered_ns;
  std::optional<std::int64_t> ready_ns;
};

/// In order of time.
std::vector<Loss> losses_of(const schema::Result& result, const std::string& site);

/// While the DNS of one region sent nobody to the site.
struct Absence {
  std::int64_t down_ns;
  std::optional<std::int64_t> up_ns;
};

/// In order of time.
std::vector<Absence> absences_of(const schema::Result& result, const std::string& site, const std::string& region);

/// Without an answer, all losses together.
std::int64_t down_ns(const std::vector<Loss>& losses, const TimeAxis& axis);

/// The row of the site and those of the regions whose DNS took it out.
std::string site_lanes(const Clock& clock, const std::string& site);

}  // namespace parallax::reports
