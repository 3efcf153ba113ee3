#include "models/management/statistics_database.h"

namespace parallax::management {

namespace store = propagation::store;
namespace column = propagation::schema::request_summary;
using propagation::schema::kRequestSummary;
using propagation::schema::SummaryKey;
using store::Slot;
using store::Value;

StatisticsDatabase::StatisticsDatabase(sim::Site& site, const sim::Power& power, domain::LayerId layer, SummaryKey key,
                                       sim::Duration clock_offset)
    : power_{power},
      key_{key},
      replica_{site,
               propagation::schema::statistics_schema(key),
               {.name = site.name() + " statistics",
                .layer = layer,
                .first_table = propagation::schema::kFirstStatisticsTable,
                .data_center = 0,
                .clock_offset = clock_offset,
                .kind = domain::DatabaseKind::kStatistics}},
      peer_{replica_, power} {}

void StatisticsDatabase::write(const Summary& summary) {
  store::Transaction transaction = replica_.begin();
  for (const Summary::Line& line : summary.lines) write(transaction, summary, line);
  replica_.commit(transaction, {}, {});
}

void StatisticsDatabase::write(store::Transaction& transaction, const Summary& summary, const Summary::Line& line) {
  const store::Table& table = replica_.rows().table(kRequestSummary);
  const sim::SiteId site = replica_.site().id();
  std::vector<Value> row(table.width());
  row[column::kApi] = static_cast<Value>(line.api);
  row[column::kBucket] = line.bucket;
  row[column::kTotal] = static_cast<Value>(line.total);
  if (key_ == SummaryKey::kWithDataCenter) row[column::kDataCenter] = summary.data_center;
  const Slot slot = table.same_row(row);
  const bool is_new = slot == store::kNoSlot;
  if (summary.rewriting == Rewriting::kAdded) {
    row[column::kTotal] = (is_new ? 0 : table.values(slot)[column::kTotal]) + static_cast<Value>(line.added);
  }
  if (is_new) {
    transaction.insert(kRequestSummary, row, transaction.first_version(kRequestSummary));
  } else {
    transaction.update(kRequestSummary, slot, row, table.written(slot).version.next(site));
  }
}

std::vector<std::uint64_t> StatisticsDatabase::totals(std::size_t apis) const {
  std::vector<std::uint64_t> totals(apis);
  const store::Table& table = replica_.rows().table(kRequestSummary);
  for (std::size_t i = 0; i < table.slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    if (!table.written(slot).exists) continue;
    const auto row = table.values(slot);
    totals[static_cast<std::size_t>(row[column::kApi])] += static_cast<std::uint64_t>(row[column::kTotal]);
  }
  return totals;
}

void StatisticsDatabase::disk_lost() {
  replica_.clear();
  peer_.disk_lost();
}

}  // namespace parallax::management
