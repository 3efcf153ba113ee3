// WSO2 API Manager as a set of parameters and behaviours. The mechanisms know no product; what a product does is said
// here, so that another one is another file. Sources: carbon-apimgt at the 9.33 line, product-apim's default files,
// identity-inbound-auth-oauth; where a default stands beside its mechanism, its source stands there.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/logic/gateway/backend.h"
#include "models/logic/gateway/pipeline.h"
#include "models/logic/jwt/verification_cache.h"
#include "models/logic/jwt/verifier.h"
#include "models/logic/routing/cors.h"
#include "models/logic/throttling/counter_store.h"
#include "models/logic/throttling/default_tiers.h"
#include "models/logic/throttling/event_publisher.h"
#include "models/logic/throttling/startup_pull.h"
#include "models/logic/tokens/authorization_codes.h"
#include "models/logic/tokens/gateway_timers.h"
#include "models/logic/tokens/issuing_rules.h"
#include "models/logic/tokens/memory_token_table.h"
#include "models/logic/tokens/revoker.h"

namespace parallax::logic::profiles {

/// All that the logic of one product can be told. A mechanism that a product does not have keeps its default and is not
/// used by the host.
struct Profile {
  std::string_view name;
  // Gateway
  routing::CorsOptions cors{};
  gateway::PipelineOptions pipeline{};  ///< its skew is the host's jwt::Policy's too
  gateway::BackendTimeouts backend{};
  jwt::KeyCacheOptions signing_keys{};
  jwt::VerificationCacheOptions verified{};
  tokens::CleanerOptions revoked_cleaner{};
  tokens::PullTimer::Options revoked_pull{};
  // Key manager
  tokens::IssuingRules issuing{};
  tokens::DataCenterInKey data_center_in_key{tokens::DataCenterInKey::kNo};
  tokens::AuthorizationCodes::Options codes{};
  tokens::RevokerOptions revoker{};
  // Limits
  throttling::PublisherOptions publisher{};
  throttling::CountingOptions counting{};
  throttling::StartupPullOptions policy_pull{};
  throttling::StartupPullOptions template_pull{};
};

/// Versions that behave differently in what is modelled here.
enum class Wso2 : std::uint8_t {
  kNewest,  ///< 4.x
  kUpTo26,  ///< up to 2.6: before caches were evicted by message and before the map of revoked JWTs
};

Profile wso2(Wso2 version = Wso2::kNewest);

/// Of `version`, where a data center is to share its token table with others by replication: the multi-data-center
/// scripts append the data center's id to the unique key.
Profile wso2_multi_dc(Wso2 version = Wso2::kNewest);

}  // namespace parallax::logic::profiles
