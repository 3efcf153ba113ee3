#include "models/propagation/database.h"

#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/load_meter.h"

namespace parallax::propagation {

using domain::ObjectRef;
using domain::Passage;
using domain::Stage;

Database::Database(sim::Site& site, const domain::Catalog& catalog, domain::LayerId layer, const DatabaseSpec& spec)
    : catalog_{catalog},
      spec_{spec},
      replica_{
          site, schema::api_schema(spec.schema), {site.name(), layer, 0, spec.numbers.data_center, spec.clock_offset}},
      facts_{catalog},
      arrivals_(catalog.apis.size()) {
  schema::load_rows(replica_.rows(), catalog, spec.numbers);
  if (spec.is_read_only) replica_.set_access(store::Access::kReadOnly);
  replica_.listen(*this);
}

void Database::count_statement() {
  ++statements_;
  if (meter_ != nullptr) meter_->statement();
}

store::Lsn Database::commit(store::Transaction& transaction, sim::RecordId cause, sim::VirtualTime sent) {
  return replica_.commit(transaction, cause, {Stage::kNone, Stage::kDatabaseWrite, sent});
}

// A row that takes the place of another object's, as the winner of a conflict over a key does, makes that forgotten.
sim::RecordId Database::row_changed(store::Transaction& transaction, std::size_t number,
                                    const replication::Coming& how) {
  const store::Change& change = transaction.change(number);
  const ObjectRef object = FactsView::object_of(change.table, transaction.row(number));
  if (!object.exists()) return {};
  sim::Site& site = replica_.site();
  const domain::LayerId layer = replica_.layer();
  if (change.operation == store::Operation::kUpdate) {
    const ObjectRef before = FactsView::object_of(change.table, transaction.old_row(number));
    if (before != object) {
      facts_.forget(before);
      site.record(domain::EntryDropped{layer, before, 0, how.passage}.pack(), how.cause);
    }
  }
  if (change.operation == store::Operation::kDelete) {
    facts_.erase(object, change.version);
  } else {
    facts_.put(replica_.rows(), change.table, transaction.row(number), change.version);
  }
  const sim::RecordId put =
      site.record(domain::EntryPut{layer, object, 0, change.version, how.passage}.pack(), how.cause);
  if (object.kind() == domain::ObjectKind::kApi) arrivals_[object.id()] = {put, site.now()};
  return put;
}

void Database::wipe(sim::RecordId cause) {
  const std::vector<ObjectRef> lost = facts_.changed();
  replica_.clear();
  schema::load_rows(replica_.rows(), catalog_, spec_.numbers);
  facts_.reset();
  arrivals_.assign(arrivals_.size(), {});
  const Passage passage{Stage::kNone, Stage::kSiteDown, replica_.site().now()};
  for (const ObjectRef object : lost) {
    replica_.site().record(domain::EntryDropped{replica_.layer(), object, 0, passage}.pack(), cause);
  }
}

}  // namespace parallax::propagation
