#include "models/world/site_database.h"

namespace parallax::world {

using propagation::store::Definition;
namespace schema = propagation::schema;

SiteDatabase::SiteDatabase(sim::Site& site, const sim::Power& power, const SiteConfig& config,
                           const domain::Catalog& catalog, domain::LayerId layer, propagation::TokenNumbers tokens,
                           SiteDatabase* home)
    : site_{site}, power_{power} {
  if (home == nullptr) {
    own_ = std::make_unique<Own>(site, power, config, catalog, layer);
    access_ = std::make_unique<propagation::DatabaseAccess>(site, power, own_->database, tokens);
    return;
  }
  pool_ = std::make_unique<propagation::ConnectionPool>(site, power, home->database(), home->power_,
                                                        site.name() + " to the database of " + home->site_.name(),
                                                        config.connections);
  home->own_->guests.push_back(pool_.get());
  access_ = std::make_unique<propagation::DatabaseAccess>(site, power, home->database(), tokens, pool_.get());
}

void SiteDatabase::run_scripts() {
  const schema::KeyNumbers& numbers = database().numbers();
  define(schema::kTokens, {Definition::Kind::kSetDataCenter, numbers.data_center, {}});
  for (std::size_t i = 0; i < database().rows().tables(); ++i) {
    const auto table = static_cast<propagation::store::TableId>(i);
    define(table, {Definition::Kind::kSetSequence, 0, numbers.sequence(0)});
  }
}

void SiteDatabase::add_column() { define(schema::kSubscriptions, {Definition::Kind::kAddColumn, 0, {}}); }

void SiteDatabase::define(propagation::store::TableId table, const Definition& definition) {
  propagation::store::Transaction transaction = database().replica().begin();
  transaction.define(table, definition);
  database().commit(transaction, {}, site_.now());
}

void SiteDatabase::start() {
  if (own_) own_->peer.start();
}

void SiteDatabase::lost(Disk disk, sim::RecordId cause) {
  if (pool_) return pool_->lost();
  for (propagation::ConnectionPool* guest : own_->guests) guest->database_lost();
  own_->peer.lost();
  if (disk == Disk::kKept) return;
  own_->database.wipe(cause);
  own_->peer.disk_lost();
}

void SiteDatabase::restored() {
  if (pool_) return pool_->restored();
  own_->peer.restored();
  for (propagation::ConnectionPool* guest : own_->guests) guest->database_restored();
}

}  // namespace parallax::world
