#include "reports/run/disturbances.h"

#include <catch2/catch.hpp>

#include "reports/words.h"
#include "tests/reports/two_sites.h"

namespace parallax::reports {
namespace {

using test::kMinute;
using test::kSecond;

schema::FaultOutcome& add_fault(schema::Result& result, std::initializer_list<std::pair<int, int>> minutes) {
  schema::FaultOutcome& outcome = *result.add_faults();
  for (const auto& [from, until] : minutes) {
    auto& spell = *outcome.add_spells();
    spell.set_start_ns(from * kMinute);
    spell.set_end_ns(until * kMinute);
  }
  return outcome;
}

// Its rows as "place from-until state: where: what".
std::vector<std::string> told(const schema::Result& result) {
  std::vector<std::string> out;
  for (const Disturbance& d : disturbances_of(result)) {
    out.push_back(fmt::format("{} {}-{} {}: {}: {}", d.place, d.start_ns / kSecond, d.end_ns / kSecond,
                              d.state == Disturbance::State::kDown ? "down" : "impaired", d.where, plain(d.words)));
  }
  return out;
}

TEST_CASE("the loss of a data center is told by its moments, and by what the DNS of each region made of it") {
  CHECK(told(test::two_sites()) ==
        std::vector<std::string>{
            "s0 1500-2100 down: <bdi>east</bdi>: no power",
            "r1-s0 1567-2257 impaired: DNS of <bdi>western users</bdi>: leads away from east",
            "r0-s0 1570-2260 impaired: DNS of <bdi>eastern users</bdi>: leads away from east",
            "s0 2100-2190 impaired: <bdi>east</bdi>: starting",
        });
}

TEST_CASE("a fault that comes again is told each time, at its link, whichever end is named first") {
  schema::Result result = test::two_sites();
  result.clear_moments();
  result.clear_faults();
  auto& cut = *add_fault(result, {{10, 11}, {20, 21}}).mutable_fault()->mutable_link_down();
  cut.set_from("west");
  cut.set_to("east");
  auto& slow = *add_fault(result, {{15, 16}}).mutable_fault()->mutable_link_slow();
  slow.set_from("east");
  slow.set_to("west");
  slow.set_one_way(true);
  slow.mutable_adds()->set_constant("200ms");
  CHECK(told(result) == std::vector<std::string>{
                            "s0-s1 600-660 down: <bdi>west</bdi> and <bdi>east</bdi>: cut",
                            "s0-s1 900-960 impaired: <bdi>east</bdi> to <bdi>west</bdi>: slower by 200 ms",
                            "s0-s1 1200-1260 down: <bdi>west</bdi> and <bdi>east</bdi>: cut",
                        });
}

TEST_CASE("a part of a data center that is away leaves it impaired; the zone is no place of the picture") {
  schema::Result result = test::two_sites();
  result.clear_moments();
  result.clear_faults();
  auto& frozen = *add_fault(result, {{1, 2}}).mutable_fault()->mutable_node_frozen();
  frozen.set_site("west");
  frozen.set_node("node-1");
  add_fault(result, {{3, 4}}).mutable_fault()->mutable_disk_full()->set_site("east");
  add_fault(result, {{5, 6}}).mutable_fault()->mutable_record_emptied();
  CHECK(told(result) == std::vector<std::string>{
                            "s1 60-120 impaired: <bdi>west</bdi>: node-1: stands still",
                            "s0 180-240 impaired: <bdi>east</bdi>: disk full",
                            " 300-360 down: the zone of the DNS: its names have no address",
                        });
}

TEST_CASE("a loss without moments is told by its fault; one of an older result that has no spells by nothing") {
  schema::Result result = test::two_sites();
  result.clear_moments();
  CHECK(disturbances_of(result).empty());
  auto& lost = *result.mutable_faults(0);
  lost.mutable_fault()->mutable_site_down()->set_site("east");
  lost.add_spells()->set_end_ns(kMinute);
  CHECK(told(result) == std::vector<std::string>{"s0 0-60 down: <bdi>east</bdi>: no power"});
}

TEST_CASE("a row carries what the script reads") {
  const std::string table = disturbances_table(disturbances_of(test::two_sites())).html();
  CHECK(table.find(R"(<tr data-place="s0" data-from="1500000" data-until="2100000" data-state="down">)") !=
        std::string::npos);
}

}  // namespace
}  // namespace parallax::reports
