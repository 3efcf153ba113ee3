// A site's statistics database: rows of requests counted, what analytics writes there and what whoever asks is told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/domain/ids.h"
#include "models/management/spec.h"
#include "models/propagation/replication/peer.h"
#include "models/propagation/replication/replica.h"
#include "models/propagation/schema/statistics_schema.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::management {

/// What one run of the scripts writes.
struct Summary {
  struct Line {
    domain::ApiId api;
    std::int64_t bucket;
    std::uint64_t total;  ///< of the bucket so far, by the writer's raw data
    std::uint64_t added;  ///< of that, since the last run that was confirmed
  };

  std::uint64_t number;  ///< counted by the writer
  Rewriting rewriting;
  std::int64_t data_center;  ///< id of the writer's
  std::vector<Line> lines;
};

class StatisticsDatabase {
 public:
  /// `layer`: of the site's databases. `clock_offset`: of the clock that stamps its commits.
  StatisticsDatabase(sim::Site& site, const sim::Power& power, domain::LayerId layer,
                     propagation::schema::SummaryKey key, sim::Duration clock_offset);

  sim::Site& site() { return replica_.site(); }
  const sim::Site& site() const { return replica_.site(); }
  propagation::replication::Peer& peer() { return peer_; }

  /// It has power, and its rows are those that it had or another's image.
  bool answers() const { return power_.is_on() && peer_.is_in_step() && !is_retired_; }

  /// One transaction: rows that are missing are inserted.
  void write(const Summary& summary);

  /// How many requests each API has had so far, by ApiId.
  std::vector<std::uint64_t> totals(std::size_t apis) const;

  // What happens to its site.
  void lost() { peer_.lost(); }
  void disk_lost();
  void restored() { peer_.restored(); }

  /// Another has taken its place: it never comes back.
  void retire() { is_retired_ = true; }

 private:
  void write(propagation::store::Transaction& transaction, const Summary& summary, const Summary::Line& line);

  const sim::Power& power_;
  propagation::schema::SummaryKey key_;
  propagation::replication::Replica replica_;
  propagation::replication::Peer peer_;
  bool is_retired_{false};
};

}  // namespace parallax::management
