#include "models/management/publisher.h"

#include <utility>

#include "models/management/announce.h"
#include "models/propagation/statements.h"
#include "models/propagation/write.h"

namespace parallax::management {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Passage;
using domain::Stage;
using propagation::Write;
namespace store = propagation::store;

namespace {

// While the publisher's site is down somebody tries again this often: our assumption.
constexpr sim::Duration kTryAgain = sim::seconds(30);

struct Published {
  store::Refusal refusal;
  logic::gateway::ApiFacts facts;
  store::Lsn committed{0};
};

Published publish(propagation::Database& there, domain::ApiId api, ChangeKind kind, sim::RecordId cause,
                  sim::VirtualTime sent) {
  store::Transaction transaction = there.replica().begin();
  const store::Refusal refusal = kind == ChangeKind::kApiPublished ? propagation::publish_api(there, transaction, api)
                                                                   : propagation::delete_api(there, transaction, api);
  if (refusal != store::Refusal::kNone) return {refusal, {}};
  const store::Lsn committed = there.commit(transaction, cause, sent);
  return {refusal, there.api(api), committed};
}

}  // namespace

Publisher::Publisher(sim::Site& site, runtime::Node& home, propagation::DatabaseAccess& access,
                     std::vector<runtime::Node*> gateways, std::vector<steering::Population*> audience,
                     propagation::ArtifactStore* store, std::vector<RemoteStore> remote_stores, PublisherSpec spec)
    : site_{site},
      home_{home},
      access_{access},
      gateways_{std::move(gateways)},
      audience_{std::move(audience)},
      store_{store},
      remote_stores_{std::move(remote_stores)},
      spec_{std::move(spec)},
      operator_stream_{site.stream(site.name(), "operator")} {}

sim::Process Publisher::make_change(sim::Site& site, domain::ApiId api, ChangeKind kind,
                                    sim::Distribution operator_delay) {
  while (!home_.is_ready()) co_await site.delay(kTryAgain);
  Write write{site, home_.power(), kind, home_.id(), ObjectRef::of(api)};
  const auto published =
      co_await access_.write([api, kind, cause = write.invocation(), sent = write.invoked()](
                                 propagation::Database& there) { return publish(there, api, kind, cause, sent); });
  if (!published) co_return write.fail_to_commit(access_, published.has_value());
  if (published->refusal != store::Refusal::kNone) co_return write.abandon(domain::Abandoned::kRefused);
  const logic::gateway::ApiFacts& facts = published->facts;
  // Committed is committed: a node that has lost its power meanwhile deploys from the artifacts when it starts again.
  const bool is_deployed_here = spec_.spreading == Spreading::kByFiles && home_.parts().has(runtime::Part::kGateway);
  if (write.has_power_since() && is_deployed_here) {
    home_.gateway().deploy(api, facts, write.invocation(), {Stage::kNone, Stage::kDatabaseWrite, write.invoked()});
  }
  const sim::RecordId acknowledged = write.acknowledge(facts.version);
  spread(api, facts, acknowledged, operator_delay);
  if (kind != ChangeKind::kApiPublished) co_return;
  for (steering::Population* population : audience_) announce(site, *population, api);
}

void Publisher::spread(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId acknowledged,
                       const sim::Distribution& operator_delay) {
  if (spec_.spreading == Spreading::kByEvents) return home_.event_desk()->publish(api, facts, acknowledged);
  if (spec_.outlet != nullptr) return spec_.outlet->take({api, facts, {acknowledged, {}}});
  if (store_ == nullptr) {
    deploy_by_hand(site_, api, facts, acknowledged, operator_delay);
    return;
  }
  const Passage told{Stage::kNone, Stage::kClusterMessage, site_.now()};
  site_.after(spec_.local_copy,
              [this, api, facts, acknowledged, told] { store_->arrive(api, facts, acknowledged, home_.id(), told); });
  for (const RemoteStore& remote : remote_stores_) copy_to(site_, remote, api, facts, acknowledged);
}

sim::Process Publisher::deploy_by_hand(sim::Site& site, domain::ApiId api, logic::gateway::ApiFacts facts,
                                       sim::RecordId acknowledged, sim::Distribution operator_delay) {
  sim::RecordId previous = acknowledged;
  for (runtime::Node* node : gateways_) {
    if (node == &home_) continue;
    const Passage passage{Stage::kNone, Stage::kOperator, site.now()};
    co_await site.delay(operator_delay.sample(operator_stream_));
    previous = node->gateway().deploy(api, facts, previous, passage);
  }
}

// The file share outlives the nodes, so a copy goes on whether the site has power or not; what keeps it back is the
// way.
sim::Process Publisher::copy_to(sim::Site& site, RemoteStore remote, domain::ApiId api, logic::gateway::ApiFacts facts,
                                sim::RecordId acknowledged) {
  Passage passage{Stage::kNone, Stage::kArtifactCopy, site.now()};
  for (;;) {
    const sim::Sent sent = site.send(remote.site, [remote, api, facts, acknowledged, passage] {
      remote.store->arrive(api, facts, acknowledged, remote.first_node, passage);
    });
    if (sent) co_return;
    if (sent.fault && passage.first == Stage::kNone) {
      passage = {Stage::kArtifactCopy, spec_.stage_of_fault[*sent.fault], site.now()};
    }
    co_await site.delay(spec_.copy_retry);
  }
}

}  // namespace parallax::management
