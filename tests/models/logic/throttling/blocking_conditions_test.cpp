#include "models/logic/throttling/blocking_conditions.h"

#include <catch2/catch.hpp>

#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

constexpr ClientAddress v4(std::uint32_t address) { return ClientAddress::v4(address); }

TEST_CASE("each kind of blocking condition blocks while it is on, and nobody else") {
  const Subject subject = testing::caller();
  const std::vector<std::pair<BlockingCondition, BlockingCondition>> rows{
      {domain::ApiId{20}, domain::ApiId{21}},
      {domain::ApplicationId{30}, domain::ApplicationId{20}},
      {domain::UserId{40}, domain::UserId{30}},
      {domain::SubscriptionId{10}, domain::SubscriptionId{20}},
      {v4(0x0a00'0001), v4(0x0a00'0002)},
      {AddressRange{v4(0x0a00'0000), v4(0x0a00'00ff)}, AddressRange{v4(0x0a00'0002), v4(0x0a00'00ff)}}};
  for (const auto& [of_caller, of_another] : rows) {
    INFO("alternative " << of_caller.index());
    BlockingConditions conditions;
    CHECK(conditions.empty());
    CHECK_FALSE(conditions.blocks(subject));
    conditions.set(of_another, Switch::kOn);
    CHECK_FALSE(conditions.blocks(subject));
    conditions.set(of_caller, Switch::kOn);
    conditions.set(of_caller, Switch::kOn);  // said twice, switched off once
    CHECK(conditions.blocks(subject));
    conditions.set(of_caller, Switch::kOff);
    CHECK_FALSE(conditions.blocks(subject));
    CHECK_FALSE(conditions.empty());
    conditions.set(of_another, Switch::kOff);
    conditions.set(of_another, Switch::kOff);
    CHECK(conditions.empty());
  }
}

TEST_CASE("ranges may overlap; both ends belong to them; the families are apart") {
  BlockingConditions conditions;
  conditions.set(AddressRange{v4(100), v4(200)}, Switch::kOn);
  conditions.set(AddressRange{v4(120), v4(130)}, Switch::kOn);
  conditions.set(AddressRange{{0x2001'0db8'0000'0000, 0}, {0x2001'0db8'0000'0000, 0xff}}, Switch::kOn);
  const auto blocks = [&](ClientAddress client) {
    Subject subject = testing::caller();
    subject.client = client;
    return conditions.blocks(subject);
  };
  CHECK_FALSE(blocks(v4(99)));
  CHECK(blocks(v4(100)));
  CHECK(blocks(v4(150)));  // behind the second range, but within the first
  CHECK(blocks(v4(200)));
  CHECK_FALSE(blocks(v4(201)));
  CHECK(blocks({0x2001'0db8'0000'0000, 0xff}));
  CHECK_FALSE(blocks({0x2001'0db8'0000'0000, 0x100}));
  CHECK_FALSE(blocks({0, 150}));  // ::150 is not 0.0.0.150
  conditions.set(AddressRange{v4(100), v4(200)}, Switch::kOff);
  CHECK(blocks(v4(125)));
  CHECK_FALSE(blocks(v4(150)));
}

}  // namespace
}  // namespace parallax::logic::throttling
