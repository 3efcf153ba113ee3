// What a gateway decided on one call: a small value.
#pragma once

#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "sim/time.h"

namespace parallax::logic::gateway {

struct Decision {
  domain::Outcome outcome{domain::Outcome::kApiUnknown};
  domain::Answer answer{404, 404};  ///< status and code, as the profile has them
  domain::ApiId api{domain::kNoApi};
  domain::ResourceId resource{domain::kNoResource};
  domain::ApplicationId application{domain::kNoApplication};
  domain::SubscriptionId subscription{domain::kNoSubscription};
  // The facts that it was taken on; 0: the decision did not come to this one, or nobody had told of it.
  domain::Version api_version;  ///< of the API as it was deployed; or as the key manager had it, where it had none
  domain::Version token_version;
  domain::Version subscription_version;
  sim::VirtualTime next_access{sim::kNever};  ///< of a quota refusal: when the next call may pass (Retry-After)
  bool is_counted{false};                     ///< admitted, and to be published to whoever counts
};

}  // namespace parallax::logic::gateway
