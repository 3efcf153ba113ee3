// What one data center has counted: an event for each request that its gateways have decided, in its own event store,
// by API and time bucket. They are on its disk: a loss of power keeps them, a loss of the disk does not, and nobody
// else has them ("raw data accumulation will only happen to each datacenter and will not be replicated").
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/management/statistics_database.h"
#include "models/runtime/gateway.h"

namespace parallax::management {

class RawData {
 public:
  /// Counts what these gateways decide from now on. Before the run.
  RawData(std::vector<runtime::Gateway*> gateways, std::size_t apis);

  /// Takes over what the gateways have counted since it last did, as the bucket's that was begun last.
  void collect();

  /// What is counted from now on belongs to this bucket.
  void begin(std::int64_t bucket);

  /// What the next run writes: rows that are computed anew all of the current bucket's, like the scripts, others where
  /// something has been added.
  std::vector<Summary::Line> lines(Rewriting rewriting) const;

  /// Collected but not summarised.
  std::uint64_t waiting(domain::ApiId api) const;

  /// A database has these lines.
  void summarised(const std::vector<Summary::Line>& lines);

  /// The disk is gone.
  void lose();

 private:
  struct Bucket {
    std::int64_t number;
    std::vector<std::uint64_t> total;    ///< by ApiId
    std::vector<std::uint64_t> waiting;  ///< of that, not summarised
  };

  Bucket empty(std::int64_t number) const;

  std::vector<runtime::Gateway*> gateways_;
  std::vector<std::uint64_t> collected_;  ///< since the run began, by ApiId
  std::deque<Bucket> buckets_;            ///< that are not wholly summarised, and the current one
};

}  // namespace parallax::management
