// The audit of one run: reads the journal once, in order, and says what was inconsistent, for how long, and why.
#pragma once

#include <memory>
#include <span>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::audit {

class Audit {
 public:
  explicit Audit(Setup setup);
  ~Audit();
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  void read(std::span<const sim::Record> journal);

  /// Once, after the last record.
  Findings finish(sim::VirtualTime end);

 private:
  class Auditor;  ///< all that it consists of: who has a run audited need not compile it
  std::unique_ptr<Auditor> auditor_;
};

}  // namespace parallax::audit
