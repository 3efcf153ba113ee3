#include "models/management/policy_change.h"

#include "models/propagation/statements.h"
#include "models/propagation/write.h"

namespace parallax::management {

namespace store = propagation::store;

namespace {

struct Committed {
  store::Refusal refusal;
  logic::gateway::PolicyFacts facts;
  store::Lsn committed{0};
};

}  // namespace

void PolicyChange::start() {
  site_.at(spec_.at, [this] {
    if (node_.is_ready()) make(site_);
  });
}

sim::Process PolicyChange::make(sim::Site& site) {
  const domain::ObjectRef object = domain::ObjectRef::of(spec_.policy);
  propagation::Write write{site, node_.power(), domain::ChangeKind::kPolicyChanged, node_.id(), object, spec_.requests};
  const auto done =
      co_await access_.write([policy = spec_.policy, requests = spec_.requests, cause = write.invocation(),
                              sent = site.now()](propagation::Database& there) -> Committed {
        store::Transaction transaction = there.replica().begin();
        const store::Refusal refusal = propagation::change_policy(there, transaction, policy, requests);
        if (refusal != store::Refusal::kNone) return {refusal, {}};
        const store::Lsn committed = there.commit(transaction, cause, sent);
        return {refusal, there.policy(policy), committed};
      });
  if (!done || !write.has_power_since()) co_return write.fail_to_commit(access_, done.has_value());
  if (done->refusal != store::Refusal::kNone) co_return write.abandon(domain::Abandoned::kRefused);
  const sim::RecordId acknowledged = write.acknowledge(done->facts.version);
  if (runtime::EventDesk* desk = node_.event_desk()) desk->publish(spec_.policy, done->facts, acknowledged);
}

}  // namespace parallax::management
