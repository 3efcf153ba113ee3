#include "models/runtime/key_manager.h"

#include <utility>

#include "models/domain/journal.h"
#include "models/steering/clients.h"

namespace parallax::runtime {

using domain::ChangeAbandoned;
using domain::ChangeAcknowledged;
using domain::ChangeInvoked;
using domain::ChangeKind;
using domain::ObjectRef;
using domain::Stage;

void KeyManager::join(propagation::Cluster& cluster, std::vector<Gateway*> others) {
  cluster_ = &cluster;
  other_gateways_ = std::move(others);
}

sim::Process KeyManager::issue_token(sim::Site& site, steering::TokenCall call) {
  const sim::VirtualTime invoked = site.now();
  const domain::TokenId token = database_.reserve_token();
  const ObjectRef object = ObjectRef::of(token);
  const sim::RecordId cause = site.record(ChangeInvoked{ChangeKind::kTokenIssued, node_, object}.pack());
  const std::uint32_t life = power_.life();
  co_await site.delay(database_.access_time());
  if (power_.outlived(life)) {
    site.record(ChangeAbandoned{object}.pack(), cause);
    co_return;
  }
  const sim::VirtualTime expires = site.now() + token_validity_;
  database_.insert_token(token, call.application, expires, cause);
  const domain::Version version = database_.token(token).version;
  co_await site.delay(database_.access_time());
  site.record(
      ChangeAcknowledged{ChangeKind::kTokenIssued, node_, object, version, invoked, expires, call.application}.pack(),
      cause);
  const steering::IssuedToken issued{token, expires};
  site.send(call.caller->site().id(), [call, issued] { call.caller->token_issued(call.session, issued); });
}

sim::Process KeyManager::revoke_token(sim::Site& site, domain::TokenId token) {
  const sim::VirtualTime invoked = site.now();
  const ObjectRef object = ObjectRef::of(token);
  const sim::RecordId cause = site.record(ChangeInvoked{ChangeKind::kTokenRevoked, node_, object}.pack());
  const std::uint32_t life = power_.life();
  co_await site.delay(database_.access_time());
  if (power_.outlived(life)) {
    site.record(ChangeAbandoned{object}.pack(), cause);
    co_return;
  }
  database_.set_token(token, domain::Standing::kBlocked, cause);
  const logic::gateway::TokenFacts row = database_.token(token);
  co_await site.delay(database_.access_time());
  local_gateway_.forget_token(token, cause, {Stage::kNone, Stage::kDatabaseWrite, invoked});
  const sim::RecordId acknowledged = site.record(
      ChangeAcknowledged{ChangeKind::kTokenRevoked, node_, object, row.version, invoked, row.expires, row.application}
          .pack(),
      cause);
  if (cluster_ != nullptr) tell_cluster(token, acknowledged);
}

void KeyManager::tell_cluster(domain::TokenId token, sim::RecordId acknowledged) {
  for (Gateway* gateway : other_gateways_) {
    cluster_->tell([gateway, token, acknowledged, sent = site_.now()] {
      gateway->forget_token(token, acknowledged, {Stage::kNone, Stage::kClusterMessage, sent});
    });
  }
}

}  // namespace parallax::runtime
