#include "models/logic/throttling/decision_table.h"

#include <catch2/catch.hpp>

#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using testing::at;

const ThrottleKey kKey = ThrottleKey::subscription(domain::ApplicationId{1}, domain::ApiId{2}, domain::TierId{3});
const ThrottleKey kOther = ThrottleKey::subscription(domain::ApplicationId{1}, domain::ApiId{2}, domain::TierId{4});

DecisionMessage throttle(ThrottleKey key, sim::VirtualTime until) { return {key, until, true}; }
DecisionMessage lift(ThrottleKey key, sim::VirtualTime until) { return {key, until, false}; }

TEST_CASE("throttled while expiry >= gateway now") {
  DecisionTable table;
  table.apply(throttle(kKey, at(60)));
  CHECK(table.throttled_until(kKey, at(0)) == at(60));
  CHECK(table.throttled_until(kKey, at(60)) == at(60));
  CHECK(table.throttled_until(kKey, at(60) + sim::nanoseconds(1)) == DecisionTable::kNotThrottled);
  CHECK(table.throttled_until(kOther, at(0)) == DecisionTable::kNotThrottled);
}

TEST_CASE("lazy delete: an entry that is over goes when it is looked at") {
  DecisionTable table;
  table.apply(throttle(kKey, at(60)));
  CHECK(table.size() == 1);
  CHECK_FALSE(table.knows_none(Level::kSubscription));
  table.throttled_until(kOther, at(61));
  CHECK(table.size() == 1);
  table.throttled_until(kKey, at(61));
  CHECK(table.size() == 0);
  CHECK(table.knows_none(Level::kSubscription));
}

TEST_CASE("a sweep removes what is over without being looked at") {
  DecisionTable table;
  const ThrottleKey api = ThrottleKey::api(domain::ApiId{7}, 2);
  table.apply(throttle(kKey, at(60)));
  table.apply(throttle(kOther, at(120)));
  table.apply(throttle(api, at(60)));
  table.sweep(at(61));
  CHECK(table.size() == 1);
  CHECK(table.knows_none(Level::kApi));
  CHECK(table.throttled_until(api, 0b100, at(0)) == DecisionTable::kNotThrottled);
  CHECK(table.throttled_until(kOther, at(61)) == at(120));
}

TEST_CASE("a new gateway starts empty") {
  const DecisionTable table;
  for (std::size_t level = 0; level < kLevels; ++level) CHECK(table.knows_none(static_cast<Level>(level)));
}

TEST_CASE("a false message deletes unconditionally: a late one un-throttles until the next true") {
  DecisionTable table;
  table.apply(throttle(kKey, at(60)));
  table.apply(throttle(kKey, at(120)));  // the next window is over its limit already
  table.apply(lift(kKey, at(60)));       // and only now a second store ends the first
  CHECK(table.throttled_until(kKey, at(61)) == DecisionTable::kNotThrottled);
  table.apply(throttle(kKey, at(120)));
  CHECK(table.throttled_until(kKey, at(61)) == at(120));
}

TEST_CASE("cure: a false older than the entry's window is ignored") {
  DecisionTable table{LateDecision::kIgnore};
  table.apply(throttle(kKey, at(120)));
  table.apply(lift(kKey, at(60)));
  CHECK(table.throttled_until(kKey, at(61)) == at(120));
  table.apply(throttle(kKey, at(60)));  // nor does a late true shorten it
  CHECK(table.throttled_until(kKey, at(61)) == at(120));
  table.apply(lift(kKey, at(120)));
  CHECK(table.throttled_until(kKey, at(61)) == DecisionTable::kNotThrottled);
}

TEST_CASE("of an API's groups those count that the call matches") {
  const ThrottleKey api = ThrottleKey::api(domain::ApiId{7}, ThrottleKey::kAnyGroup);
  DecisionTable table;
  table.apply(throttle(api.with_group(1), at(60)));
  table.apply(throttle(api.with_group(3), at(120)));
  CHECK(table.throttled_until(api, kDefaultGroup, at(0)) == DecisionTable::kNotThrottled);
  CHECK(table.throttled_until(api, 0b0010, at(0)) == at(60));
  CHECK(table.throttled_until(api, 0b0100, at(0)) == DecisionTable::kNotThrottled);
  CHECK(table.throttled_until(api, 0b1010, at(0)) == at(120));
  CHECK(table.throttled_until(api, 0b1010, at(61)) == at(120));
  CHECK(table.size() == 1);  // _condition_1 was looked at and is over
  table.apply(lift(api.with_group(3), at(120)));
  CHECK(table.throttled_until(api, 0b1010, at(61)) == DecisionTable::kNotThrottled);
  CHECK(table.knows_none(Level::kApi));
  table.apply(throttle(api.with_group(0), at(120)));
  CHECK(table.throttled_until(api, kDefaultGroup, at(61)) == at(120));
}

TEST_CASE("a message about a key that nobody has made says nothing") {
  DecisionTable table;
  table.apply({ThrottleKey{}, sim::kNever, true});
  CHECK(table.size() == 0);
}

}  // namespace
}  // namespace parallax::logic::throttling
