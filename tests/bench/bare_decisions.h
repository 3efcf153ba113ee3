// The decisions of a run, made again by the same code in a bare loop: no engine, no network, no audit. What a whole
// request costs beyond this is the simulator's own share.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/journal.h"
#include "models/world/config.h"
#include "sim/record.h"

namespace parallax::bench {

/// Collects which node decided on which call, and when.
class CallLog {
 public:
  struct Call {
    sim::VirtualTime time;
    domain::TokenId token;
    domain::ApiId api;
    domain::NodeId node;
  };

  void read(std::span<const sim::Record> journal) {
    for (const sim::Record& record : journal) {
      if (domain::kind_of(record.body) == domain::RecordKind::kChangeAcknowledged) {
        const auto change = domain::ChangeAcknowledged::unpack(record.body);
        if (change.change == domain::ChangeKind::kTokenIssued) issued.push_back(change);
      }
      if (domain::kind_of(record.body) != domain::RecordKind::kRequestDecided) continue;
      const auto decided = domain::RequestDecided::unpack(record.body);
      calls.push_back({record.time, decided.token, decided.api, decided.node});
    }
  }

  std::vector<Call> calls;
  std::vector<domain::ChangeAcknowledged> issued;
};

struct BareOutcome {
  std::uint64_t decisions{0};
  std::uint64_t admitted{0};
  double seconds{0};
};

/// Every node with its token caches, its quota decisions and its counters, in front of one database without writes.
BareOutcome decide_bare(const CallLog& log, const world::WorldConfig& config, const domain::Catalog& catalog);

}  // namespace parallax::bench
