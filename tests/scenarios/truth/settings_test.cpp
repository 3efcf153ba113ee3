// The measured experiments in other settings than the measured ones: what comes out stays within what is physically
// possible, and moves as the mechanism says.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "scenarios/truth/figures.h"
#include "tests/scenarios/truth/simulated.h"
#include "tests/support/checked_property.h"

namespace parallax::test {

using scenarios::truth::figures_of;

namespace {

double mean_of(const Values& values) { return figures_of(values)[0]; }

std::string ms(int count) { return std::to_string(count) + "ms"; }
std::string seconds_text(int count) { return std::to_string(count) + "s"; }

Settings link(int delay, int jitter) {
  return {"links[0].delay.uniform.least=" + ms(delay - jitter),
          "links[0].delay.uniform.greatest=" + ms(delay + jitter)};
}

Values replication(int delay, int jitter, std::uint64_t seeds) {
  return simulated("replication", link(delay, jitter), {row_reading("window")}, seeds)[0];
}

}  // namespace

// A row cannot be there before a packet; without a loss none is later than the greatest delay, half a millisecond and,
// where the delay has just become known, a spurious retransmission.
TEST_CASE("replication at 10 to 100 ms, jitter 0 to 30 ms") {
  testing::check("windows are possible", 30, [] {
    const int delay = testing::pick(10, 101);
    const int jitter = testing::pick(0, std::min(delay, 31));
    const Values windows = replication(delay, jitter, 1);
    RC_ASSERT(windows.size() > 200U);
    RC_ASSERT(least_of(windows) >= delay - jitter);
    RC_ASSERT(greatest_of(windows) <= 3 * (delay + jitter) + 5);
    RC_ASSERT(figures_of(windows)[2] <= delay + jitter + 2);
  });
}

TEST_CASE("replication takes longer the longer the way, and the more it jitters") {
  double previous = 0;
  for (const int delay : {10, 20, 40, 70, 100}) {
    const Values windows = replication(delay, 0, 1);
    CHECK(mean_of(windows) > previous);
    // The first rows may take a retransmission longer, until TCP has learned how long the way is.
    CHECK(figures_of(windows)[1] == Approx(delay + 0.5).margin(0.5));
    previous = mean_of(windows);
  }
  previous = 0;
  for (const int jitter : {0, 5, 10, 20, 30}) {
    const double mean = mean_of(replication(60, jitter, 2));
    CHECK(mean > previous);
    previous = mean;
  }
}

// Within a cut TCP doubles its time-out, so the first try after the heal comes at most as late as the cut was long,
// after a first time-out; past 60 s of silence a connection is given up, and a SYN or a new try follows in 5 s more.
TEST_CASE("a cut of 1 to 60 s ends with TCP's next try") {
  double previous = 0;
  for (const int cut : {1, 3, 7, 15, 30, 60}) {
    for (const int delay : {10, 40, 100}) {
      Settings settings{"links[0].delay.constant=" + ms(delay), "faults[cut].lasts=" + seconds_text(cut),
                        "workload.writes[rows].until=" + seconds_text(cut + 8),
                        "workload.writes[rows].add_subscriptions.rate=10/s", "duration=" + seconds_text(3 * cut + 40)};
      const auto found =
          simulated("cut", settings, {row_reading("window", "cut"), row_reading("visible_after_heal", "cut")}, 3);
      INFO("a cut of " << cut << " s, " << delay << " ms");
      CHECK(least_of(found[1]) >= delay);
      CHECK(greatest_of(found[1]) <= 1'000 * cut + 20 * delay + 6'000);
      CHECK(least_of(found[0]) >= delay);
      if (delay != 40) continue;
      CHECK(greatest_of(found[0]) >= previous);  // two cuts may end with the same try
      CHECK(greatest_of(found[0]) >= 1'000 * cut * 0.9);
      previous = greatest_of(found[0]);
    }
  }
}

// An entry lives at most its TTL and a second; then a client asks within 100 ms, and the answer takes a round trip.
TEST_CASE("a record's change is seen within a TTL of 3 to 60 s and a second") {
  double previous = 0;
  for (const int ttl : {3, 8, 20, 60}) {
    for (const int delay : {10, 100}) {
      const Settings settings{"zone.ttl=" + seconds_text(ttl),
                              "links[0].delay.constant=" + ms(delay),
                              "faults[changed].lasts=70s",
                              "workload.writes[moment].from=70s",
                              "workload.writes[moment].until=131s",
                              "workload.populations[client].think.constant=500ms",
                              "duration=4m"};
      schema::JournalReading moved = reading("moved", "changed");
      moved.set_node("new");
      const Values windows = simulated("names", settings, {moved}, 60)[0];
      INFO("a TTL of " << ttl << " s, " << delay << " ms");
      REQUIRE(windows.size() == 60);
      CHECK(least_of(windows) >= 0);
      CHECK(greatest_of(windows) <= 1'000 * (ttl + 1) + 500 + 3 * 2 * delay + 5);
      if (delay != 10) continue;
      CHECK(mean_of(windows) > previous);
      previous = mean_of(windows);
    }
  }
}

// Refused: noticed within fall intervals, and not before fall - 1 of them but for the time between two calls; a
// time-out a check more if nothing answers. Back within rise intervals, and a time-out if the failing checks had one.
TEST_CASE("health checks every 0.5 to 5 s") {
  double previous = 0;
  for (const int interval : {500, 1'000, 2'000, 5'000}) {
    for (const char* loses : {"process", "power"}) {
      const bool is_silent = std::string{loses} == "power";
      const Settings settings{"sites[dc].load_balancer.checks.interval=" + ms(interval),
                              "sites[dc].load_balancer.checks.connect_timeout=" + ms(std::min(interval, 1'000)),
                              "sites[dc].load_balancer.checks.answer_timeout=" + ms(std::min(interval, 1'000)),
                              std::string{"faults[failure].node_down.loses="} + loses, "faults[failure].lasts=26s"};
      schema::JournalReading back = reading("back_in_service", "failure");
      back.set_node("dc/failing");
      const auto found = simulated(
          "checks", settings, {reading("last_failing_call", "failure"), reading("failed_calls", "failure"), back}, 20);
      const int timeout = is_silent ? std::min(interval, 1'000) : 0;
      // Calls are 25 to 75 ms apart, and every other goes to the same node.
      constexpr int kGap = 150;
      INFO("every " << interval << " ms, " << loses);
      CHECK(greatest_of(found[0]) <= 3 * interval + 3 * timeout + 5);
      CHECK(least_of(found[0]) >= 2 * interval - kGap);
      // Every other of at most 40 calls a second, of 20 on average.
      for (std::size_t i = 0; i < found[0].size(); ++i) {
        CHECK(found[1][i] <= 10 * 1.2 * (found[0][i] / 1'000) + 2);
      }
      CHECK(least_of(found[2]) >= interval);
      CHECK(greatest_of(found[2]) <= 2 * interval + timeout + kGap);
      if (is_silent) continue;
      CHECK(mean_of(found[0]) > previous);
      previous = mean_of(found[0]);
    }
  }
}

// Whatever the delay: independent counters admit twice the limit, a shared one the limit, copies what is on its way
// besides: 20 + 2 r D, r = 50 a second at each node.
TEST_CASE("rate limits at 10 to 100 ms") {
  double previous = 0;
  for (const int delay : {10, 25, 50, 75, 100}) {
    const auto later = [&](const char* profile) {
      return on_testbed("limiters", {std::string{"limiters.profile="} + profile, "limiters.one_way=" + ms(delay)},
                        "later bins", 5);
    };
    INFO(delay << " ms");
    CHECK(mean_of(later("express_memory")) == 40);
    // Its windows begin with a hit at the store: what the far node asks up to D before, at 50 a second, is of another
    // window than of its bin.
    const Values shared = later("express_redis");
    CHECK(mean_of(shared) <= 20);
    CHECK(greatest_of(shared) <= 21 + 0.05 * delay);
    CHECK(least_of(shared) >= 19 - 0.05 * delay);
    const Values copies = later("redis_async");
    CHECK(least_of(copies) >= 20);
    CHECK(mean_of(copies) == Approx(20 + 0.1 * delay).margin(2));
    CHECK(mean_of(copies) >= previous);
    previous = mean_of(copies);
  }
}

// Without word of it at most the entry's life, a round trip and a request's period; with word of it in the data's own
// stream a way and a period. A retransmission where jitter comes as a surprise.
TEST_CASE("revocations at 10 to 100 ms, jitter 0 to 30 ms") {
  testing::check("windows are possible", 20, [] {
    const int delay = testing::pick(10, 101);
    const int jitter = testing::pick(0, std::min(delay, 31));
    const int ttl = testing::pick(1, 6);
    const Settings settings{"revocations.way.one_way=" + ms(delay), "revocations.way.jitter=" + ms(jitter),
                            "revocations.cache_ttl=" + seconds_text(ttl), "revocations.tokens=30"};
    const auto with = [&](const char* asks, const char* hears) {
      Settings all = settings;
      all.push_back(std::string{"revocations.asks="} + asks);
      all.push_back(std::string{"revocations.hears="} + hears);
      return on_testbed("revocations", all, "window", 1);
    };
    const Values untold = with("master", "nothing");
    RC_ASSERT(least_of(untold) >= delay - jitter);
    RC_ASSERT(greatest_of(untold) <= 1'000 * ttl + 5 * (delay + jitter) + 25);
    const Values told = with("replica", "replica");
    RC_ASSERT(least_of(told) >= delay - jitter);
    RC_ASSERT(greatest_of(told) <= 3 * (delay + jitter) + 25);
  });
}

// The back-off of a resolver is at most as long as the cut and its first time-out; then a failure or an old address may
// be cached for some seconds more.
TEST_CASE("a resolver comes back after as long as its authority was away, and some seconds") {
  for (const int cut : {1, 5, 15, 40}) {
    for (const int ttl : {3, 20}) {
      const Settings settings{"resolver.cut=" + seconds_text(cut),
                              "resolver.groups[TTL 5 s].ttl=" + seconds_text(ttl),
                              "resolver.groups[TTL 10 s].names=0",
                              "resolver.groups[TTL 30 s].names=0",
                              "resolver.groups[TTL 5 s, asked every 8 s].names=0",
                              "resolver.groups[TTL 5 s].names=10"};
      INFO("a cut of " << cut << " s, a TTL of " << ttl << " s");
      const Values after = on_testbed("resolver", settings, "new address after heal", 5);
      CHECK(after.size() == 5 * 10);  // every name of every run
      CHECK(least_of(after) >= 0);
      CHECK(greatest_of(after) <= 1'000 * (cut + ttl + 9) + 800);
    }
  }
}

}  // namespace parallax::test
