// What a gateway has been told of APIs, clients' keys, applications and subscriptions (carbon-apimgt
// SubscriptionDataStoreImpl): loaded after start, updated by events. An event older than what is held is dropped, so
// events may overtake one another; a lost one stays lost, but for objects that are missed: those can be pulled
// (see Pipeline).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "models/logic/gateway/facts.h"

namespace parallax::logic::gateway {

enum class Update : std::uint8_t { kApplied, kStale };

class Configuration {
 public:
  struct Subscribed {
    domain::SubscriptionId id{domain::kNoSubscription};
    SubscriptionFacts facts;
  };

  // What nobody has told of has facts that refuse.
  ApiFacts api(domain::ApiId id) const { return at(apis_, id); }
  KeyMappingFacts key(domain::ClientId id) const { return at(keys_, id); }
  ApplicationFacts application(domain::ApplicationId id) const { return at(applications_, id); }
  Subscribed subscription(domain::ApplicationId application, domain::ApiId api) const {
    const auto found = subscriptions_.find(packed(application, api));
    return found == subscriptions_.end() ? Subscribed{} : found->second;
  }

  Update tell(domain::ApiId id, const ApiFacts& facts) { return put(apis_, id, facts); }
  Update tell(domain::ClientId id, const KeyMappingFacts& facts) { return put(keys_, id, facts); }
  Update tell(domain::ApplicationId id, const ApplicationFacts& facts) { return put(applications_, id, facts); }
  Update tell(domain::ApplicationId application, domain::ApiId api, const Subscribed& subscribed) {
    Subscribed& held = subscriptions_[packed(application, api)];
    if (subscribed.facts.version < held.facts.version) return Update::kStale;
    held = subscribed;
    return Update::kApplied;
  }

  /// As after a restart.
  void clear() { *this = {}; }

 private:
  static std::uint64_t packed(domain::ApplicationId application, domain::ApiId api) {
    return static_cast<std::uint64_t>(application) << 32 | static_cast<std::uint32_t>(api);
  }

  template <typename Facts, typename Id>
  static Facts at(const std::vector<Facts>& table, Id id) {
    return domain::index(id) < table.size() ? table[domain::index(id)] : Facts{};
  }

  template <typename Facts, typename Id>
  static Update put(std::vector<Facts>& table, Id id, const Facts& facts) {
    if (domain::index(id) >= table.size()) table.resize(domain::index(id) + 1);
    Facts& held = table[domain::index(id)];
    if (facts.version < held.version) return Update::kStale;
    held = facts;
    return Update::kApplied;
  }

  std::vector<ApiFacts> apis_;
  std::vector<KeyMappingFacts> keys_;
  std::vector<ApplicationFacts> applications_;
  boost::unordered_flat_map<std::uint64_t, Subscribed> subscriptions_;  // looked up, never iterated
};

}  // namespace parallax::logic::gateway
