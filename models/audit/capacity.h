// Where there was room and where not: what became of calls at workers, which pools ran dry, and what was asked of key
// managers and databases in each second, above all after a fault against before it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class Capacity {
 public:
  explicit Capacity(const Setup& setup) : setup_{setup} {}

  void worked(const domain::WorkersSecond& second);
  void closed(const domain::WorkersClosed& books);
  void asked(const domain::LoadSecond& second);
  void closed(const domain::PoolClosed& books);

  void finish(Findings& findings);

 private:
  WorkersFinding& of(domain::NodeId node, domain::WorkersRole role);
  std::optional<PeakFinding> peak_of(std::vector<std::uint32_t> LoadFinding::*load) const;

  const Setup& setup_;
  std::map<std::pair<domain::NodeId, domain::WorkersRole>, WorkersFinding> workers_;
  CapacityFinding found_;
};

}  // namespace parallax::audit
