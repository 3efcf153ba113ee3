#include "models/logic/tokens/gateway_timers.h"

#include <catch2/catch.hpp>

#include "tests/models/logic/tokens/issuing.h"

namespace parallax::logic::tokens {
namespace {

using testing::at;
using testing::kTick;

// Started at 50: 50 + 120 = 170, then every 45 min = 2700 s: 2870, 5570.
TEST_CASE("the cleaner runs 120 s after the start and every 45 min from then") {
  const CleanerOptions options;
  CHECK(next_cleaning(options, at(50), at(50)) == at(170));
  CHECK(next_cleaning(options, at(50), at(170) - kTick) == at(170));
  CHECK(next_cleaning(options, at(50), at(170)) == at(2'870));
  CHECK(next_cleaning(options, at(50), at(2'870) - kTick) == at(2'870));
  CHECK(next_cleaning(options, at(50), at(2'870)) == at(5'570));
}

TEST_CASE("the list is pulled once, 1000 ms after the start, and not again on reconnection") {
  PullTimer timer{{}, at(50)};
  CHECK(timer.due() == at(51));
  timer.on_pulled();
  CHECK_FALSE(timer.due());
  timer.on_reconnected(at(60));
  CHECK_FALSE(timer.due());
}

TEST_CASE("with the cure a reconnection is followed by a pull, which a pull that is due replaces") {
  PullTimer timer{{.on_reconnect = OnReconnect::kPullAgain}, at(50)};
  timer.on_reconnected(at(50));
  CHECK(timer.due() == at(51));
  timer.on_pulled();
  timer.on_reconnected(at(60));
  CHECK(timer.due() == at(60));
  timer.on_reconnected(at(61));  // not pulled yet
  CHECK(timer.due() == at(60));
}

}  // namespace
}  // namespace parallax::logic::tokens
