#include "models/world/site_database.h"

namespace parallax::world {

using propagation::store::Definition;
namespace schema = propagation::schema;

SiteDatabase::SiteDatabase(sim::Site& site, const sim::Power& power, const SiteConfig& config,
                           const domain::Catalog& catalog, domain::LayerId layer, propagation::TokenNumbers tokens,
                           SiteDatabase* home, SiteDatabase* validator)
    : site_{site}, power_{power} {
  if (home == nullptr) {
    own_ = std::make_unique<Own>(site, power, config, catalog, layer);
    access_ = std::make_unique<propagation::DatabaseAccess>(site, power, own_->database, tokens);
  } else {
    pool_ = pool_to(*home, "the database", config.connections);
    access_ = std::make_unique<propagation::DatabaseAccess>(site, power, home->database(), tokens, pool_.get());
  }
  if (validator == nullptr) return;
  propagation::ConnectionPoolSpec spec = config.validation_connections;
  spec.service_time = validator->database().access_time();
  validation_pool_ = pool_to(*validator, "the key manager", spec);
  validation_ =
      std::make_unique<propagation::DatabaseAccess>(site, power, validator->database(), tokens, validation_pool_.get());
}

std::unique_ptr<propagation::ConnectionPool> SiteDatabase::pool_to(SiteDatabase& there, const std::string& whom,
                                                                   const propagation::ConnectionPoolSpec& spec) const {
  const std::string name = site_.name() + " to " + whom + " of " + there.site_.name();
  auto pool = std::make_unique<propagation::ConnectionPool>(site_, power_, there.database(), there.power_, name, spec);
  there.own_->guests.push_back(pool.get());
  return pool;
}

std::uint64_t SiteDatabase::calls_elsewhere() const {
  return (pool_ ? pool_->calls() : 0) + (validation_pool_ ? validation_pool_->calls() : 0);
}

void SiteDatabase::close() {
  if (pool_) pool_->close(domain::PoolTarget::kDatabase);
  if (validation_pool_) validation_pool_->close(domain::PoolTarget::kKeyManager);
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
  if (database().replica().is_full()) return database().replica().count_refusal();
  propagation::store::Transaction transaction = database().replica().begin();
  transaction.define(table, definition);
  database().commit(transaction, {}, site_.now());
}

void SiteDatabase::start() {
  if (own_) own_->peer.start();
}

void SiteDatabase::lost(Disk disk, sim::RecordId cause) {
  if (validation_pool_) validation_pool_->lost();
  if (pool_) return pool_->lost();
  for (propagation::ConnectionPool* guest : own_->guests) guest->database_lost();
  own_->peer.lost();
  if (disk == Disk::kKept) return;
  own_->database.wipe(cause);
  own_->peer.disk_lost();
}

void SiteDatabase::restored() {
  if (validation_pool_) validation_pool_->restored();
  if (pool_) return pool_->restored();
  own_->peer.restored();
  for (propagation::ConnectionPool* guest : own_->guests) guest->database_restored();
}

}  // namespace parallax::world
