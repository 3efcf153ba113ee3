// The section on the load of key managers and databases, workers and pools.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "reports/run/sections.h"
#include "reports/words.h"
#include "tests/reports/two_sites.h"

namespace parallax::reports {
namespace {

void add_curve(schema::Result& result, const std::string& name, const std::string& node,
               const std::vector<double>& values) {
  schema::Series& series = *result.add_series();
  series.set_name(name);
  series.set_unit("questions");
  series.set_node(node);
  series.set_step_ns(1'000'000'000);
  for (const double value : values) series.add_values(value);
}

schema::WorkersSeen& add_workers(schema::Result& result) {
  schema::WorkersSeen& workers = *result.add_workers();
  workers.set_node("west/keys-1");
  workers.set_role("key_manager");
  workers.set_workers(1);
  workers.set_arrived(1'000);
  workers.set_served(600);
  workers.set_waited(590);
  workers.set_refused(390);
  workers.set_given_up(10);
  workers.set_queue(50);
  workers.set_longest_wait_ns(2'000'000'000);
  workers.set_busiest(1);
  return workers;
}

TEST_CASE("the load says how much more key managers were asked after the fault, and who found no room") {
  schema::Result result = test::two_sites();
  add_workers(result);
  schema::PeakSeen& peak = *result.add_peaks();
  peak.set_seed(1);
  peak.set_of("key_managers");
  peak.set_mean_before(20);
  peak.set_peak(180);
  add_curve(result, "key_manager_load", "east", {20, 30, 0, 0});
  add_curve(result, "key_manager_load", "west", {0, 0, 180, 120});
  add_curve(result, "key_manager_workers_busy", "west/keys-1", {0, 0, 1, 0.5});
  const std::string html = load_section(result);
  const std::string words = plain(html);
  CHECK_THAT(words,
             Catch::Contains("After the fault key managers are asked 180 times in one second, 9 times as often as "
                             "before it; 400 calls at workers found no room"));
  CHECK_THAT(words, Catch::Contains("at 2 s"));
  CHECK_THAT(words, Catch::Contains("all at work for 1 s"));
  // One scale for both data centers: 180 in each row, and 30 of 180 is 88 - 74 / 6 = 75.7 of its height.
  CHECK_THAT(html, Catch::Contains("75.7"));
}

TEST_CASE("a load that was no more than before says so, and whoever had room too") {
  schema::Result result = test::two_sites();
  schema::WorkersSeen& workers = add_workers(result);
  workers.set_refused(0);
  workers.set_given_up(0);
  CHECK_THAT(plain(load_section(result)), Catch::Contains("<h2>Every call at workers found room</h2>"));
  schema::PeakSeen& peak = *result.add_peaks();
  peak.set_of("key_managers");
  peak.set_mean_before(20);
  peak.set_peak(19);
  CHECK_THAT(plain(load_section(result)), Catch::Contains("never asked more in a second than before, 20 on average"));
}

TEST_CASE("a pool that ran dry has a line without workers") {
  schema::Result result = test::two_sites();
  schema::PoolSeen& pool = *result.add_pools();
  pool.set_site("west");
  pool.set_target("database");
  pool.set_calls(100);
  pool.set_waited(40);
  pool.set_given_up(3);
  pool.set_longest_wait_ns(60'000'000'000);
  CHECK_THAT(plain(load_section(result)), Catch::Contains("<h2>40 calls to other sites waited for a connection</h2>"));
  CHECK(load_section(test::two_sites()).empty());
}

}  // namespace
}  // namespace parallax::reports
