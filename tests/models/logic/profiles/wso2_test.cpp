// The figures of the product, by the words of its facts: a profile is only as good as its numbers.
#include "models/logic/profiles/wso2.h"

#include <catch2/catch.hpp>

namespace parallax::logic::profiles {
namespace {

TEST_CASE("gateway caches: 900 s, 10,000 entries, a sweeper every 30 s") {
  const Profile profile = wso2();
  CHECK(profile.pipeline.caching == gateway::TokenCaching::kOn);
  CHECK(profile.pipeline.cache.ttl == sim::seconds(900));
  CHECK(profile.pipeline.cache.sweep_interval == sim::seconds(30));
  CHECK(profile.pipeline.cache.capacity == 10'000);
  CHECK(profile.pipeline.resource_cache.ttl == sim::seconds(900));
  CHECK(profile.pipeline.resource_cache.capacity == 10'000);
  CHECK(profile.verified.ttl == sim::seconds(900));
}

TEST_CASE("issuing: app and user tokens 3600 s, refresh 24 h, auth code 300 s, skew 300 s, 5 retries") {
  const Profile profile = wso2();
  CHECK(profile.issuing.application_token_validity == sim::seconds(3'600));
  CHECK(profile.issuing.user_token_validity == sim::seconds(3'600));
  CHECK(profile.issuing.refresh_validity == sim::seconds(24 * 3'600));
  CHECK(profile.codes.validity == sim::seconds(300));
  CHECK(profile.pipeline.skew == sim::seconds(300));
  CHECK(profile.issuing.violation_retries_max == 5);
  CHECK(profile.issuing.jwt_renewal == tokens::JwtRenewal::kRevokePrevious);
  CHECK(profile.issuing.jwt_persistence == tokens::JwtPersistence::kNotStored);
}

TEST_CASE("the data center is in the unique key where the multi-data-center scripts have been run") {
  CHECK(wso2().data_center_in_key == tokens::DataCenterInKey::kNo);
  CHECK(wso2_multi_dc().data_center_in_key == tokens::DataCenterInKey::kYes);
}

TEST_CASE("revocation: cleaner after 120 s, then every 45 min; one pull, 1000 ms after start, none on reconnect") {
  const Profile profile = wso2();
  CHECK(profile.revoked_cleaner.first == sim::seconds(120));
  CHECK(profile.revoked_cleaner.period == sim::minutes(45));
  CHECK(profile.revoked_pull.after_start == sim::milliseconds(1'000));
  CHECK(profile.revoked_pull.on_reconnect == tokens::OnReconnect::kNothing);
  CHECK(profile.pipeline.cache.on_revocation == gateway::OnRevocation::kRefuse);
  CHECK(profile.pipeline.on_miss == gateway::OnMiss::kPull);
}

TEST_CASE(
    "limits: ring 32,768, batch 200, reconnect check 30 s, counters synchronised every 10 ms, bursts every 50 ms") {
  const Profile profile = wso2();
  CHECK(profile.publisher.ring_capacity == 32'768);
  CHECK(profile.publisher.batch == 200);
  CHECK(profile.publisher.reconnect_check == sim::seconds(30));
  CHECK(profile.counting.sync_period == sim::milliseconds(10));
  CHECK(profile.pipeline.limits.bursts.sync_period == sim::milliseconds(50));
  CHECK(profile.pipeline.limits.bursts.reserve_percent == 20);
  CHECK(profile.counting.late_events == throttling::LateEvents::kDrop);
  CHECK(profile.pipeline.limits.late_decision == throttling::LateDecision::kHeed);
  CHECK_FALSE(profile.policy_pull.retry_every.has_value());
}

TEST_CASE("backends: global time-out 120 s, socket time-out 180 s") {
  CHECK(wso2().backend.global == sim::seconds(120));
  CHECK(wso2().backend.socket == sim::seconds(180));
}

TEST_CASE("what old versions did is a version of the profile") {
  const Profile old = wso2(Wso2::kUpTo26);
  CHECK(old.pipeline.cache.on_revocation == gateway::OnRevocation::kForgetVariant);
  CHECK(old.counting.late_events == throttling::LateEvents::kCountOnArrival);
  CHECK(old.issuing.recovery == tokens::ViolationRecovery::kIgnoringType);
  CHECK(old.issuing.jwt_persistence == tokens::JwtPersistence::kStored);
  CHECK(wso2().issuing.recovery == tokens::ViolationRecovery::kByRequestedType);
}

}  // namespace
}  // namespace parallax::logic::profiles
