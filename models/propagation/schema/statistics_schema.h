// The statistics database (STATS_DB), cut down to one table: how many requests an API has had in a stretch of time.
// Names are those of product-apim's stat/sql scripts. They key a row by what was called, by whom, where and when; of
// that the API and the time bucket are left, for the others multiply rows without making another kind of conflict. The
// multi-data-center guide of API-M 2.1 appends the data center's id to every table and its key, "to ensure that no
// primary key violation takes place".
#pragma once

#include "models/propagation/store/schema.h"

namespace parallax::propagation::schema {

inline constexpr store::TableId kRequestSummary{0};  ///< API_REQUEST_SUMMARY

namespace request_summary {
inline constexpr store::Column kApi{0}, kBucket{1}, kTotal{2}, kDataCenter{3};
}

/// What is added to its table numbers in the journal, where a site's API database comes first.
inline constexpr std::uint16_t kFirstStatisticsTable = 100;

enum class SummaryKey : std::uint8_t {
  kApiAndBucket,
  kWithDataCenter,  ///< DCID appended, as a column and to the key
};

store::Schema statistics_schema(SummaryKey key);

}  // namespace parallax::propagation::schema
