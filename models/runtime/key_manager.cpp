#include "models/runtime/key_manager.h"

#include <utility>

#include "models/logic/tokens/issue_now.h"
#include "models/propagation/access_tokens.h"
#include "models/propagation/statements.h"
#include "models/propagation/write.h"
#include "models/runtime/event_desk.h"
#include "models/steering/clients.h"

namespace parallax::runtime {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Stage;
using propagation::AccessTokens;
using propagation::Database;
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

/// One step on the table of tokens, as it is sent to the database.
struct TableStep {
  tokens::Issuance issuance;
  tokens::Step step;
  sim::RecordId cause;
  sim::VirtualTime sent;
  sim::Duration ahead;  ///< the key manager's clock
};

struct Read {
  tokens::Issuance issuance;
  tokens::Step step;
  domain::Version version{};  ///< of the row that is shared, if one is
};

struct Written {
  tokens::Issuance issuance;
  tokens::Step step;
  store::Lsn committed{0};
  domain::Version version{};  ///< of the new row, if there is one
  bool is_refused{false};     ///< the database takes no writes
};

Read read_table(TableStep at_hand, Database& there) {
  AccessTokens table{there, at_hand.cause, at_hand.sent};
  at_hand.step = tokens::advance(at_hand.issuance, at_hand.step, table, there.now() + at_hand.ahead);
  const auto* shared = std::get_if<tokens::Issued>(&at_hand.step);
  return {at_hand.issuance, at_hand.step,
          shared == nullptr ? domain::Version{} : there.version(ObjectRef::of(shared->row.id))};
}

Written write_table(TableStep at_hand, domain::TokenId id, Database& there) {
  if (there.replica().is_full()) there.replica().count_refusal();
  if (!there.replica().is_writable()) return {at_hand.issuance, at_hand.step, 0, {}, true};
  AccessTokens table{there, at_hand.cause, at_hand.sent};
  at_hand.step = tokens::advance(at_hand.issuance, at_hand.step, table, there.now() + at_hand.ahead);
  return {at_hand.issuance, at_hand.step, table.committed(), there.version(ObjectRef::of(id)), false};
}

}  // namespace

void KeyManager::join(propagation::Cluster& cluster, std::vector<Gateway*> others) {
  cluster_ = &cluster;
  other_gateways_ = std::move(others);
}

void KeyManager::limit(const std::string& path, const WorkersSpec& spec) {
  workers_ = std::make_unique<Workers<Work>>(
      site_, power_, path, "key manager's workers", spec, [this](const Work& work) { work_done(work); },
      [this](const Work& work) { refuse(work); });
  workers_->write_books(node_, domain::WorkersRole::kKeyManager);
}

void KeyManager::work_done(const Work& work) {
  if (work.turn == nullptr) {
    issue_token(site_, work.call);
    return;
  }
  if (power_.standstill().is_on()) {
    return power_.standstill().keep([this, work] { work_done(work); });
  }
  turns_.remove(*work.turn);
  work.turn->end(ValidationTurn::End::kHeard);
}

void KeyManager::refuse(const Work& work) {
  if (work.turn == nullptr) return;
  turns_.remove(*work.turn);
  work.turn->end(ValidationTurn::End::kUnheard);
}

// One step on the table after the other, each a way to the database and back. It is over within moments, so how far the
// clock is off is asked once.
sim::Process KeyManager::issue_token(sim::Site& site, steering::TokenCall call) {
  const domain::TokenId id = access_.reserve_token();
  Write write{site, power_, ChangeKind::kTokenIssued, node_, ObjectRef::of(id)};
  tokens::Issuance issuance{rules_, request_for(call, id)};
  const sim::Duration ahead = clock_.ahead();
  tokens::Step step = issuance.begin(site.now() + ahead);
  domain::Version version;
  while (!is_end(step)) {
    const TableStep next{issuance, step, write.invocation(), site.now(), ahead};
    if (is_read(step)) {
      const auto read = co_await access_.read([next](Database& there) { return read_table(next, there); });
      co_await power_.standstill().over();
      if (!read || !write.has_power_since()) co_return write.fail();
      issuance = read->issuance;
      step = read->step;
      version = read->version;
    } else {
      const auto written = co_await access_.write([next, id](Database& there) { return write_table(next, id, there); });
      co_await power_.standstill().over();
      if (!written || !write.has_power_since()) co_return write.fail_to_commit(access_, written.has_value());
      if (written->is_refused) co_return write.abandon(domain::Abandoned::kRefused);
      issuance = written->issuance;
      step = written->step;
      version = written->version;
    }
  }
  const auto* issued = std::get_if<tokens::Issued>(&step);
  if (issued == nullptr) co_return write.abandon(domain::Abandoned::kRefused);
  if (issued->from == tokens::IssuedFrom::kNewRow) {
    write.acknowledge(version, issued->row.expires - ahead, call.application,
                      access_.catalog().jurisdiction_of(call.user));
  } else {
    write.abandon(domain::Abandoned::kNotNeeded);
  }
  if (call.caller == nullptr) co_return;
  const steering::IssuedToken answer{issued->row.id, version, issued->row.expires, issued->row.expires - ahead};
  site.send(call.caller->site().id(), [call, answer] { call.caller->token_issued(call, answer); });
}

tokens::IssueRequest KeyManager::request_for(const steering::TokenCall& call, domain::TokenId id) const {
  tokens::IssueRequest request;
  request.key.client = static_cast<domain::ClientId>(call.application);
  request.key.user = call.user;
  request.key.user_type = tokens::UserType::kApplicationUser;
  request.grant = tokens::Grant::kPassword;
  request.type = type_;
  request.data_center = site_.id();
  request.fresh.id = id;
  return request;
}

sim::Process KeyManager::revoke_token(sim::Site& site, domain::TokenId token) {
  co_await power_.standstill().over();
  Write write{site, power_, ChangeKind::kTokenRevoked, node_, ObjectRef::of(token)};
  const auto revoked = co_await access_.write([token, cause = write.invocation(), sent = site.now()](Database& there) {
    return propagation::commit_revocation(there, token, cause, sent);
  });
  co_await power_.standstill().over();
  if (!revoked || !write.has_power_since()) co_return write.fail_to_commit(access_, revoked.has_value());
  if (revoked->refusal != store::Refusal::kNone) co_return write.abandon(domain::Abandoned::kRefused);
  const logic::gateway::TokenFacts& row = revoked->row;
  const Revocation told{token, row.version, row.expires};
  if (desk_ == nullptr) {
    local_gateway_.hear(told, write.invocation(), {Stage::kNone, Stage::kDatabaseWrite, write.invoked()});
  }
  tell(told, write.acknowledge(row.version, row.expires, row.application));
}

void KeyManager::tell(const Revocation& revoked, sim::RecordId acknowledged) {
  if (desk_ != nullptr) return desk_->publish(revoked, acknowledged);
  for (Gateway* gateway : other_gateways_) {
    cluster_->tell([gateway, revoked, acknowledged, sent = site_.now()] {
      gateway->hear(revoked, acknowledged, {Stage::kNone, Stage::kClusterMessage, sent});
    });
  }
}

}  // namespace parallax::runtime
