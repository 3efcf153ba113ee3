// The analytics of one data center. At every tick of its schedule a script summarises the raw data of its own requests
// into rows of a statistics database; now and then somebody asks that database for the totals.
//
// Modelled after the Spark scripts of APIM Analytics 2.x (analytics-apim, APIM_STAT_SCRIPT and
// APIM_INCREMENTAL_PROCESSING_SCRIPT): a cron expression starts them, so all data centers' at the same instants; they
// sum what the data center itself has counted up by day and write the sum into API_REQUEST_SUMMARY, INSERT or UPDATE by
// the key. The scripts write earlier days again too, unchanged; here a bucket that is over is written until that is
// confirmed.
//
// In the database of its own site it is there at once. Another site's is reached over the network, where it may be cut
// off: what is not confirmed by the next run is written again. Added up, what was written without its confirmation
// arriving counts twice; recomputed, it does not.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "models/management/raw_data.h"
#include "models/management/statistics_database.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::management {

struct AnalyticsSpec {
  sim::Duration summarise_interval{};  ///< > 0
  sim::Duration ask_interval{};        ///< > 0
  sim::Duration bucket{};              ///< > 0
  Rewriting rewriting{};
  std::int64_t data_center{1};  ///< the id that it writes
  sim::Duration access_time{};  ///< one way to a database of its own site
};

/// The database that everybody uses from an instant on.
struct StatisticsHome {
  sim::VirtualTime from;
  StatisticsDatabase* database;
};

class Analytics {
 public:
  /// `homes`: in the order of time, the first from 0 on.
  Analytics(sim::Site& site, const sim::Power& power, const AnalyticsSpec& spec,
            std::vector<runtime::Gateway*> gateways, std::size_t apis, std::vector<StatisticsHome> homes);

  void start();

  void disk_lost();

  /// The run has ended: records what it knows. Once.
  void close();

 private:
  void turn_bucket();
  void summarise();
  void write(StatisticsDatabase& database, const Summary& summary);
  void confirmed(std::uint64_t number);
  void ask();
  void answer(StatisticsDatabase& database, std::uint32_t question) const;
  StatisticsDatabase& database() const;
  void send_to(StatisticsDatabase& database, const sim::Action& statement);

  sim::Site& site_;
  const sim::Power& power_;
  AnalyticsSpec spec_;
  std::size_t apis_;
  RawData raw_;
  std::vector<StatisticsHome> homes_;
  std::uint64_t last_{0};                                      ///< summary
  std::map<std::uint64_t, std::unique_ptr<Summary>> written_;  ///< by number, until confirmed: some may be under way
};

}  // namespace parallax::management
