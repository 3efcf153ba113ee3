#include "scenarios/truth/testbed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "models/propagation/broker/profiles.h"
#include "models/propagation/counters/profiles.h"
#include "models/propagation/replication/profiles.h"
#include "models/steering/dns/profiles.h"
#include "models/testbeds/link_ping.h"
#include "models/testbeds/resolver_line.h"
#include "models/testbeds/revocation_line.h"
#include "models/testbeds/throttle_pair.h"
#include "scenarios/check_word.h"
#include "scenarios/checked_text.h"

namespace parallax::scenarios::truth {

namespace broker = propagation::broker;
namespace counters = propagation::counters;
namespace dns = steering::dns;

namespace {

using Values = std::vector<double>;

const std::array<std::string, 1> kOfPing{"round trip"};
const std::array<std::string, 2> kOfResolver{"new address after heal", "first failure"};
const std::array<std::string, 6> kOfLimiters{"first bin", "later bins",    "later bins, far node",
                                             "near node", "latency, near", "latency, far"};
const std::array<std::string, 4> kOfRevocations{"window", "first not admitted", "denied as revoked",
                                                "denied as revoked after heal"};
const std::array<std::string, 2> kAsks{"master", "replica"};
const std::array<std::string, 3> kHears{"nothing", "master", "replica"};

std::vector<std::string> limiter_words() {
  std::vector<std::string> words;
  for (const counters::Profile& profile : counters::profiles()) words.emplace_back(profile.name);
  return words;
}

std::vector<std::string> subscriber_words() {
  std::vector<std::string> words;
  for (const broker::SubscriberProfile& profile : broker::subscriber_profiles()) words.emplace_back(profile.name);
  return words;
}

// --- Each kind: its setting, and what a quantity takes from one run. What never happened is no value.

testbeds::PingSetting setting_of(const schema::PingTestbed& ping) {
  return {duration(ping.way().one_way()), duration(ping.way().jitter()), ping.times(), duration(ping.interval())};
}

// The measured names lay below a label of their own, which Unbound asks for first (qname-minimisation).
testbeds::ResolverSetting setting_of(const schema::ResolverTestbed& resolver) {
  testbeds::ResolverSetting setting;
  setting.resolver = dns::unbound();
  setting.resolver.parent_label = dns::ParentLabel::kAskedFirst;
  setting.resolver.least_ttl = duration(resolver.least_ttl());
  if (resolver.prefetch()) setting.resolver.prefetch = dns::Prefetch::kOn;
  if (resolver.serve_expired()) setting.resolver.expired = dns::Expired::kServed;
  setting.one_way = duration(resolver.way().one_way());
  for (const schema::NameGroup& group : resolver.groups()) {
    setting.groups.push_back({duration(group.ttl()), duration(group.poll()), group.names()});
  }
  setting.cut = duration(resolver.cut());
  setting.negative_ttl = duration(resolver.negative_ttl());
  return setting;
}

std::uint32_t group_looked_at(const schema::ResolverTestbed& resolver) {
  const auto& groups = resolver.groups();
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const schema::NameGroup& group) { return group.name() == resolver.looks_at(); });
  return static_cast<std::uint32_t>(found - groups.begin());
}

Values values_of(const std::vector<testbeds::NameSeen>& run, std::uint32_t group, const std::string& quantity) {
  Values values;
  for (const testbeds::NameSeen& name : run) {
    if (name.group != group) continue;
    const std::optional<double>& value = quantity == "first failure" ? name.first_failure : name.new_address;
    if (value) values.push_back(*value);
  }
  return values;
}

testbeds::PairSetting setting_of(const schema::LimitersTestbed& limiters) {
  testbeds::PairSetting setting;
  setting.spec = counters::profile_named(limiters.profile())->spec({limiters.limit(), duration(limiters.period())});
  setting.one_way = duration(limiters.one_way());
  setting.offered_per_second = limiters.rate();
  setting.pattern = limiters.bursts() ? testbeds::Pattern::kBurst : testbeds::Pattern::kRoundRobin;
  setting.bins = limiters.bins();
  setting.bin = duration(limiters.period());
  setting.lateness = duration(limiters.lateness());
  return setting;
}

Values latencies(const testbeds::PairRun& run, std::size_t node) {
  Values values;
  for (const testbeds::Asked& one : run.asked) {
    if (one.node == node) values.push_back(static_cast<double>(one.latency.ns) / 1e6);
  }
  return values;
}

Values values_of(const testbeds::PairRun& run, const testbeds::PairSetting& setting, const std::string& quantity) {
  if (quantity == "latency, near") return latencies(run, 0);
  if (quantity == "latency, far") return latencies(run, 1);
  const std::vector<int> bins = quantity == "near node"              ? testbeds::admitted_by_bin(setting, run, 0)
                                : quantity == "later bins, far node" ? testbeds::admitted_by_bin(setting, run, 1)
                                                                     : testbeds::admitted_by_bin(setting, run);
  if (quantity == "first bin") return {static_cast<double>(bins.front())};
  return {bins.begin() + (quantity == "near node" ? 0 : 1), bins.end()};
}

testbeds::RevocationSetting setting_of(const schema::RevocationsTestbed& revocations) {
  testbeds::RevocationSetting setting;
  setting.one_way = duration(revocations.way().one_way());
  setting.jitter = duration(revocations.way().jitter());
  setting.asks = word<testbeds::Asks>(kAsks, revocations.asks());
  setting.hears = word<testbeds::Hears>(kHears, revocations.hears());
  if (!revocations.cut().empty()) setting.cut = duration(revocations.cut());
  for (const std::string& moment : revocations.moments()) setting.moments.push_back(duration(moment));
  setting.tokens = revocations.tokens();
  setting.period = duration(revocations.period());
  setting.cache_ttl = duration(revocations.cache_ttl());
  setting.answer_within = duration(revocations.answer_within());
  setting.replication = propagation::replication::redis();
  const auto profiles = broker::subscriber_profiles();
  setting.subscriber = std::find_if(profiles.begin(), profiles.end(), [&](const broker::SubscriberProfile& profile) {
                         return profile.name == revocations.subscriber();
                       })->spec();
  return setting;
}

Values values_of(const std::vector<testbeds::Revoked>& run, const std::string& quantity) {
  Values values;
  for (const testbeds::Revoked& token : run) {
    const std::optional<double>& value = quantity == "first not admitted"             ? token.denied_for_any_reason
                                         : quantity == "denied as revoked after heal" ? token.denied_after_heal
                                                                                      : token.denied;
    if (value) values.push_back(*value);
  }
  return values;
}

void check_way(const schema::Way& way, Reporter& reporter) {
  const auto one_way = parse_duration(way.one_way());
  const auto jitter = parse_duration(way.jitter());
  if (!one_way.value || !jitter.value || *jitter.value <= *one_way.value) return;
  reporter.report(way, "jitter",
                  fmt::format("jitter {} is more than one_way {}; expected at most as much", quoted(way.jitter()),
                              quoted(way.one_way())));
}

void check_group(const schema::ResolverTestbed& resolver, Reporter& reporter) {
  std::vector<std::string> names;
  for (const schema::NameGroup& group : resolver.groups()) names.push_back(group.name());
  const std::uint32_t group = group_looked_at(resolver);
  if (group == names.size()) {
    return reporter.report(resolver, "looks_at",
                           fmt::format("unknown group {}{}", quoted(resolver.looks_at()),
                                       suggestion(resolver.looks_at(), "groups", names)));
  }
  if (resolver.groups(static_cast<int>(group)).names() == 0) {
    reporter.report(resolver, "looks_at",
                    fmt::format("group {} has no names; expected at least one", quoted(resolver.looks_at())));
  }
}

// Of whole periods: no more than a machine's memory takes.
constexpr std::uint64_t kRequestsMax = 10'000'000;

void check_limiters(const schema::LimitersTestbed& limiters, Reporter& reporter) {
  check_word(limiters, "profile", limiters.profile(), limiter_words(), reporter);
  const sim::Duration period = duration(limiters.period());
  const std::int64_t in_period = testbeds::requests_in_bin(limiters.rate(), period);
  if (limiters.bursts() && testbeds::kBurstAfter + testbeds::kBurstSpacing * in_period > period) {
    reporter.report(
        limiters, "bursts",
        fmt::format("a burst of {} requests, 2 ms apart and 300 ms after the beginning, is longer than period "
                    "{}; expected a longer period or a lower rate",
                    in_period, quoted(limiters.period())));
  }
  if (duration(limiters.lateness()) > period * limiters.bins()) {
    reporter.report(limiters, "lateness",
                    fmt::format("lateness {} is more than all {} bins of {} together; expected at most as much",
                                quoted(limiters.lateness()), limiters.bins(), quoted(limiters.period())));
  }
  const std::uint64_t requests = static_cast<std::uint64_t>(in_period) * limiters.bins();
  if (requests > kRequestsMax) {
    reporter.report(limiters, "rate",
                    fmt::format("{} requests in {} periods of {}; expected at most {}", requests, limiters.bins(),
                                quoted(limiters.period()), kRequestsMax));
  }
}

void check_revocations(const schema::RevocationsTestbed& revocations, Reporter& reporter) {
  check_way(revocations.way(), reporter);
  check_word(revocations, "asks", revocations.asks(), kAsks, reporter);
  check_word(revocations, "hears", revocations.hears(), kHears, reporter);
  check_word(revocations, "subscriber", revocations.subscriber(), subscriber_words(), reporter);
  const auto tokens = static_cast<int>(revocations.tokens());
  if (revocations.moments_size() <= tokens) return;
  reporter.report(
      revocations, "moments",
      fmt::format("{} moments of {} tokens; expected at most one of each", revocations.moments_size(), tokens), tokens);
}

}  // namespace

void check_testbed(const schema::Testbed& testbed, const Places& places, std::vector<Problem>& problems) {
  Reporter reporter{places, problems};
  const int kinds = testbed.has_ping() + testbed.has_resolver() + testbed.has_limiters() + testbed.has_revocations();
  if (kinds != 1) {
    return reporter.report(
        testbed, fmt::format("{} of ping, resolver, limiters and revocations are given; expected one", kinds));
  }
  if (testbed.has_ping()) check_way(testbed.ping().way(), reporter);
  if (testbed.has_resolver()) check_group(testbed.resolver(), reporter);
  if (testbed.has_limiters()) check_limiters(testbed.limiters(), reporter);
  if (testbed.has_revocations()) check_revocations(testbed.revocations(), reporter);
}

std::span<const std::string> quantities_of(const schema::Testbed& testbed) {
  if (testbed.has_ping()) return kOfPing;
  if (testbed.has_resolver()) return kOfResolver;
  if (testbed.has_limiters()) return kOfLimiters;
  return kOfRevocations;
}

std::vector<Values> run_testbed(const schema::Testbed& testbed, std::span<const std::string> quantities,
                                std::uint64_t seed) {
  const auto each = [&](const auto& values_of_quantity) {
    std::vector<Values> all;
    for (const std::string& quantity : quantities) all.push_back(values_of_quantity(quantity));
    return all;
  };
  if (testbed.has_ping()) {
    const Values run = testbeds::run_ping(setting_of(testbed.ping()), seed);
    return each([&](const std::string&) { return run; });
  }
  if (testbed.has_resolver()) {
    const testbeds::ResolverSetting setting = setting_of(testbed.resolver());
    const auto run = testbeds::run_resolver(setting, seed);
    const std::uint32_t group = group_looked_at(testbed.resolver());
    return each([&](const std::string& quantity) { return values_of(run, group, quantity); });
  }
  if (testbed.has_limiters()) {
    const testbeds::PairSetting setting = setting_of(testbed.limiters());
    const testbeds::PairRun run = testbeds::run_pair(setting, seed);
    return each([&](const std::string& quantity) { return values_of(run, setting, quantity); });
  }
  const auto run = testbeds::run_revocations(setting_of(testbed.revocations()), seed);
  return each([&](const std::string& quantity) { return values_of(run, quantity); });
}

}  // namespace parallax::scenarios::truth
