// Seed text 001_72accf4d8128cb3c.txt on auto-increment columns: sequences alike, start value variation, ranges, a
// common sequence, and a data center that joins later.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "scenarios/run.h"
#include "tests/end_to_end/database_rules.h"

namespace parallax::test {
namespace {

constexpr double kPi = 3.14159265358979323846;

// From the invocation to the acknowledgement of subscriptions, by the site that wrote them, in the order of time.
struct Wait {
  sim::VirtualTime invoked;
  sim::Duration length;
};
std::vector<Wait> waits(const Rehearsal& played, std::string_view where) {
  std::vector<Wait> all;
  for (const auto& ack : played.all<domain::ChangeAcknowledged>(RecordKind::kChangeAcknowledged)) {
    if (ack.site == played.site(where)) all.push_back({ack.body.invoked, ack.time - ack.body.invoked});
  }
  return all;
}

std::uint64_t invoked(const Rehearsal& played, std::string_view where) {
  std::uint64_t sum = 0;
  for (const auto& write : played.all<domain::ChangeInvoked>(RecordKind::kChangeInvoked)) {
    sum += write.site == played.site(where);
  }
  return sum;
}

// `count` data centers, each following each other, all writing subscriptions for ten seconds of twenty.
std::string mesh(int count, const std::string& keys, const std::string& profile) {
  std::string text = "name: \"mesh\" duration: \"20s\" catalog { applications: 500 }\n";
  std::string writes;
  for (int i = 1; i <= count; ++i) {
    text += fmt::format("sites {{ name: \"dc{0}\" nodes: \"n\" database {{ {1} }} }}\n", i, keys);
    writes += fmt::format(
        "writes {{ name: \"w{0}\" site: \"dc{0}\" from: \"1s\" until: \"11s\" add_subscriptions {{ rate: \"10/s\" }} "
        "}}\n",
        i);
    for (int j = 1; j < i; ++j) {
      text += fmt::format("links {{ from: \"dc{0}\" to: \"dc{1}\" delay {{ constant: \"40ms\" }} }}\n", j, i);
      text += fmt::format("replications {{ from: \"dc{0}\" to: \"dc{1}\" profile: \"{2}\" }}\n", j, i, profile);
    }
  }
  return text + "workload {\n" + writes + "}\n";
}

TEST_CASE("sequences alike give one number to two rows, and both streams stop for good") {
  const Rehearsal played = rehearse_rule("keys_alike");
  const auto ours = inserted_at(played, "dc1", kSubscriptions);
  const auto theirs = inserted_at(played, "dc2", kSubscriptions);
  const auto& found = played.findings.replication;
  REQUIRE(found.stops.size() == 2);
  for (const auto& stop : found.stops) {
    CHECK(stop.is_open);
    CHECK_FALSE(stop.given_up);
  }
  const domain::RowConflict first = found.first_conflicts.front().what;
  CHECK(first.kind == ConflictKind::kInsertInsert);
  CHECK(is_about(first.table, kSubscriptions));
  REQUIRE(ours.contains(first.row));
  REQUIRE(theirs.contains(first.row));
  CHECK(std::abs(seconds(ours.at(first.row) - theirs.at(first.row))) < kLag);
  // From the stop on nothing gets across, and each number is one row here and another there.
  const double since = 60 - seconds(found.stops.front().began);
  CHECK(static_cast<double>(found.divergent_rows_end) > 20 * since - 4 * std::sqrt(20 * since));
}

// Number k goes to the k-th insert of dc1, at the k-th arrival of a Poisson process, and to the k-th of dc2, at that of
// another. Two rows clash if less than the lag L lies between their commits; if more, the second insert finds the
// number taken and is refused at home. By the birthday argument the rate of clashes at t is the rate of pairs of
// inserts within L of each other, 2 L λ², times the probability that both sides have come to the same number, P(N1(t) =
// N2(t)) = exp(-2λt) I0(2λt), about 1 / sqrt(4πλt). Its integral from 0 to T is 2 λ L sqrt(λT/π). λ = 5/s, T = 200 s: 2
// * 5 * 0.04045 * sqrt(1000 / π) = 7.22 a run. The count is no Poisson variable: clashes come in bursts while both
// counters are level. The time that two counters are level is distributed like |N(0, 1)|, whose variance is (π/2 - 1)
// of its mean squared. So a run has a variance of 7.22 + 0.571 * 7.22² = 37.0, and 200 runs have 1443 +- 86; four of
// those are taken.
TEST_CASE("keys alike clash as often as the birthday argument says") {
  constexpr double kRate = 5;
  constexpr double kSpan = 200;
  constexpr int kRuns = 200;
  const std::string text =
      "name: \"alike\" duration: \"205s\" catalog { applications: 500 }\n"
      "sites { name: \"dc1\" nodes: \"n\" database { keys { strategy: \"alike\" } } }\n"
      "sites { name: \"dc2\" nodes: \"n\" database { keys { strategy: \"alike\" } } }\n"
      "links { from: \"dc1\" to: \"dc2\" delay { constant: \"40ms\" } }\n"
      "replications { from: \"dc1\" to: \"dc2\" profile: \"postgresql_logical\" conflicts { insert_insert: \"discard\" "
      "} }\n"
      "workload {\n"
      "  writes { name: \"w1\" site: \"dc1\" from: \"4s\" until: \"204s\" add_subscriptions { rate: \"5/s\" count: "
      "3000 } }\n"
      "  writes { name: \"w2\" site: \"dc2\" from: \"4s\" until: \"204s\" add_subscriptions { rate: \"5/s\" count: "
      "3000 } }\n"
      "}\n";
  const auto outcome = scenarios::load_text("alike", text, {});
  REQUIRE(outcome.loaded);
  std::uint64_t clashes = 0;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const auto run = scenarios::run_seed(outcome.loaded->scenario, seed);
    for (const auto& [key, n] : run.findings.replication.conflicts) clashes += n;
  }
  const double expected = 2 * kRate * kLag * std::sqrt(kRate * kSpan / kPi);
  const double deviation = std::sqrt(kRuns * (expected + (kPi / 2 - 1) * expected * expected));
  CHECK(clashes % 2 == 0);  // both sides meet each of them
  CHECK(static_cast<double>(clashes) / 2 == Approx(kRuns * expected).margin(4 * deviation));
}

TEST_CASE("with start value and increment no key ever clashes, for two to nine data centers") {
  for (int count = 2; count <= 9; ++count) {
    INFO(count << " data centers");
    const Rehearsal played = rehearse_text(mesh(count, "", "postgresql_logical"));
    check_peaceful(played);
    CHECK(played.findings.replication.refused_writes == 0);
    CHECK(played.findings.replication.divergent_rows_end == 0);
    std::set<std::uint64_t> numbers;
    std::size_t rows = 0;
    for (int i = 1; i <= count; ++i) {
      const auto own = inserted_at(played, fmt::format("dc{}", i), kSubscriptions);
      CHECK(own.size() > 50);  // of 100 +- 10
      rows += own.size();
      for (const auto& [number, time] : own) {
        numbers.insert(number);
        CHECK(number % static_cast<std::uint64_t>(count) == static_cast<std::uint64_t>(i % count));
      }
    }
    CHECK(numbers.size() == rows);
  }
}

TEST_CASE("the same data centers with keys alike do clash") {
  for (const int count : {2, 5, 9}) {
    INFO(count << " data centers");
    const Rehearsal played = rehearse_text(mesh(count, "keys { strategy: \"alike\" }", "postgresql_logical"));
    CHECK(all_conflicts(played) + played.findings.replication.refused_writes > 0);
  }
}

TEST_CASE("an increment does not mind a minute without a link, and costs nothing") {
  const Rehearsal played = rehearse_rule("keys_increment");
  check_peaceful(played);
  CHECK(played.findings.replication.divergent_rows_end == 0);
  for (const char* where : {"dc1", "dc2"}) {
    for (const Wait& wait : waits(played, where)) CHECK(wait.length == sim::milliseconds(2));
  }
}

// The way to the own database and back is 2 ms; dc2's numbers come over a link of 40 ms, twice.
TEST_CASE("a common sequence costs its way at each insert, and stands still while its home cannot be reached") {
  const Rehearsal played = rehearse_rule("keys_common");
  check_peaceful(played);
  for (const Wait& wait : waits(played, "dc1")) CHECK(wait.length == sim::milliseconds(2));
  const sim::VirtualTime cut = sim::VirtualTime{} + sim::minutes(1);
  const sim::VirtualTime healed = sim::VirtualTime{} + sim::minutes(2);
  std::size_t during = 0;
  for (const Wait& wait : waits(played, "dc2")) {
    INFO("invoked at " << seconds(wait.invoked) << " s");
    const bool is_cut_off = wait.invoked > cut && wait.invoked < healed - sim::seconds(1);
    if (is_cut_off) {
      ++during;
      CHECK(wait.invoked + wait.length > healed);
    } else if (wait.invoked < cut - sim::seconds(1) || wait.invoked > healed) {
      CHECK(wait.length == sim::milliseconds(82));
    }
  }
  CHECK(during > 30);  // of 59 +- 8
}

TEST_CASE("ranges keep numbers apart until they are used up; then nothing can be inserted") {
  const Rehearsal wide = rehearse_rule("keys_ranges");
  check_peaceful(wide);
  CHECK(wide.findings.replication.refused_writes == 0);
  // 100 subscriptions at the start: dc1 has 101 to 500100, dc2 the next 500000.
  CHECK(inserted_at(wide, "dc1", kSubscriptions).begin()->first == 101);
  CHECK(inserted_at(wide, "dc2", kSubscriptions).begin()->first == 500'101);

  const Rehearsal narrow = rehearse_rule("keys_ranges_used_up");
  check_peaceful(narrow);
  for (const char* where : {"dc1", "dc2"}) CHECK(inserted_at(narrow, where, kSubscriptions).size() == 50);
  CHECK(narrow.findings.replication.refused_writes == invoked(narrow, "dc1") + invoked(narrow, "dc2") - 100);
}

TEST_CASE("a third data center meets the numbers of the first where the increment is two") {
  const Rehearsal crowded = rehearse_rule("keys_third_joins_increment_2");
  const auto first = inserted_at(crowded, "dc1", kSubscriptions);
  const auto third = inserted_at(crowded, "dc3", kSubscriptions);
  REQUIRE_FALSE(third.empty());
  for (const auto& [number, time] : third) CHECK(number % 2 == 1);
  REQUIRE_FALSE(crowded.findings.replication.stops.empty());
  for (const auto& stop : crowded.findings.replication.stops) {
    CHECK(stop.began > sim::VirtualTime{} + sim::seconds(20));  // two of them got on well
  }
  const domain::RowConflict met = crowded.findings.replication.first_conflicts.front().what;
  CHECK(met.kind == ConflictKind::kInsertInsert);
  CHECK(first.contains(met.row));
  CHECK(third.contains(met.row));

  const Rehearsal roomy = rehearse_rule("keys_third_joins_increment_3");
  check_peaceful(roomy);
  CHECK(roomy.findings.replication.refused_writes == 0);
  CHECK(inserted_at(roomy, "dc3", kSubscriptions).size() > 500);
}

}  // namespace
}  // namespace parallax::test
