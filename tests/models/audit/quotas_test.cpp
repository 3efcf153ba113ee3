#include "models/audit/quotas.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::TierId;
using domain::Version;

constexpr TierId kTier{0};

sim::VirtualTime second(std::int64_t s) { return sim::VirtualTime{} + sim::seconds(s); }
domain::ChangeInvoked invoked(std::uint32_t quota) {
  return {ChangeKind::kPolicyChanged, domain::NodeId{0}, ObjectRef::of(kTier), quota};
}
domain::ChangeAbandoned abandoned(std::uint32_t quota, domain::Abandoned why) {
  return {ObjectRef::of(kTier), ChangeKind::kPolicyChanged, why, quota};
}
domain::ChangeAcknowledged acknowledged(std::uint32_t ordinal, std::uint32_t quota) {
  domain::ChangeAcknowledged change{};
  change.change = ChangeKind::kPolicyChanged;
  change.object = ObjectRef::of(kTier);
  change.version = Version::of(ordinal, domain::SiteId{0});
  change.quota = quota;
  return change;
}

// The catalog's limit is 3.
struct Sample {
  domain::Catalog catalog = one_of_each(3);
  Quotas quotas{catalog};

  bool are(std::int64_t at, std::uint64_t least, std::uint64_t greatest) const {
    const Quotas::Range range = quotas.in_force(kTier, second(at));
    return range.least == least && range.greatest == greatest;
  }
};

TEST_CASE("while a policy is being changed the old limit and the new are both right") {
  Sample sample;
  CHECK(sample.are(0, 3, 3));
  sample.quotas.invoke(invoked(5));
  CHECK(sample.are(1, 3, 5));
  sample.quotas.acknowledge(acknowledged(2, 5), second(2));
  CHECK(sample.are(2, 3, 5));  // at the very instant
  CHECK(sample.are(3, 5, 5));
  sample.quotas.invoke(invoked(1));
  CHECK(sample.are(4, 1, 5));
  sample.quotas.abandon(abandoned(1, domain::Abandoned::kRefused));
  CHECK(sample.are(5, 5, 5));
}

TEST_CASE("a change of which nobody knows whether it was committed may hold for ever") {
  Sample sample;
  sample.quotas.invoke(invoked(1));
  sample.quotas.abandon(abandoned(1, domain::Abandoned::kUnknown));
  CHECK(sample.are(100, 1, 3));
}

TEST_CASE("of two changes the later version is in force, whichever was acknowledged last") {
  Sample sample;
  sample.quotas.invoke(invoked(7));
  sample.quotas.invoke(invoked(9));
  sample.quotas.acknowledge(acknowledged(3, 9), second(1));
  sample.quotas.acknowledge(acknowledged(2, 7), second(2));
  CHECK(sample.are(3, 9, 9));
  CHECK(sample.quotas.at(kTier, Version::of(1, domain::SiteId{0})) == 3);
  CHECK(sample.quotas.at(kTier, Version::of(2, domain::SiteId{0})) == 7);
  CHECK(sample.quotas.at(kTier, Version::of(3, domain::SiteId{0})) == 9);
}

TEST_CASE("changes of other objects are nothing to limits") {
  Sample sample;
  domain::ChangeInvoked other = invoked(1);
  other.object = ObjectRef::of(domain::TokenId{0});
  sample.quotas.invoke(other);
  CHECK(sample.are(1, 3, 3));
}

}  // namespace
}  // namespace parallax::audit
