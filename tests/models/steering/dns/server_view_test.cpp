// What a resolver makes of round trips and losses, by hand in Unbound's integers.
#include <catch2/catch.hpp>

#include "models/steering/dns/server_view.h"

namespace parallax::test {

using steering::dns::ServerView;
using steering::dns::ServerViewSpec;

namespace {

ServerView settled_at_40_ms() {
  ServerView view{ServerViewSpec{}, 0};
  for (int i = 0; i < 100; ++i) view.answered(40, 0);
  return view;
}

/// Until its time-out is at least `ms`.
ServerView lost_until(std::int64_t ms) {
  ServerView view = settled_at_40_ms();
  while (view.timeout_ms() < ms) view.lost(view.timeout_ms(), 0);
  return view;
}

}  // namespace

// 376 = 0 + 4 x 94. The first answer after 40 ms: 0 + 40/8 = 5 and 94 + (40 - 94)/4 = 94 - 13 = 81, so 5 + 324 = 329.
// The second: 5 + 35/8 = 9 and 81 + (35 - 81)/4 = 70, so 9 + 280 = 289. In the end errors are below 8, and so is what
// they change by: it stays at 33 + 4 x 10.
TEST_CASE("the time-out follows round trips, as far as integers let it") {
  ServerView view{ServerViewSpec{}, 0};
  CHECK(view.timeout_ms() == 376);
  view.answered(40, 0);
  CHECK(view.timeout_ms() == 329);
  view.answered(40, 0);
  CHECK(view.timeout_ms() == 289);
  CHECK(settled_at_40_ms().timeout_ms() == 73);
}

TEST_CASE("queries that are lost together double the time-out once, and an answer takes it back") {
  ServerView view = settled_at_40_ms();
  for (int i = 0; i < 5; ++i) view.lost(73, 0);
  CHECK(view.timeout_ms() == 146);
  view.lost(146, 0);
  CHECK(view.timeout_ms() == 292);
  view.answered(40, 0);
  CHECK(view.timeout_ms() == 73);
  view.lost(292, 0);  // one that left before the answer came
  CHECK(view.timeout_ms() == 73);
}

// 73 x 2^8 = 18,688 ms. The probe leaves in second 100 and is over by second 100 + (18,688 + 1,999) / 1,000 = 120.
TEST_CASE("from 12 s on one query at a time may leave, and the others not before it has surely failed") {
  ServerView view = lost_until(12'000);
  REQUIRE(view.timeout_ms() == 18'688);
  CHECK(view.may_be_asked(100));
  CHECK(view.ask(100) == 18'688);
  CHECK_FALSE(view.may_be_asked(100));
  CHECK_FALSE(view.may_be_asked(119));
  CHECK(view.may_be_asked(120));
  view.answered(40, 110);
  CHECK(view.may_be_asked(110));
}

// The entry expires after 900 s, which lets one more query out.
TEST_CASE("a server that has been silent for minutes is asked once in a quarter of an hour") {
  ServerView view = lost_until(120'000);
  CHECK(view.timeout_ms() == 120'000);
  CHECK_FALSE(view.may_be_asked(900));
  CHECK(view.may_be_asked(901));
  CHECK(view.ask(901) == 120'000);
  CHECK_FALSE(view.may_be_asked(901));
  view.lost(120'000, 1'021);
  CHECK_FALSE(view.may_be_asked(1'801));
  CHECK(view.may_be_asked(1'802));
  view.ask(1'802);
  view.answered(40, 1'803);
  CHECK(view.timeout_ms() == 329);
  CHECK(view.may_be_asked(1'803));
}

}  // namespace parallax::test
