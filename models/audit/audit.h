// The audit of one run: reads the journal once, in order, and says what was inconsistent, for how long, and why.
#pragma once

#include <span>

#include "models/audit/availability.h"
#include "models/audit/findings.h"
#include "models/audit/latency.h"
#include "models/audit/limits.h"
#include "models/audit/quotas.h"
#include "models/audit/replicas.h"
#include "models/audit/setup.h"
#include "models/audit/single_copy.h"
#include "models/audit/statistics.h"
#include "models/audit/tokens_in_force.h"
#include "models/audit/windows.h"
#include "sim/record.h"

namespace parallax::audit {

class Audit {
 public:
  explicit Audit(Setup setup);
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  void read(std::span<const sim::Record> journal);

  /// Once, after the last record.
  Findings finish(sim::VirtualTime end);

 private:
  void read(const sim::Record& record);
  void decided(const domain::RequestDecided& decision, sim::VirtualTime now);
  std::optional<DecisionError> compare_authorisation(const domain::RequestDecided& decision, sim::VirtualTime now);
  std::optional<DecisionError> compare_quota(const domain::RequestDecided& decision, sim::VirtualTime now);
  bool is_due_to_old_policy(const domain::RequestDecided& decision, sim::VirtualTime now, DecisionError error);
  bool may_refuse_anyway(const domain::RequestDecided& decision, sim::VirtualTime now) const;
  void finished(const domain::RequestFinished& request, sim::VirtualTime now);
  void closed(const domain::PopulationClosed& books);
  void closed(const domain::CallsClosed& books);
  void closed(const domain::CacheClosed& books);
  domain::SiteId site_of(domain::NodeId node) const { return setup_.observers[domain::index(node)].site; }
  MinuteCounts& minute(domain::NodeId node, sim::VirtualTime now);

  Setup setup_;
  SingleCopy single_copy_;
  Windows windows_;
  Quotas quotas_;
  Limits limits_;
  Replicas replicas_;
  Statistics statistics_;
  Availability availability_;
  TokensInForce tokens_in_force_;
  LatencyHistogram latency_;
  Findings findings_;
};

}  // namespace parallax::audit
