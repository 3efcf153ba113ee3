#include "reports/run/journey.h"

#include <catch2/catch.hpp>

#include "reports/findings.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

using test::kMinute;
using test::kSecond;

schema::Result one_site() {
  schema::Result result;
  result.mutable_config()->add_sites()->set_name("dc");
  return result;
}

// 20 s after 5 min, seen by node-b.
schema::Window window() {
  schema::Window w;
  w.set_id("3/dc/42");
  w.set_seed(3);
  w.set_change("token_revoked");
  w.set_object("token 7");
  w.set_writer("dc/node-a");
  w.set_observer("dc/node-b");
  w.set_start_ns(5 * kMinute);
  w.set_length_ns(20 * kSecond);
  w.set_ending("visible");
  w.set_wrong_decisions(2);
  for (const auto& [name, seconds] : {std::pair{"token_cache_ttl", 15}, std::pair{"cache_sweep", 5}}) {
    auto& stage = *w.add_stages();
    stage.set_name(name);
    stage.set_length_ns(seconds * kSecond);
  }
  return w;
}

TEST_CASE("a journey tells who wrote what and when, who saw it, each hop with its start, and what it cost") {
  CHECK(journey(one_site(), window(), {}) ==
        R"(3/dc/42: token revoked, token 7
  node-a took the write; acknowledged at 5 min 00 s [seed 3]
  seen by node-b: a revoked token goes on working for 20 s

  at          after   for  share  spent on
  5 min 00 s    0 s  15 s   75 %  token-cache TTL
  5 min 15 s   15 s   5 s   25 %  sweeper's wait
  5 min 20 s   20 s               the change is obeyed

  it made 2 decisions wrong
)");
}

TEST_CASE("a window that is open, or moot, says so") {
  schema::Window open = window();
  open.set_ending("censored");
  open.set_wrong_decisions(0);
  const std::string text = journey(one_site(), open, {});
  CHECK_THAT(text, Catch::Contains("goes on working for >= 20 s\n"));
  CHECK_THAT(text, Catch::Contains("the run ends, and the window is still open\n"));
  CHECK_THAT(text, Catch::Contains("it made no decision wrong\n"));
  open.set_ending("moot");
  CHECK_THAT(journey(one_site(), open, {}), Catch::Contains("it no longer matters\n"));
}

TEST_CASE("a window of no length has no hops") {
  schema::Window none = window();
  none.set_length_ns(0);
  none.clear_stages();
  CHECK(
      journey(one_site(), none, {}) ==
      "3/dc/42: token revoked, token 7\n  node-a took the write; acknowledged at 5 min 00 s [seed 3]\n  node-b went by "
      "it at once\n  it made 2 decisions wrong\n");
}

TEST_CASE("other observers of the change are named") {
  schema::Window other = window();
  other.set_observer("dc/node-c");
  other.set_length_ns(0);
  CHECK_THAT(journey(one_site(), window(), {other, other}),
             Catch::EndsWith("  also seen by node-c for 0 s and node-c for 0 s (--observer picks one)\n"));
}

TEST_CASE("names from a file move no cursor") {
  schema::Window hostile = window();
  hostile.set_object("token\x1b[2J\n7");
  hostile.mutable_stages(0)->set_name("\x1b]0;x");
  const std::string text = journey(one_site(), hostile, {});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK_THAT(text, Catch::Contains("token?[2J?7"));
}

schema::WindowClass class_with(std::int64_t p99_ns, std::uint64_t count) {
  schema::WindowClass of;
  of.set_count(count);
  of.set_p99_ns(p99_ns);
  return of;
}

TEST_CASE("what if: both windows stage by stage, and the class") {
  const schema::Window before = window();
  schema::Window after = window();
  after.set_length_ns(7 * kSecond);
  after.set_wrong_decisions(0);
  after.mutable_stages(0)->set_length_ns(6 * kSecond);
  after.mutable_stages(1)->set_name("database_read");
  after.mutable_stages(1)->set_length_ns(kSecond);
  const schema::WindowClass class_before = class_with(30 * kSecond, 10);
  const schema::WindowClass class_after = class_with(9 * kSecond, 12);
  CHECK(what_if(one_site(), {"a.b=1s", "c=2"}, {&before, &class_before}, {&after, &class_after}) ==
        R"(
What if a.b=1s and c=2
                     as it was  what if  difference
  window                  20 s      7 s       -13 s
  - token-cache TTL       15 s      6 s        -9 s
  - sweeper's wait         5 s      0 s        -5 s
  - database read          0 s      1 s        +1 s
  ended                 obeyed   obeyed        same
  wrong decisions            2        0          -2

All windows of "token revoked" written in dc and seen by node-b, in seed 3
               as it was  what if  difference
  99 % within       30 s      9 s       -21 s
  windows             10       12          +2
)");
}

TEST_CASE("what if: open ends, another instant, a change that is not made") {
  const schema::Window before = window();
  schema::Window after = window();
  after.set_ending("censored");
  after.set_start_ns(6 * kMinute);
  const schema::WindowClass of_class = class_with(30 * kSecond, 10);
  schema::WindowClass open = of_class;
  open.set_reached(0.98);  // p99 is beyond it
  const std::string text = what_if(one_site(), {"a=1"}, {&before, &of_class}, {&after, &open});
  CHECK_THAT(text, Catch::Contains("acknowledged at    5 min 00 s  6 min 00 s  +1 min 00 s\n"));
  CHECK_THAT(text, Catch::Contains("window                   20 s     >= 20 s\n"));
  CHECK_THAT(text, Catch::Contains("ended                  obeyed  still open\n"));
  CHECK_THAT(text,
             Catch::Contains("acknowledged at another instant: what is written when depends on that value\n    too\n"));
  CHECK_THAT(text, Catch::Contains("99 % within       30 s  >= 30 s\n"));

  const std::string gone = what_if(one_site(), {"a=1"}, {&before, &of_class}, {nullptr, nullptr});
  CHECK_THAT(gone, Catch::Contains("there is no such change then: no \"token revoked\" of token 7 by node-a"));
  CHECK_THAT(gone, Catch::Contains("99 % within       30 s  no window\n"));
  CHECK_THAT(gone, Catch::Contains("windows             10          0         -10\n"));
}

TEST_CASE("a quantile of a class is open beyond what is reached, and not at it") {
  schema::WindowClass of = class_with(kSecond, 100);
  CHECK_FALSE(is_open(of, 1.0));
  of.set_reached(0.95);
  CHECK_FALSE(is_open(of, 0.5));
  CHECK_FALSE(is_open(of, 0.95));
  CHECK(is_open(of, 0.951));
  CHECK(is_open(of, 1.0));
}

}  // namespace
}  // namespace parallax::reports
