// A key manager: issues and revokes tokens in the site's database. A write that its node does not live to send to the
// database never happened; its caller gets no answer.
//
// With workers (workers.h) a question for a token waits for one first; who is refused there gets no answer either, and
// tries again after a time-out, as one whom the load balancer has nobody for. Revocations do not wait. Where it is said
// so gateways' questions about tokens (validation.h) wait for the same workers.
//
// What a token says of its issue and expiry, and whether one that there is has expired, goes by its node's clock
// (clock.h). Clients are told how long it is good for (RFC 6749 section 5.1, expires_in), so they renew it in time
// whatever that clock says; the journal has the true instant at which its validity ends.
//
// Stage: database_write, as the access to the database says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/tokens/issuance.h"
#include "models/propagation/access/database_access.h"
#include "models/propagation/cluster.h"
#include "models/propagation/load_meter.h"
#include "models/runtime/clock.h"
#include "models/runtime/gateway.h"
#include "models/runtime/validation.h"
#include "models/runtime/workers.h"
#include "models/steering/call.h"
#include "sim/power.h"
#include "sim/process.h"
#include "sim/site.h"

namespace parallax::runtime {

class EventDesk;

class KeyManager final : public Validator {
 public:
  KeyManager(sim::Site& site, const sim::Power& power, Clock& clock, domain::NodeId node, sim::Duration token_validity,
             logic::tokens::TokenType type, propagation::DatabaseAccess& access, Gateway& local_gateway)
      : site_{site},
        power_{power},
        clock_{clock},
        node_{node},
        type_{type},
        access_{access},
        local_gateway_{local_gateway} {
    rules_.user_token_validity = token_validity;
  }

  /// Revocations are published at this desk, and nobody is told otherwise. Before the run.
  void announce_at(EventDesk& desk) { desk_ = &desk; }

  /// Tell these gateways of revocations, through `cluster`. Before the run.
  void join(propagation::Cluster& cluster, std::vector<Gateway*> others);

  /// No more at a time from now on; `path` is its node's. Before the run.
  void limit(const std::string& path, const WorkersSpec& spec);
  /// A worker's work: a question for a token, or one about a token.
  struct Work {
    steering::TokenCall call{};
    ValidationTurn* turn{nullptr};  ///< of one about a token
  };

  /// Null where there is no limit.
  const Workers<Work>* workers() const { return workers_.get(); }

  /// Counts what it is asked. Before the run.
  void measure_by(propagation::LoadMeter& meter) { meter_ = &meter; }

  void issue(const steering::TokenCall& call) {
    if (meter_ != nullptr) meter_->request();
    if (workers_) return workers_->enter({call, nullptr});
    issue_token(site_, call);
  }

  void validate(ValidationTurn& turn) override {
    if (!workers_) return turn.end(ValidationTurn::End::kHeard);
    turns_.add(turn);
    workers_->enter({{}, &turn});
  }

  /// The power has failed.
  void lose() {
    if (workers_) workers_->lose();
    turns_.end_all(ValidationTurn::End::kUnheard);
  }

  /// Closes its books. Once, at the end of the run.
  void close() {
    if (workers_) workers_->close();
  }

  /// Revokes a token at this node: in the database, then in its own gateway's cache; then it is acknowledged and,
  /// in a cluster, the others are told. With an event desk gateways, its own too, hear of it by brokers alone.
  void revoke(domain::TokenId token) { revoke_token(site_, token); }

 private:
  void work_done(const Work& work);
  void refuse(const Work& work);
  sim::Process issue_token(sim::Site& site, steering::TokenCall call);
  logic::tokens::IssueRequest request_for(const steering::TokenCall& call, domain::TokenId id) const;
  sim::Process revoke_token(sim::Site& site, domain::TokenId token);
  void tell(const Revocation& revoked, sim::RecordId acknowledged);

  sim::Site& site_;
  const sim::Power& power_;
  Clock& clock_;
  domain::NodeId node_;
  logic::tokens::TokenType type_;
  logic::tokens::IssuingRules rules_;
  propagation::DatabaseAccess& access_;
  Gateway& local_gateway_;
  EventDesk* desk_{nullptr};
  propagation::Cluster* cluster_{nullptr};
  std::vector<Gateway*> other_gateways_;
  std::unique_ptr<Workers<Work>> workers_;
  ValidationTurns turns_;
  propagation::LoadMeter* meter_{nullptr};
};

}  // namespace parallax::runtime
