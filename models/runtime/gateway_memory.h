// What a gateway of signed tokens knows by heart, and decides by without asking anybody: which tokens are revoked, and
// who has subscribed to what (carbon-apimgt RevokedJWTDataHolder, SubscriptionDataStoreImpl). It is loaded when the
// gateway starts, updated by events, and asked for again only where something is not there at all: so the loss of a
// CREATE heals itself, that of an UPDATE, a DELETE or a revocation does not.
//
// Its layers: revocations, which hold nothing at the start of the run; subscriptions, which hold the catalog's.
#pragma once

#include <map>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/logic/gateway/pipeline.h"
#include "models/propagation/database.h"
#include "sim/site.h"

namespace parallax::runtime {

struct Revocation {
  domain::TokenId token;
  domain::Version version;
  sim::VirtualTime expires;
};

/// All that a gateway asks for when it starts, as a database had it at one instant.
struct StartupData {
  std::vector<logic::gateway::SubscriptionFacts> subscriptions;  ///< by number
  std::vector<logic::gateway::ApiFacts> apis;                    ///< likewise
  std::vector<Revocation> revoked;                               ///< that have not expired, in the order of tokens
  sim::VirtualTime read;
};
StartupData read_startup_data(const propagation::Database& there);

class GatewayMemory {
 public:
  struct Layers {
    domain::LayerId revocations;
    domain::LayerId subscriptions;
  };

  /// Loads the catalog. `pipeline` outlives this.
  GatewayMemory(sim::Site& site, const domain::Catalog& catalog, logic::gateway::Pipeline& pipeline, Layers layers);

  void hear(const Revocation& revoked, sim::RecordId cause, const domain::Passage& passage);
  void hear(domain::SubscriptionId id, const logic::gateway::SubscriptionFacts& facts, sim::RecordId cause,
            const domain::Passage& passage);

  /// Makes it what `data` says.
  void load(const StartupData& data, sim::RecordId cause, const domain::Passage& passage);

  /// It is gone, with the pipeline's.
  void lose(sim::RecordId cause);

 private:
  void know_catalog();
  void know(domain::SubscriptionId id, const logic::gateway::SubscriptionFacts& facts);
  void know(domain::TokenId token, sim::VirtualTime expires);

  sim::Site& site_;
  const domain::Catalog& catalog_;
  logic::gateway::Pipeline& pipeline_;
  Layers layers_;
  std::vector<domain::Version> told_;                   ///< to the journal, by subscription
  std::map<domain::TokenId, domain::Version> revoked_;  ///< in the journal
};

}  // namespace parallax::runtime
