// The API database that a data center's nodes ask: one of its own, which others may follow and use, or that of another
// site, over a pool of connections. Its gateways may ask another site's key manager, which asks its own.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "models/domain/stage.h"
#include "models/propagation/access/connection_pool.h"
#include "models/propagation/access/database_access.h"
#include "models/propagation/database.h"
#include "models/propagation/load_meter.h"
#include "models/propagation/replication/peer.h"
#include "models/world/config.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::world {

class SiteDatabase {
 public:
  /// `home`: whose database it uses; null: it has one of its own, in this layer. `validator`: whose key managers its
  /// gateways ask; null: they ask the database. Both have one of their own.
  SiteDatabase(sim::Site& site, const sim::Power& power, const SiteConfig& config, const domain::Catalog& catalog,
               domain::LayerId layer, propagation::TokenNumbers tokens, SiteDatabase* home, SiteDatabase* validator);

  propagation::DatabaseAccess& access() { return *access_; }
  /// Of its gateways, about tokens.
  propagation::DatabaseAccess& validation() { return validation_ ? *validation_ : *access_; }
  bool is_own() const { return own_ != nullptr; }

  // Of its own database alone.
  propagation::Database& database() { return own_->database; }
  propagation::replication::Peer& peer() { return own_->peer; }
  void run_scripts();  ///< again, as DDL: its data-center id and its sequences
  void add_column();

  /// Its gateways' key managers answer as long as this holds, at their site. Before the run.
  void validate_while(std::function<bool()> is_served) { validation_pool_->serve_while(std::move(is_served)); }

  /// Counts what its own database is asked. Before the run.
  void measure_by(propagation::LoadMeter& meter) {
    if (own_) own_->database.measure_by(&meter);
  }

  void start();

  /// That its own database has run for nodes, of whatever site, since the run began.
  std::uint64_t statements() const { return own_ ? own_->database.statements() : 0; }
  /// Statements and web-service calls to other sites, since the run began.
  std::uint64_t calls_elsewhere() const;
  /// Closes the books of its pools. Once, at the end of the run.
  void close();
  bool asks_elsewhere() const { return pool_ != nullptr || validation_pool_ != nullptr; }

  /// Nodes can start on it: it has all rows, or is elsewhere.
  bool is_in_step() const { return own_ == nullptr || own_->peer.is_in_step(); }

  // What happens to the site, told after its power knows.
  void lost(Disk disk, sim::RecordId cause);
  void restored();

 private:
  struct Own {
    Own(sim::Site& site, const sim::Power& power, const SiteConfig& config, const domain::Catalog& catalog,
        domain::LayerId layer)
        : database{site, catalog, layer, config.database}, peer{database.replica(), power} {}

    propagation::Database database;
    propagation::replication::Peer peer;
    std::vector<propagation::ConnectionPool*> guests{};  ///< of other sites
  };

  std::unique_ptr<propagation::ConnectionPool> pool_to(SiteDatabase& there, const std::string& whom,
                                                       const propagation::ConnectionPoolSpec& spec) const;
  void define(propagation::store::TableId table, const propagation::store::Definition& definition);

  sim::Site& site_;
  const sim::Power& power_;
  std::unique_ptr<Own> own_;
  std::unique_ptr<propagation::ConnectionPool> pool_;
  std::unique_ptr<propagation::DatabaseAccess> access_;
  std::unique_ptr<propagation::ConnectionPool> validation_pool_;
  std::unique_ptr<propagation::DatabaseAccess> validation_;
};

}  // namespace parallax::world
