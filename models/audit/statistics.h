// What data centers are told about the number of requests so far, against the number that their gateways have decided.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class Statistics {
 public:
  explicit Statistics(const Setup& setup);

  /// Whether there are any; else nothing need be read.
  bool are_kept() const { return !truth_.empty(); }

  void decided(domain::ApiId api) { ++truth_[domain::index(api)]; }
  void asked(const domain::TotalsAsked& question);
  void answered(const domain::TotalAnswered& answer);
  void closed(const domain::TotalClosed& total);
  void finish(Findings& findings);

 private:
  using Totals = std::vector<std::uint64_t>;  ///< by ApiId

  void compare_with_truth(const Totals& totals);
  void compare_with_others(const Totals& totals);
  double share_of_truth(std::uint64_t requests) const;

  Totals truth_;                              ///< requests decided so far
  std::uint32_t question_{0};                 ///< the last one
  std::vector<Totals> answers_;               ///< to it, by site; of the APIs that have been told of
  Totals waiting_;                            ///< at the end, all sites together
  std::map<domain::SiteId, Totals> closing_;  ///< at the end
  StatisticsFinding found_;
};

}  // namespace parallax::audit
