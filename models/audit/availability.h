// Availability as clients see it: per population, requests grouped by the second in which they were sent.
#pragma once

#include <cstdint>
#include <vector>

#include "models/audit/findings.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class Availability {
 public:
  explicit Availability(std::size_t populations) : seconds_(populations) {}

  void finished(const domain::RequestFinished& request);

  /// Unavailability windows: maximal runs of seconds in which under half of the requests were served; shorter gaps
  /// than 5 s between them are merged, seconds without requests are no data.
  void finish(Findings& findings) const;

 private:
  struct Second {
    std::uint32_t good{0};
    std::uint32_t all{0};
  };
  std::vector<std::vector<Second>> seconds_;  ///< by population, by second
  std::uint64_t failed_{0};
};

}  // namespace parallax::audit
