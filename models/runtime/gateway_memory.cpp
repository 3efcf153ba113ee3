#include "models/runtime/gateway_memory.h"

namespace parallax::runtime {

using domain::ObjectRef;
using domain::Standing;
using domain::SubscriptionId;
using logic::gateway::Configuration;
using logic::gateway::SubscriptionFacts;

StartupData read_startup_data(const propagation::Database& there) {
  StartupData data;
  data.read = there.now();
  data.subscriptions.reserve(there.subscription_count());
  for (std::size_t id = 0; id < there.subscription_count(); ++id) {
    data.subscriptions.push_back(there.subscription(static_cast<SubscriptionId>(id)));
  }
  for (std::size_t id = 0; id < there.catalog().apis.size(); ++id) {
    data.apis.push_back(there.api(static_cast<domain::ApiId>(id)));
  }
  for (std::size_t id = 0; id < there.token_count(); ++id) {
    const auto token = static_cast<domain::TokenId>(id);
    const logic::gateway::TokenFacts& row = there.token(token);
    if (row.standing == Standing::kBlocked && row.expires > data.read) {
      data.revoked.push_back({token, row.version, row.expires});
    }
  }
  return data;
}

GatewayMemory::GatewayMemory(sim::Site& site, const domain::Catalog& catalog, logic::gateway::Pipeline& pipeline,
                             Layers layers)
    : site_{site}, catalog_{catalog}, pipeline_{pipeline}, layers_{layers} {
  know_catalog();
  for (std::size_t id = 0; id < catalog.subscriptions.size(); ++id) {
    const domain::Subscription& subscription = catalog.subscriptions[id];
    const domain::Version version = domain::initial_version(subscription.initially);
    told_.push_back(version);
    know(static_cast<SubscriptionId>(id), {version, subscription.initially, subscription.tier});
  }
}

// Applications and their keys are there from the start and stay; each application has one client of its number.
void GatewayMemory::know_catalog() {
  const domain::Version first = domain::initial_version(Standing::kActive);
  for (std::size_t id = 0; id < catalog_.applications.size(); ++id) {
    const auto application = static_cast<domain::ApplicationId>(id);
    pipeline_.configuration().tell(static_cast<domain::ClientId>(id), {first, Standing::kActive, application});
    pipeline_.configuration().tell(application, {first, Standing::kActive});
  }
  for (std::size_t id = 0; id < catalog_.apis.size(); ++id) {
    const auto api = static_cast<domain::ApiId>(id);
    pipeline_.configuration().tell(api, pipeline_.deployed(api));
  }
}

void GatewayMemory::know(SubscriptionId id, const SubscriptionFacts& facts) {
  if (facts.standing == Standing::kAbsent && facts.version == domain::Version{}) return;
  const domain::Subscription& of = catalog_.subscriptions[domain::index(id)];
  SubscriptionFacts known = facts;
  known.tier = of.tier;
  pipeline_.configuration().tell(of.application, of.api, Configuration::Subscribed{id, known});
}

void GatewayMemory::know(domain::TokenId token, sim::VirtualTime expires) {
  pipeline_.revoked().add_token({0, domain::index(token)}, expires);
}

void GatewayMemory::hear(const Revocation& revoked, sim::RecordId cause, const domain::Passage& passage) {
  know(revoked.token, revoked.expires);
  // Who revokes it once more, elsewhere, is obeyed already, but that is a change of its own.
  domain::Version& known = revoked_[revoked.token];
  if (revoked.version <= known) return;
  known = revoked.version;
  site_.record(domain::EntryPut{layers_.revocations, ObjectRef::of(revoked.token), 0, revoked.version, passage}.pack(),
               cause);
}

void GatewayMemory::hear(SubscriptionId id, const SubscriptionFacts& facts, sim::RecordId cause,
                         const domain::Passage& passage) {
  domain::Version& told = told_[domain::index(id)];
  if (facts.version <= told) return;
  know(id, facts);
  told = facts.version;
  site_.record(domain::EntryPut{layers_.subscriptions, ObjectRef::of(id), 0, facts.version, passage}.pack(), cause);
}

void GatewayMemory::load(const StartupData& data, sim::RecordId cause, const domain::Passage& passage) {
  know_catalog();
  for (std::size_t i = 0; i < data.subscriptions.size(); ++i) {
    const auto id = static_cast<SubscriptionId>(i);
    const SubscriptionFacts& facts = data.subscriptions[i];
    know(id, facts);
    if (facts.version == told_[i]) continue;
    told_[i] = facts.version;
    site_.record(domain::EntryPut{layers_.subscriptions, ObjectRef::of(id), 0, facts.version, passage}.pack(), cause);
  }
  for (const Revocation& revoked : data.revoked) hear(revoked, cause, passage);
}

void GatewayMemory::lose(sim::RecordId cause) {
  const domain::Passage passage{domain::Stage::kNone, domain::Stage::kSiteDown, site_.now()};
  for (const auto& [token, version] : revoked_) {
    site_.record(domain::EntryDropped{layers_.revocations, ObjectRef::of(token), 0, passage}.pack(), cause);
  }
  revoked_.clear();
}

}  // namespace parallax::runtime
