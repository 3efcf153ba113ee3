#include "models/logic/profiles/wso2.h"

namespace parallax::logic::profiles {

namespace {

Profile newest() {
  Profile profile;
  profile.name = "wso2";
  // OAuthServerConfiguration, timestamp skew: 300 s by class default; the documents advise 0 with clocks in step.
  profile.pipeline.skew = sim::seconds(300);
  // The cleaner of revoked ids grants no skew (RevokedJWTMapCleaner): a revoked JWT may come back to life for it.
  profile.pipeline.revoked.kept_past_expiry = {};
  // JWTValidator keeps its verdict whatever becomes of the keys, and an unknown key's refusal too.
  profile.verified.on_new_keys = jwt::VerificationCacheOptions::OnNewKeys::kKeep;
  // It fetches for every unknown key, without a limit and without remembering (our reading).
  profile.signing_keys.refetch_interval = {};
  profile.signing_keys.negative_ttl = {};
  profile.verified.on_unknown_key = jwt::VerificationCacheOptions::OnUnknownKey::kRemember;
  // The newest default file: oauth.token_persistence.enable=false (product-apim).
  profile.issuing.jwt_persistence = tokens::JwtPersistence::kNotStored;
  profile.pipeline.pull_interval = {};
  return profile;
}

}  // namespace

Profile wso2(Wso2 version) {
  Profile profile = newest();
  if (version == Wso2::kNewest) return profile;
  profile.name = "wso2-2.6";
  profile.issuing.jwt_persistence = tokens::JwtPersistence::kStored;
  // Only the gateway that served /revoke cleared its cache (product-apim #9285), and of it one resource's entry
  // (#2931).
  profile.pipeline.cache.on_revocation = gateway::OnRevocation::kForgetVariant;
  // A redeployed API's resources stayed in the resource cache until they were too old (our reading).
  profile.pipeline.resource_cache.on_deployment = gateway::OnDeployment::kKeep;
  // Events were counted in the window in which they arrived (api-manager #3322).
  profile.counting.late_events = throttling::LateEvents::kCountOnArrival;
  // Whoever lost the race for a token got the row that had won it, of whatever type (product-apim #7901, #9924).
  profile.issuing.recovery = tokens::ViolationRecovery::kIgnoringType;
  return profile;
}

Profile wso2_multi_dc(Wso2 version) {
  Profile profile = wso2(version);
  profile.data_center_in_key = tokens::DataCenterInKey::kYes;
  // The newest default file: oauth.token_persistence.enable=false (product-apim).
  profile.issuing.jwt_persistence = tokens::JwtPersistence::kNotStored;
  profile.pipeline.pull_interval = {};
  return profile;
}

}  // namespace parallax::logic::profiles
