#include "scenarios/session_words.h"

#include <catch2/catch.hpp>

namespace parallax::scenarios {
namespace {

using domain::Version;
using Operation = audit::SessionOperation;
using Kind = audit::SessionOperation::Kind;

SeedRun two_sites() {
  SeedRun run;
  run.site_names = {"eu", "us"};
  run.node_names = {"eu/gw1", "us/gw1"};
  return run;
}

// 9 min 03.120 s = 543.12 s; and an hour more.
TEST_CASE("instants are written as a clock shows them") {
  CHECK(instant_words({543'120'000'000}) == "09:03.120");
  CHECK(instant_words({543'120'999'999}) == "09:03.120");
  CHECK(instant_words({543'120'000'000 + 3'600'000'000'000}) == "1:09:03.120");
}

TEST_CASE("what comes later is said with two figures or more, never too much") {
  CHECK(later_words({}) == "at the same time");
  CHECK(later_words({700}) == "700 ns later");
  CHECK(later_words({1'990'000}) == "1.9 ms later");
  CHECK(later_words({45'900'000}) == "45 ms later");
  CHECK(later_words({800'000'000}) == "0.8 s later");
  CHECK(later_words({2'000'000'000}) == "2 s later");
  CHECK(later_words({59'999'000'000}) == "59 s later");
  CHECK(later_words({928'000'000'000}) == "15 min 28 s later");
}

TEST_CASE("versions with one number are told apart by who made them") {
  const SeedRun run = two_sites();
  const Version eu = Version::of(3, sim::SiteId{0});
  const Version us = Version::of(3, sim::SiteId{1});
  CHECK(version_words(eu, Version::of(2, sim::SiteId{1}), run) == "3");
  CHECK(version_words(eu, eu, run) == "3");
  CHECK(version_words(eu, us, run) == "3 of eu");
  CHECK(version_words({}, eu, run) == "0");
}

TEST_CASE("steps say what happened, of what, on which version") {
  Operation read{Kind::kRead, {}, domain::ObjectRef::of(domain::TokenId{17}), {}, domain::NodeId{1}};
  read.token = domain::TokenId{17};
  read.outcome = domain::Outcome::kAdmitted;
  CHECK(step_words(read, "3", read, "") == "let token 17 through on version 3 of it");
  read.outcome = domain::Outcome::kTokenInvalid;
  CHECK(step_words(read, "0", read, "") == "refused token 17 on version 0 of it");
  read.object = domain::ObjectRef::of(domain::ApiId{4});
  read.outcome = domain::Outcome::kApiUnknown;
  CHECK(step_words(read, "0", read, "") == "answered 404 to token 17 on version 0 of api 4");
  read.object = domain::ObjectRef::of(domain::SubscriptionId{5});
  read.outcome = domain::Outcome::kSubscriptionBlocked;
  CHECK(step_words(read, "2", read, "") == "refused token 17 (subscription_blocked) on version 2 of subscription 5");
  CHECK(place_words(read, two_sites()) == "us/gw1");

  Operation wrote{Kind::kWrote, {}, domain::ObjectRef::of(domain::SubscriptionId{5}), {}};
  wrote.change = domain::ChangeKind::kSubscriptionAdded;
  CHECK(step_words(wrote, "1", wrote, "") == "added subscription 5 (version 1)");

  Operation applied{Kind::kApplied, {}, domain::ObjectRef::of(domain::TokenId{17}), {}};
  applied.site = sim::SiteId{1};
  CHECK(step_words(applied, "1", wrote, "1") == "had token 17 in its database, and not version 1 of subscription 5");
  CHECK(place_words(applied, two_sites()) == "us");
}

}  // namespace
}  // namespace parallax::scenarios
