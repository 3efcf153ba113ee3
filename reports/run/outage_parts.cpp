#include "reports/run/outage_parts.h"

#include <algorithm>
#include <string>
#include <vector>

namespace parallax::reports {
namespace {

/// Data centers that a region's calls may go to: those that it prefers, or any.
std::vector<std::string> sites_for(const schema::Result& result, const std::string& region) {
  std::vector<std::string> sites;
  for (const auto& one : result.config().regions()) {
    if (one.name() == region) sites.assign(one.prefers().begin(), one.prefers().end());
  }
  if (!sites.empty()) return sites;
  for (const auto& site : result.config().sites()) sites.push_back(site.name());
  return sites;
}

std::int64_t end_ns(const schema::OutageSeen& outage) { return outage.start_ns() + outage.unavailable_ns(); }

/// Without service at the same time, in the same run.
bool overlap(const schema::OutageSeen& a, const schema::OutageSeen& b) {
  return a.seed() == b.seed() && a.population() == b.population() && a.start_ns() < end_ns(b) &&
         b.start_ns() < end_ns(a);
}

}  // namespace

std::array<std::int64_t, 4> parts_of(const schema::OutageSeen& outage) {
  return {outage.detect_ns(), outage.decide_ns(), outage.redirect_ns(), outage.warm_up_ns()};
}

bool waits_for_return(const schema::Result& result, const schema::OutageSeen& outage) {
  if (outage.warm_up_ns() == 0) return false;
  if (outage.warm_up_ns() == outage.unavailable_ns()) return true;
  const std::vector<std::string> sites = sites_for(result, outage.region());
  const auto is_lost = [&](const std::string& site) {
    return std::any_of(result.outages().begin(), result.outages().end(),
                       [&](const auto& other) { return other.site() == site && overlap(other, outage); });
  };
  return !sites.empty() && std::all_of(sites.begin(), sites.end(), is_lost);
}

std::array<std::string_view, 4> part_words(const schema::Result& result, const schema::OutageSeen& outage) {
  return {"until a check failed", "until DNS decided", "until the last client followed",
          waits_for_return(result, outage) ? "until it was back" : "warm-up"};
}

}  // namespace parallax::reports
