// A made-up but plausible Result: two all-in-one nodes on one database, three seeds, no clustering. Its parts agree
// with each other as a real one's do: stages add up to windows, windows lie in their class, the ledger closes.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports::test {

inline constexpr std::int64_t kMillisecond = 1'000'000;
inline constexpr std::int64_t kSecond = 1'000 * kMillisecond;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::array<const char*, 2> kNodes{"dc/node-a", "dc/node-b"};

// Enough chance for a sample: Knuth's MMIX generator.
class Chance {
 public:
  std::int64_t below(std::int64_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int64_t>((state_ >> 33U) % static_cast<std::uint64_t>(n));
  }

 private:
  std::uint64_t state_{7};
};

inline void add_expectation(schema::Result& result, const std::string& metric, double limit, const std::string& verdict,
                            const std::string& text) {
  auto& e = *result.add_expectations();
  e.set_metric(metric);
  e.set_operator_("at_most");
  e.set_limit(limit);
  e.set_verdict(verdict);
  e.set_text(text);
}

inline schema::Metric& add_metric(schema::Result& result, const std::string& name, const std::string& unit,
                                  double estimate, double worst, std::uint64_t seed, std::uint64_t count) {
  auto& m = *result.add_metrics();
  m.set_name(name);
  m.set_unit(unit);
  m.set_estimate(estimate);
  m.set_worst(worst);
  m.set_worst_seed(seed);
  m.set_n(3);
  m.set_count(count);
  return m;
}

inline void add_window(schema::Result& result, std::uint64_t seed, const std::string& change, const std::string& object,
                       std::size_t writer, std::int64_t start,
                       const std::vector<std::pair<std::string, std::int64_t>>& stages, std::uint64_t wrong) {
  auto& w = *result.add_windows();
  w.set_id(fmt::format("{}/dc/{}", seed, 10'000 + 37 * result.windows_size()));
  w.set_seed(seed);
  w.set_change(change);
  w.set_object(object);
  w.set_writer(kNodes[writer]);
  w.set_observer(kNodes[1 - writer]);
  w.set_start_ns(start);
  w.set_ending("visible");
  w.set_wrong_decisions(wrong);
  std::int64_t length = 0;
  for (const auto& [name, part] : stages) {
    auto& stage = *w.add_stages();
    stage.set_name(name);
    stage.set_length_ns(part);
    length += part;
  }
  w.set_length_ns(length);
}

// Quantiles of the form (p / 100) ^ bend * longest, with the first `zero` per cent at zero.
inline void add_class(schema::Result& result, const std::string& change, const std::string& observer,
                      std::uint64_t count, int zero_percent, std::int64_t longest,
                      const std::vector<std::pair<std::string, double>>& stages) {
  auto& c = *result.add_window_classes();
  c.set_change(change);
  c.set_writer("dc");
  c.set_observer(observer);
  c.set_count(count);
  c.set_zero(count * static_cast<std::uint64_t>(zero_percent) / 100);
  for (int p = 0; p <= 100; ++p) {
    const double x = p <= zero_percent ? 0 : static_cast<double>(p - zero_percent) / (100 - zero_percent);
    c.add_quantiles_ns(static_cast<std::int64_t>(static_cast<double>(longest) * (2 * x - x * x)));
  }
  c.set_p50_ns(c.quantiles_ns(50));
  c.set_p95_ns(c.quantiles_ns(95));
  c.set_p99_ns(c.quantiles_ns(99));
  c.set_max_ns(longest);
  if (longest > 0) {
    c.set_first_start_ns(16 * kMinute + 4 * kSecond);
    c.set_last_end_ns(55 * kMinute);
  }
  for (const auto& [name, share] : stages) {
    auto& stage = *c.add_stages();
    stage.set_stage(name);
    stage.set_share(share);
  }
}

inline void add_tally(schema::Result& result, const std::string& error, const std::string& why,
                      const std::string& cause, std::size_t node, std::uint64_t count) {
  auto& t = *result.add_decisions();
  t.set_error(error);
  t.set_why(why);
  t.set_cause(cause);
  t.set_node(kNodes[node]);
  t.set_count(count);
}

inline void add_assumption(schema::Result& result, const std::string& path, const std::string& value,
                           const std::string& origin, const std::string& source) {
  auto& a = *result.add_assumptions();
  a.set_path(path);
  a.set_value(value);
  a.set_origin(origin);
  a.set_source(source);
}

inline void fill_config(schema::Result& result) {
  auto& config = *result.mutable_config();
  config.set_name("standalone_pair");
  config.set_title("Stand-alone pair");
  config.set_duration("60m");
  config.set_seeds(3);
  auto& site = *config.add_sites();
  site.set_name("dc");
  site.add_nodes("node-a");
  site.add_nodes("node-b");
  config.mutable_catalog()->add_tiers()->set_name("gold");
  config.add_not_covered("Overload: gateways and the database answer in the same time at any load.");
  config.add_not_covered("Node failures: both nodes are up for the whole hour.");
  config.add_not_covered("Clients that give up: a refused client calls again like all others.");
}

inline void fill_windows(schema::Result& result) {
  Chance chance;
  // The longest: 900 s TTL + 28 s until the sweeper = 15 min 28 s.
  add_window(result, 2, "token_revoked", "token 471", 0, 24 * kMinute + 3 * kSecond,
             {{"token_cache_ttl", 900 * kSecond},
              {"cache_sweep", 28 * kSecond - 3 * kMillisecond},
              {"database_read", 3 * kMillisecond}},
             37);
  for (int i = 0; i < 19; ++i) {
    // One draw a statement: compilers differ in the order in which they evaluate arguments.
    const auto age = chance.below(120 * kSecond) * (i + 1) / 19;
    const auto start = (17 + i) * kMinute + chance.below(kMinute);
    const auto sweep = chance.below(27 * kSecond);
    const auto wrong = static_cast<std::uint64_t>(chance.below(40));
    add_window(result, static_cast<std::uint64_t>(1 + i % 3), "token_revoked", fmt::format("token {}", 80 + 41 * i),
               static_cast<std::size_t>(i % 2), start,
               {{"token_cache_ttl", 900 * kSecond - age}, {"cache_sweep", sweep}}, wrong);
  }
  for (int i = 0; i < 8; ++i) {
    const auto by_hand = (i == 2 ? 238 : 60 + 20 * i) * kSecond + chance.below(kSecond);
    const auto wrong = static_cast<std::uint64_t>(200 + chance.below(300));
    add_window(result, static_cast<std::uint64_t>(1 + i % 3), "api_published", fmt::format("api {}", i + 1), 0,
               (5 + 6 * i) * kMinute, {{"operator", by_hand}}, wrong);
  }
}

inline void fill_limit_windows(schema::Result& result) {
  for (int i = 0; i < 20; ++i) {
    const auto a = static_cast<std::uint64_t>(20);
    const auto b = static_cast<std::uint64_t>(19 - i / 2);
    auto& w = *result.add_limit_windows();
    w.set_seed(static_cast<std::uint64_t>(1 + i % 3));
    w.set_key(fmt::format("subscription {} (application {}, api {})", 17 + i, 5 + i, 1 + i % 4));
    w.set_tier("gold");
    w.set_start_ns((3 + 2 * i) * kMinute);
    w.set_width_ns(kMinute);
    w.set_limit(20);
    w.set_demand(44 + static_cast<std::uint64_t>(i % 5));
    w.set_admitted(a + b);
    w.set_over(a + b - 20);
    w.set_flips(static_cast<std::uint64_t>(6 - i / 4));
    for (std::size_t n = 0; n < kNodes.size(); ++n) {
      auto& node = *w.add_by_node();
      node.set_node(kNodes[n]);
      node.set_admitted(n == 0 ? a : b);
      node.set_refused(n == 0 ? w.demand() - a - b : 0);
    }
  }
}

inline void fill_series(schema::Result& result) {
  Chance chance;
  for (const char* name : {"requests", "wrong_allow", "wrong_deny", "refused_quota", "not_found"}) {
    const std::string n = name;
    for (const char* node : kNodes) {
      auto& s = *result.add_series();
      s.set_name(n);
      s.set_unit("requests");
      s.set_node(node);
      s.set_step_ns(kMinute);
      for (int minute = 0; minute < 60; ++minute) {
        double value = 0;
        if (n == "requests") value = static_cast<double>(5'900 + chance.below(200));
        if (n == "wrong_allow")
          value = static_cast<double>(chance.below(20) + (minute > 16 && minute < 55 ? 60 - std::abs(minute - 38) : 0));
        if (n == "wrong_deny" && node == std::string(kNodes[1]))
          value = static_cast<double>(minute % 6 < 3 ? chance.below(90) : 0);
        if (n == "refused_quota") value = static_cast<double>(300 + chance.below(80));
        if (n == "not_found" && node == std::string(kNodes[1]))
          value = static_cast<double>(minute % 6 < 3 ? chance.below(90) : 0);
        s.add_values(value);
      }
    }
  }
}

inline void fill_assumptions(schema::Result& result) {
  const std::string gateway = "sites[dc].gateway.token_cache.";
  add_assumption(result, gateway + "enabled", "true", "default",
                 "carbon-apimgt core.default.json: gateway token cache on");
  add_assumption(result, gateway + "ttl", "900s", "default", "carbon-apimgt CacheProvider: 15 min");
  add_assumption(result, gateway + "sweep_interval", "30s", "default",
                 "carbon-kernel CacheImpl: sweeper every 30 s, get() does not test age");
  add_assumption(result, gateway + "capacity", "10000", "default", "carbon-kernel CachingConstants: 10,000");
  add_assumption(result, "sites[dc].key_manager.token_validity", "3600s", "default",
                 "identity-inbound-auth-oauth OAuthServerConfiguration: 3600 s");
  add_assumption(result, "sites[dc].traffic_manager.event_delay", "1ms", "default", "");
  add_assumption(result, "duration", "60m", "scenario", "");
  add_assumption(result, "workload.populations[apps].rate", "200/s", "scenario", "");
  add_assumption(result, "catalog.tiers[gold].limit", "20/m", "scenario", "");
  add_assumption(result, "seeds", "3", "command line", "");
}

inline schema::Result sample_result() {
  schema::Result result;
  result.set_version("0.1.0");
  result.set_schema("parallax.result/1");
  result.set_scenario("standalone_pair");
  result.set_seeds(3);
  result.set_fingerprint("7c1e90b452fd31708d4be2c6913fa86e");
  result.set_verdict("fail");
  result.set_requests(2'160'412);
  result.set_events(9'201'377);
  result.set_command("parallax run scenarios/library/standalone_pair.txtpb --seeds 3");
  fill_config(result);

  const std::array<std::uint64_t, 3> requests{720'104, 719'820, 720'488};  // 2 160 412 together
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto& run = *result.add_runs();
    run.set_seed(seed);
    run.set_fingerprint(fmt::format("{:016x}{:016x}", 0x9e3779b97f4a7c15ULL * seed, 0xbf58476d1ce4e5b9ULL * seed));
    run.set_requests(requests[seed - 1]);
    run.set_dropped(0);
    run.set_in_flight(seed);
    run.set_answered(run.requests() - seed);
    run.set_events(3'067'125 + seed);
    auto& site = *run.add_sites();
    site.set_site("dc");
    site.set_fingerprint(run.fingerprint());
    site.set_records(1'530'221 + seed);
  }

  add_expectation(result, "window.token_revoked.max", 60, "fail",
                  "window.token_revoked.max is 928 s in seed 2; at most 60 s was expected.");
  add_expectation(result, "window.api_published.max", 60, "fail",
                  "window.api_published.max is 238.4 s in seed 3; at most 60 s was expected.");
  add_expectation(result, "window.token_issued.max", 1, "pass", "window.token_issued.max is 0 s in every seed.");
  add_expectation(result, "throttle.over_admission.ratio_max", 1, "fail",
                  "throttle.over_admission.ratio_max is 1.95 in seed 1; at most 1 was expected.");
  add_expectation(result, "decision.wrong_allow.count", 0, "fail",
                  "decision.wrong_allow.count is 2190 in seed 2; at most 0 was expected.");
  add_metric(result, "window.token_revoked.max", "s", 921.4, 928, 2, 716);
  add_metric(result, "window.token_revoked.p99", "s", 914.2, 921.7, 2, 716);
  add_metric(result, "window.api_published.max", "s", 205.1, 238.4, 3, 60);
  add_metric(result, "window.token_issued.max", "s", 0, 0, 1, 1'980);
  add_metric(result, "throttle.over_admission.ratio_max", "ratio", 1.9, 1.95, 1, 4'120);
  add_metric(result, "decision.wrong_allow.count", "requests", 2'068, 2'190, 2, 6'204);
  add_metric(result, "decision.wrong_deny.count", "requests", 603.7, 688, 3, 1'811);
  add_metric(result, "availability.api.unavailable_s", "s", 0, 0, 1, 0);

  for (const char* observer : {"*", kNodes[0], kNodes[1]}) {
    const bool everywhere = observer[0] == '*';
    add_class(result, "token_revoked", observer, 716, everywhere ? 12 : 56,
              (observer == std::string(kNodes[0]) ? 911 : 928) * kSecond,
              {{"token_cache_ttl", 0.974}, {"cache_sweep", 0.026}});
  }
  for (const char* observer : {"*", kNodes[0], kNodes[1]}) {
    const bool behind = observer != std::string(kNodes[0]);
    add_class(result, "api_published", observer, 60, behind ? 0 : 100, behind ? 238'400 * kMillisecond : 0,
              behind ? std::vector<std::pair<std::string, double>>{{"operator", 1.0}}
                     : std::vector<std::pair<std::string, double>>{});
  }
  for (const char* observer : {"*", kNodes[0], kNodes[1]})
    add_class(result, "token_issued", observer, 1'980, 100, 0, {});
  fill_windows(result);
  add_tally(result, "wrong_allow", "quota", "counter_not_shared", 0, 2'310);
  add_tally(result, "wrong_allow", "quota", "counter_not_shared", 1, 2'288);
  add_tally(result, "wrong_allow", "token_revoked", "token_cache_ttl", 0, 781);
  add_tally(result, "wrong_allow", "token_revoked", "token_cache_ttl", 1, 798);
  add_tally(result, "wrong_allow", "token_revoked", "cache_sweep", 1, 27);  // 6 204 together
  add_tally(result, "wrong_deny", "api_published", "operator", 1, 1'811);
  fill_limit_windows(result);
  fill_series(result);
  fill_assumptions(result);
  return result;
}

// The same with two faults and an open window.
inline schema::Result sample_with_faults() {
  schema::Result result = sample_result();
  const std::array<std::pair<std::int64_t, std::int64_t>, 2> times{{{10, 20}, {46, 58}}};
  for (std::size_t i = 0; i < times.size(); ++i) {
    auto& fault = *result.add_faults();
    fault.set_name(i == 0 ? "database link cut" : "client link cut");
    fault.set_target(i == 0 ? "dc to clients" : "clients to dc");
    fault.set_start_ns(times[i].first * kMinute);
    fault.set_end_ns(times[i].second * kMinute);
    fault.set_touched(i == 0 ? 9'170 : 0);
    fault.set_times(1);
  }
  auto& open = *result.mutable_windows(0);
  open.set_ending("censored");
  return result;
}

}  // namespace parallax::reports::test
