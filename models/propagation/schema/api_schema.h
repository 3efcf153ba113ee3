// The tables of the API and shared databases that a multi-data-center deployment is about, cut down to the columns that
// a decision, a key or a conflict depends on. Names and keys are those of carbon-apimgt's dbscripts (apimgt and
// shared) and their multi-dc variants, which append DCID to CON_APP_KEY and put BEFORE DELETE triggers in the place of
// ON DELETE CASCADE.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/propagation/store/schema.h"

namespace parallax::propagation::schema {

using store::Column;
using store::TableId;

inline constexpr TableId kApis{0};           ///< AM_API
inline constexpr TableId kSubscribers{1};    ///< AM_SUBSCRIBER
inline constexpr TableId kApplications{2};   ///< AM_APPLICATION
inline constexpr TableId kSubscriptions{3};  ///< AM_SUBSCRIPTION
inline constexpr TableId kPolicies{4};       ///< AM_POLICY_SUBSCRIPTION
inline constexpr TableId kConsumerApps{5};   ///< IDN_OAUTH_CONSUMER_APPS
inline constexpr TableId kTokens{6};         ///< IDN_OAUTH2_ACCESS_TOKEN
inline constexpr TableId kRevokedTokens{7};  ///< AM_REVOKED_JWT
inline constexpr TableId kRegistryPaths{8};  ///< REG_PATH
inline constexpr TableId kUsers{9};          ///< UM_USER

// Columns, in the order of the tables. An UUID is the domain's id of the object; the number before it comes from a
// sequence and is what other rows refer to.
namespace api {
inline constexpr Column kNumber{0}, kUuid{1}, kStatus{2};
}
namespace subscriber {
inline constexpr Column kNumber{0}, kUser{1};
}
namespace application {
inline constexpr Column kNumber{0}, kUuid{1}, kSubscriber{2};
}
namespace subscription {
inline constexpr Column kNumber{0}, kUuid{1}, kApi{2}, kApplication{3}, kStatus{4}, kTier{5};
}
namespace policy {
inline constexpr Column kNumber{0}, kName{1}, kQuota{2};
}
namespace consumer_app {
inline constexpr Column kNumber{0}, kClient{1}, kApplication{2};
}
namespace token {
inline constexpr Column kId{0}, kConsumerApp{1}, kUser{2}, kTenant{3}, kUserType{4}, kScopeHash{5}, kScopeHash2{6},
    kState{7}, kStateId{8}, kBinding{9}, kType{10}, kScopes{11}, kToken{12}, kToken2{13}, kRefresh{14}, kRefresh2{15},
    kCreated{16}, kExpires{17}, kRefreshExpires{18}, kDataCenter{19}, kJurisdiction{20};
inline constexpr std::size_t kWidth = 21;
}  // namespace token
namespace revoked_token {
inline constexpr Column kId{0}, kExpires{1};
}
namespace registry_path {
inline constexpr Column kNumber{0}, kPath{1}, kVersion{2};
}
namespace user {
inline constexpr Column kNumber{0}, kName{1}, kJurisdiction{2};
}

enum class Children : std::uint8_t { kCascade, kTrigger };

struct ApiSchemaOptions {
  Children children{Children::kTrigger};    ///< what goes with a deleted parent, and how
  bool data_center_in_token_key{true};      ///< DCID appended to CON_APP_KEY
  std::vector<std::string> without_keys{};  ///< tables that were created without their primary and unique keys
};

store::Schema api_schema(const ApiSchemaOptions& options);

}  // namespace parallax::propagation::schema
