#include "models/runtime/key_manager.h"

#include <utility>

#include "models/logic/tokens/issue_now.h"
#include "models/propagation/access_tokens.h"
#include "models/propagation/statements.h"
#include "models/propagation/write.h"
#include "models/steering/clients.h"

namespace parallax::runtime {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Stage;
using propagation::AccessTokens;
using propagation::Write;
namespace store = propagation::store;
namespace tokens = logic::tokens;

namespace {

bool is_end(const tokens::Step& step) {
  return std::holds_alternative<tokens::Issued>(step) || std::holds_alternative<tokens::Refused>(step);
}

bool is_read(const tokens::Step& step) {
  return std::holds_alternative<tokens::ReadLatest>(step) || std::holds_alternative<tokens::ReadKeyHolder>(step);
}

}  // namespace

void KeyManager::join(propagation::Cluster& cluster, std::vector<Gateway*> others) {
  cluster_ = &cluster;
  other_gateways_ = std::move(others);
}

// One step on the table after the other, each a way to the database and back.
sim::Process KeyManager::issue_token(sim::Site& site, steering::TokenCall call) {
  const domain::TokenId id = database_.reserve_token();
  Write write{site, power_, ChangeKind::kTokenIssued, node_, ObjectRef::of(id)};
  tokens::Issuance issuance{rules_, request_for(call, id)};
  tokens::Step step = issuance.begin(site.now());
  while (!is_end(step)) {
    co_await site.delay(database_.access_time());
    if (!write.is_alive()) co_return;
    if (!database_.replica().is_writable() && !is_read(step)) {
      write.abandon(domain::Abandoned::kRefused);
      co_return;
    }
    AccessTokens table{database_, write.invocation()};
    step = tokens::advance(issuance, step, table, site.now());
    if (table.committed() > 0) co_await database_.replica().safe(table.committed());
    co_await site.delay(database_.access_time());
  }
  const auto* issued = std::get_if<tokens::Issued>(&step);
  if (issued == nullptr) {
    write.abandon(domain::Abandoned::kRefused);
    co_return;
  }
  if (issued->from == tokens::IssuedFrom::kNewRow) {
    write.acknowledge(database_.token(id).version, issued->row.expires, call.application,
                      database_.catalog().jurisdiction_of(call.user));
  } else {
    write.abandon(domain::Abandoned::kNotNeeded);
  }
  if (call.caller == nullptr) co_return;
  const steering::IssuedToken answer{issued->row.id, issued->row.expires};
  site.send(call.caller->site().id(), [call, answer] { call.caller->token_issued(call, answer); });
}

tokens::IssueRequest KeyManager::request_for(const steering::TokenCall& call, domain::TokenId id) const {
  tokens::IssueRequest request;
  request.key.client = static_cast<domain::ClientId>(call.application);
  request.key.user = call.user;
  request.key.user_type = tokens::UserType::kApplicationUser;
  request.grant = tokens::Grant::kPassword;
  request.data_center = site_.id();
  request.fresh.id = id;
  return request;
}

sim::Process KeyManager::revoke_token(sim::Site& site, domain::TokenId token) {
  Write write{site, power_, ChangeKind::kTokenRevoked, node_, ObjectRef::of(token)};
  co_await site.delay(database_.access_time());
  if (!write.is_alive()) co_return;
  store::Transaction transaction = database_.replica().begin();
  if (propagation::revoke_token(database_, transaction, token) != store::Refusal::kNone) {
    write.abandon(domain::Abandoned::kRefused);
    co_return;
  }
  const store::Lsn committed = database_.commit(transaction, write.invocation());
  const logic::gateway::TokenFacts row = database_.token(token);
  if (database_.cleans_revoked_tokens()) clean_up(write.invocation());
  co_await database_.replica().safe(committed);
  co_await site.delay(database_.access_time());
  local_gateway_.forget_token(token, write.invocation(), {Stage::kNone, Stage::kDatabaseWrite, write.invoked()});
  const sim::RecordId acknowledged = write.acknowledge(row.version, row.expires, row.application);
  if (cluster_ != nullptr) tell_cluster(token, acknowledged);
}

void KeyManager::clean_up(sim::RecordId cause) {
  store::Transaction transaction = database_.replica().begin();
  propagation::clean_revoked_tokens(database_, transaction, site_.now());
  if (transaction.size() > 0) database_.commit(transaction, cause);
}

void KeyManager::tell_cluster(domain::TokenId token, sim::RecordId acknowledged) {
  for (Gateway* gateway : other_gateways_) {
    cluster_->tell([gateway, token, acknowledged, sent = site_.now()] {
      gateway->forget_token(token, acknowledged, {Stage::kNone, Stage::kClusterMessage, sent});
    });
  }
}

}  // namespace parallax::runtime
