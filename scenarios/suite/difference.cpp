#include "scenarios/suite/difference.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "scenarios/suite/record.h"

namespace parallax::scenarios::suite {
namespace {

const schema::SuiteRun* run_of(const schema::SuiteRecord& record, std::uint64_t seed) {
  const auto found = std::find_if(record.runs().begin(), record.runs().end(),
                                  [seed](const schema::SuiteRun& run) { return run.seed() == seed; });
  return found == record.runs().end() ? nullptr : &*found;
}

bool has(const schema::SuiteRun& run, const schema::SuiteSite& wanted) {
  return std::any_of(run.sites().begin(), run.sites().end(), [&](const schema::SuiteSite& site) {
    return site.site() == wanted.site() && site.fingerprint() == wanted.fingerprint();
  });
}

// In the order of the new run; those that are no more come last.
std::vector<std::string> sites_that_differ(const schema::SuiteRun& before, const schema::SuiteRun& now) {
  std::vector<std::string> sites;
  for (const schema::SuiteSite& site : now.sites()) {
    if (!has(before, site)) sites.push_back(site.site());
  }
  for (const schema::SuiteSite& site : before.sites()) {
    if (!has(now, site) && std::find(sites.begin(), sites.end(), site.site()) == sites.end()) {
      sites.push_back(site.site());
    }
  }
  return sites;
}

// Where all that both have is equal they differ behind it: one goes on, or it happened after the last whole second.
std::optional<std::uint64_t> second_of(std::string_view before, std::string_view now) {
  if (before.empty() || now.empty()) return std::nullopt;
  const std::size_t seconds = std::min(before.size(), now.size()) / kCheckpointDigits;
  std::size_t second = 0;
  const auto checkpoint = [&second](std::string_view of) {
    return of.substr(second * kCheckpointDigits, kCheckpointDigits);
  };
  while (second < seconds && checkpoint(before) == checkpoint(now)) ++second;
  return second;
}

}  // namespace

std::optional<Difference> first_difference(const schema::SuiteRecord& before, const schema::SuiteRecord& now) {
  for (const schema::SuiteRun& run : now.runs()) {
    const schema::SuiteRun* const old = run_of(before, run.seed());
    if (old == nullptr || old->fingerprint() == run.fingerprint()) continue;
    const std::vector<std::string> sites = sites_that_differ(*old, run);
    return Difference{run.seed(), sites.empty() ? "" : sites.front(), sites.size(),
                      second_of(old->checkpoints(), run.checkpoints())};
  }
  return std::nullopt;
}

}  // namespace parallax::scenarios::suite
