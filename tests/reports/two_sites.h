// A made-up Result of two data centers, one of them lost for ten minutes: each name holds a node-1, so that a report
// has to say which one it means.
#pragma once

#include <array>
#include <string>

#include "tests/reports/sample_result.h"

namespace parallax::reports::test {

inline void add_site(schema::Scenario& config, const std::string& name) {
  auto& site = *config.add_sites();
  site.set_name(name);
  site.add_nodes("node-1");
  site.add_nodes("node-2");
}

inline void add_region(schema::Scenario& config, const std::string& name, const std::string& first,
                       const std::string& second) {
  auto& region = *config.add_regions();
  region.set_name(name);
  region.add_prefers(first);
  region.add_prefers(second);
  region.mutable_dns()->set_ttl("60s");
  auto& population = *config.mutable_workload()->add_populations();
  population.set_name(name.substr(0, 4));
  population.set_region(name);
  population.set_rate("100/s");
}

inline void add_link(schema::Scenario& config, const std::string& from, const std::string& to,
                     const std::string& delay) {
  auto& link = *config.add_links();
  link.set_from(from);
  link.set_to(to);
  link.mutable_delay()->set_constant(delay);
}

inline void fill_two_sites(schema::Scenario& config) {
  config.set_title("Active-active");
  config.set_duration("60m");
  add_site(config, "east");
  add_site(config, "west");
  add_region(config, "eastern users", "east", "west");
  add_region(config, "western users", "west", "east");
  add_link(config, "east", "west", "30ms");
  add_link(config, "eastern users", "east", "5ms");
  add_link(config, "western users", "west", "5ms");
  auto& copy = *config.add_replications();
  copy.set_from("east");
  copy.set_to("west");
  copy.set_ship_interval("1s");
  copy.set_apply_interval("500ms");
  auto& fault = *config.add_faults();
  fault.set_name("east lost");
  fault.set_at("25m");
  fault.set_lasts("10m");
  fault.mutable_site_down()->set_site("east");
}

// 20 s until a check failed + 50 s until DNS decided + 40 s until the last client followed + 5 s = 115 s in seed 1; 30
// + 60 + 27 + 0 = 117 s in seed 2.
inline void fill_outages(schema::Result& result) {
  const std::array<std::array<std::int64_t, 4>, 2> parts{{{20, 50, 40, 5}, {30, 60, 27, 0}}};
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const auto& p = parts[seed - 1];
    for (const char* population : {"east", "west"}) {
      const bool hit = std::string(population) == "east";
      auto& outage = *result.add_outages();
      outage.set_seed(seed);
      outage.set_site("east");
      outage.set_population(population);
      outage.set_region(std::string(population) + "ern users");
      outage.set_start_ns(25 * kMinute);
      outage.set_detect_ns(hit ? p[0] * kSecond : 0);
      outage.set_decide_ns(hit ? p[1] * kSecond : 0);
      outage.set_redirect_ns(hit ? p[2] * kSecond : 0);
      outage.set_warm_up_ns(hit ? p[3] * kSecond : 0);
      outage.set_unavailable_ns(hit ? (p[0] + p[1] + p[2] + p[3]) * kSecond : 0);
    }
  }
}

inline void add_moment(schema::Result& result, const std::string& event, const std::string& seen_from,
                       std::int64_t second) {
  auto& moment = *result.add_moments();
  moment.set_site("east");
  moment.set_event(event);
  moment.set_seen_from(seen_from);
  moment.set_time_ns(second * kSecond);
}

// "east" is not served from 25 min on for 115 s; "west" has one bad second, at 10 min.
inline void fill_site_series(schema::Result& result) {
  for (const char* population : {"east", "west"}) {
    auto& served = *result.add_series();
    served.set_name("availability");
    served.set_unit("ratio");
    served.set_node(population);
    served.set_step_ns(kSecond);
    const bool hit = std::string(population) == "east";
    for (int second = 0; second < 3'600; ++second) {
      const bool bad = hit ? second >= 1'500 && second < 1'615 : second == 600;
      served.add_values(!bad ? 1 : hit ? 0 : 0.25);
    }
  }
  for (const char* node : {"east/node-1", "east/node-2", "west/node-1", "west/node-2"}) {
    auto& requests = *result.add_series();
    requests.set_name("requests");
    requests.set_unit("requests");
    requests.set_node(node);
    requests.set_step_ns(kMinute);
    for (int minute = 0; minute < 60; ++minute) {
      const bool down = minute >= 25 && minute < 37;
      requests.add_values(node[0] == 'e' ? (down ? 0 : 3'000) : (down ? 4'500 : 1'500));
    }
  }
}

inline void add_site_class(schema::Result& result, const std::string& change, const std::string& writer,
                           const std::string& observer, std::int64_t longest_ns) {
  auto& c = *result.add_window_classes();
  c.set_change(change);
  c.set_writer(writer);
  c.set_observer(observer);
  c.set_count(100);
  c.set_p50_ns(longest_ns / 2);
  c.set_p95_ns(longest_ns / 10 * 9);
  c.set_p99_ns(longest_ns / 100 * 98);
  c.set_max_ns(longest_ns);
}

inline void fill_site_windows(schema::Result& result) {
  for (const char* writer : {"east", "west"}) {
    for (const char* observer : {"east", "west"}) {
      const bool away = std::string(writer) != observer;
      for (const char* node : {"/node-1", "/node-2"}) {
        add_site_class(result, "token_revoked", writer, observer + std::string(node),
                       away ? (node[6] == '1' ? 907 : 800) * kSecond : kMillisecond);
      }
    }
  }
  for (const char* node : {"east/node-1", "east/node-2", "west/node-1", "west/node-2"}) {
    add_site_class(result, "api_published", "east", node, 14 * kSecond);  // and never in west
  }
  for (int i = 0; i < 5; ++i) {
    add_window(result, 2, "token_revoked", fmt::format("token {}", 10 + i), 0, 38 * kMinute,
               {{"replication_lag", (2 - i % 2) * kSecond}, {"token_cache_ttl", (905 - i) * kSecond}}, 6);
    auto& window = *result.mutable_windows(i);
    window.set_writer("west/node-1");
    window.set_observer("east/node-1");
  }
}

inline schema::Result two_sites() {
  schema::Result result;
  result.set_version("0.1.0");
  result.set_scenario("active_active");
  result.set_seeds(2);
  result.set_verdict("fail");
  result.set_requests(2'000'000);
  fill_two_sites(*result.mutable_config());
  add_expectation(result, "recovery.time_s", 300, "pass", "");
  add_expectation(result, "recovery.lost_writes", 0, "pass", "");
  add_expectation(result, "window.token_revoked.max", 60, "fail", "");
  add_expectation(result, "session.token_refused_elsewhere.count", 0, "fail", "");
  add_metric(result, "recovery.time_s", "s", 116, 117, 2, 4);
  add_metric(result, "recovery.lost_writes", "requests", 0, 0, 1, 4'000);
  add_metric(result, "recovery.late_writes", "requests", 3'240, 3'267, 1, 4'000);
  add_metric(result, "window.token_revoked.max", "s", 906, 907, 2, 200);
  add_metric(result, "session.token_refused_elsewhere.count", "requests", 394, 1'087, 2, 2'000'000);
  add_metric(result, "availability.api.unavailable_s", "s", 116, 117, 2, 2'000'000);
  auto& fault = *result.add_faults();
  fault.set_name("east lost");
  fault.set_target("east");
  fault.set_start_ns(25 * kMinute);
  fault.set_end_ns(35 * kMinute);
  fault.set_touched(1'000);
  fill_outages(result);
  add_moment(result, "lost", "", 1'500);
  add_moment(result, "marked_down", "western users", 1'567);
  add_moment(result, "marked_down", "eastern users", 1'570);
  add_moment(result, "powered", "", 2'100);
  add_moment(result, "ready", "", 2'190);
  add_moment(result, "marked_up", "western users", 2'257);
  add_moment(result, "marked_up", "eastern users", 2'260);
  fill_site_windows(result);
  fill_site_series(result);
  for (const char* node : {"east/node-1", "west/node-1"}) {
    auto& tally = *result.add_decisions();
    tally.set_error("wrong_deny");
    tally.set_why("token_issued");
    tally.set_cause("token_cache_ttl");
    tally.set_node(node);
    tally.set_count(node[0] == 'e' ? 1'087 : 394);
  }
  return result;
}

}  // namespace parallax::reports::test
