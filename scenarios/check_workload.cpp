#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/check_word.h"
#include "scenarios/compile_clients.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

std::vector<std::string> site_names(const schema::Scenario& scenario) {
  std::vector<std::string> names;
  for (const schema::Site& site : scenario.sites()) names.push_back(site.name());
  return names;
}

std::vector<std::string> region_names(const schema::Scenario& scenario) {
  std::vector<std::string> names;
  for (const schema::Region& region : scenario.regions()) names.push_back(region.name());
  return names;
}

/// The field `site` of a population or a write: a data center, and there where more than one could be meant.
template <typename Owner>
void check_site(const Owner& owner, const char* what, const schema::Scenario& scenario, Reporter& reporter) {
  if (owner.site().empty() && scenario.sites_size() > 1) {
    reporter.report(owner, "site",
                    fmt::format("{} {} does not say which site; expected site: \"...\"{}", what, quoted(owner.name()),
                                suggestion("", "sites", site_names(scenario))));
  }
  if (!is_region(scenario, owner.site()) || is_site(scenario, owner.site())) return;
  reporter.report(owner, "site",
                  fmt::format("{} is a region; expected a site{}", quoted(owner.site()),
                              suggestion(owner.site(), "sites", site_names(scenario))));
}

void check_write_kind(const schema::Write& write, Reporter& reporter) {
  const int kinds = write.has_revoke_tokens() + write.has_publish_apis() + write.has_retire_apis() +
                    write.has_add_subscriptions() + write.has_block_subscriptions() + write.has_request_tokens() +
                    write.has_sign_in() + write.has_change_policy();
  if (kinds == 1) return;
  reporter.report(
      write, "name",
      fmt::format("write {} has {} tasks; expected exactly one of revoke_tokens, publish_apis, retire_apis, "
                  "add_subscriptions, block_subscriptions, request_tokens, sign_in, change_policy",
                  quoted(write.name()), kinds == 0 ? "no" : "several"));
}

void check_write_times(const schema::Write& write, const schema::Scenario& scenario, Reporter& reporter) {
  const bool to_end = write.until().empty();
  const std::string& end = to_end ? scenario.duration() : write.until();
  const auto from = duration_in(write.from());
  const auto run = duration_in(scenario.duration());
  if (from && run && !to_end && *from >= *run) {
    reporter.report(write, "from",
                    fmt::format("write {} starts at {}, outside the run; expected less than its duration {}",
                                quoted(write.name()), quoted(write.from()), quoted(scenario.duration())));
  }
  const auto until = duration_in(end);
  if (!from || !until || *from < *until) return;
  reporter.report(write, "from",
                  fmt::format("write {} starts at {}, not before {} {}; expected {}", quoted(write.name()),
                              quoted(write.from()), to_end ? "the end of the run," : "its until,", quoted(end),
                              to_end ? "an earlier from" : "from before until"));
}

// The greatest pause counts only where pauses grow.
void check_backoff(const schema::Population& population, Reporter& reporter) {
  check_word(population, "jitter", population.jitter(), jitter_words(), reporter);
  check_word(population, "kind", population.kind(), kind_words(), reporter);
  const auto first = duration_in(population.backoff());
  const auto greatest = duration_in(population.greatest_backoff());
  if (population.backoff_factor() <= 1 || !first || !greatest || *first <= *greatest) return;
  reporter.report(population, "greatest_backoff",
                  fmt::format("greatest_backoff {} is below the first pause, backoff {}; expected at least as much",
                              quoted(population.greatest_backoff()), quoted(population.backoff())));
}

constexpr std::uint32_t kMostInBucket = 10'000'000;  // drawn at once, so held in memory

void check_trace(const schema::Population& population, const schema::Trace& trace, Reporter& reporter) {
  std::uint64_t calls = 0;
  for (int i = 0; i < trace.counts_size(); ++i) {
    const double count = std::floor(trace.counts(i) * trace.factor() + 0.5);
    calls += count > 0;
    if (count <= kMostInBucket) continue;
    reporter.report(trace, "factor",
                    fmt::format("{} calls by the factor {} are more than {} in a bucket; expected shorter buckets",
                                trace.counts(i), trace.factor(), kMostInBucket));
    break;
  }
  if (calls == 0 && trace.counts_size() > 0) {
    reporter.report(trace, "counts",
                    fmt::format("nobody of population {} ever calls; expected a count above 0, and a factor that "
                                "leaves something of it",
                                quoted(population.name())));
  }
  const auto bucket = duration_in(trace.bucket());
  const sim::Duration longest = sim::minutes(60 * 24 * 3'650);
  if (!bucket || bucket->ns <= 0 || trace.counts_size() <= longest / *bucket) return;
  reporter.report(trace, "bucket",
                  fmt::format("{} buckets of {} are longer than 3650d together; expected less", trace.counts_size(),
                              quoted(trace.bucket())));
}

// Somebody who neither thinks nor waits for an answer would call for ever at one instant.
void check_think(const schema::Population& population, Reporter& reporter) {
  const schema::Delay& think = population.think();
  std::string longest = think.constant();
  if (think.has_uniform()) longest = think.uniform().greatest();
  if (think.has_lognormal()) longest = think.lognormal().p95();
  if (think.has_measured()) longest = think.measured().p95();
  if (think.has_empirical() && think.empirical().quantiles_size() > 0)
    longest = *think.empirical().quantiles().rbegin();
  const auto pause = duration_in(longest.empty() ? "0s" : longest);
  if (!pause || *pause >= sim::milliseconds(1)) return;
  reporter.report(population, "think",
                  fmt::format("clients of {} never think for as long as a millisecond; expected a think time of at "
                              "least \"1ms\"",
                              quoted(population.name())));
}

void check_arrivals(const schema::Population& population, const std::string& path, Reporter& reporter) {
  check_word(population, "arrivals", population.arrivals(), arrival_words(), reporter);
  if (population.arrivals() != "regular" || (!population.has_bursts() && !population.has_day())) return;
  reporter.report(population, "arrivals",
                  fmt::format("{} has regular arrivals and {}; expected poisson with it", path,
                              population.has_bursts() ? "bursts" : "a day"));
}

// Bursts and days are of a rate.
void check_calls(const schema::Population& population, const std::string& path, Reporter& reporter) {
  std::vector<std::string> given;
  if (!population.rate().empty()) given.emplace_back("rate");
  if (population.has_trace()) given.emplace_back("trace");
  if (population.has_think()) given.emplace_back("think");
  if (given.empty()) {
    reporter.report(population, "rate",
                    path +
                        ".rate is missing; expected a rate, like \"200/s\", \"20/m\" or \"0.5/s\", or in place of "
                        "it trace { ... } or think { ... }");
  }
  if (given.size() > 1) {
    reporter.report(population, given.back().c_str(),
                    fmt::format("{} has {}; expected one of them", path, listing(given)));
  }
  if (population.has_trace()) check_trace(population, population.trace(), reporter);
  if (population.has_think()) check_think(population, reporter);
  check_arrivals(population, path, reporter);
  if (!population.rate().empty()) return;
  for (const char* field : {"bursts", "day"}) {
    const bool is_given = field == std::string_view{"day"} ? population.has_day() : population.has_bursts();
    if (!is_given || given.empty()) continue;
    reporter.report(population, field,
                    fmt::format("{} has {} and no rate; expected a rate with {}", path, field, field));
  }
}

}  // namespace

void check_something_happens(const schema::Scenario& scenario, Reporter& reporter) {
  if (scenario.workload().populations_size() + scenario.workload().writes_size() > 0) return;
  reporter.report(scenario, "workload",
                  "the workload has neither requests nor writes; expected workload { populations { ... } } or "
                  "workload { writes { ... } }");
}

void check_populations(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Population& population : scenario.workload().populations()) {
    check_backoff(population, reporter);
    check_calls(population, fmt::format("workload.populations[{}]", population.name()), reporter);
    if (!is_site(scenario, population.region()) || is_region(scenario, population.region())) continue;
    reporter.report(population, "region",
                    fmt::format("{} is a site; expected a region{}", quoted(population.region()),
                                suggestion(population.region(), "regions", region_names(scenario))));
  }
}

void check_writes(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Write& write : scenario.workload().writes()) {
    check_site(write, "write", scenario, reporter);
    check_write_kind(write, reporter);
    check_word(write, "arrivals", write.arrivals(), arrival_words(), reporter);
    check_write_times(write, scenario, reporter);
  }
}

void check_published_apis(const schema::Scenario& scenario, Reporter& reporter) {
  const std::uint64_t apis = scenario.catalog().apis();
  std::uint64_t published = 0;
  std::uint64_t retired = 0;
  for (const schema::Write& write : scenario.workload().writes()) {
    published += write.publish_apis().count();
    retired += write.retire_apis().count();
    if (published < apis && published + retired <= apis) continue;
    const google::protobuf::Message& task = write.has_publish_apis()
                                                ? static_cast<const google::protobuf::Message&>(write.publish_apis())
                                                : write.retire_apis();
    if (!write.has_publish_apis() && !write.has_retire_apis()) continue;
    reporter.report(
        task, "count",
        fmt::format("{} APIs start unpublished and {} are retired up to here, of {} in the catalog; expected "
                    "fewer, so that one is published from the start and none is both",
                    published, retired, apis));
  }
}

void check_tokens(const schema::Scenario& scenario, Reporter& reporter) {
  const schema::Catalog& catalog = scenario.catalog();
  const auto populations = static_cast<std::uint32_t>(scenario.workload().populations_size());
  if (catalog.tokens() < populations) {
    reporter.report(
        catalog, "tokens",
        fmt::format("{} tokens for {} populations; expected at least one for each", catalog.tokens(), populations));
  }
  // Ids of tokens and subscriptions have 28 bits.
  constexpr std::uint64_t kMost = (std::uint64_t{1} << 28) - 1;
  std::uint64_t subscriptions = std::uint64_t{catalog.applications()} * catalog.subscriptions_per_application();
  for (const schema::Write& write : scenario.workload().writes()) subscriptions += write.add_subscriptions().count();
  if (subscriptions > kMost) {
    reporter.report(catalog, "applications",
                    fmt::format("{} subscriptions in all; expected at most {}", subscriptions, kMost));
  }
}

void check_artifact_stores(const schema::Scenario& scenario, Reporter& reporter) {
  if (scenario.sites_size() < 2) return;
  for (const schema::Write& write : scenario.workload().writes()) {
    if (!write.has_publish_apis() && !write.has_retire_apis()) continue;
    for (const schema::Site& site : scenario.sites()) {
      if (site.has_clustering() || site.has_pull() || site.has_artifacts()) continue;
      reporter.report(site, fmt::format("what write {} publishes would never get to site {}; expected clustering {{ }} "
                                        "there, which brings an artifact store, or pull {{ }}",
                                        quoted(write.name()), quoted(site.name())));
    }
    return;
  }
}

void check_tiers(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Tier& tier : scenario.catalog().tiers()) {
    if (tier.limit().find('.') >= tier.limit().find('/')) continue;
    reporter.report(tier, "limit",
                    fmt::format("limit {} counts parts of requests; expected a whole number of requests for the "
                                "limit's window, like \"20/m\" or \"1/2s\"",
                                quoted(tier.limit())));
  }
}

}  // namespace parallax::scenarios
