#include "scenarios/compile_databases.h"

#include <algorithm>
#include <array>

#include "models/propagation/replication/profiles.h"
#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace {

using propagation::replication::Forwarding;
using propagation::replication::Resolution;
using propagation::replication::StreamSpec;
using propagation::replication::Synchronous;
using propagation::schema::Children;
using propagation::schema::KeyNumbers;

// Each list stands in the order of its enumeration.
const std::array<std::string, 4> kKeyStrategies{"alike", "increment", "ranges", "common"};
const std::array<std::string, 2> kChildren{"cascade", "trigger"};
const std::array<std::string, 4> kForwarding{"own", "not_to_origin", "data_center", "everything"};
const std::array<std::string, 5> kResolutions{"stop", "discard", "overwrite", "latest", "trusted"};
const std::array<std::string, 3> kSynchronous{"off", "received", "applied"};
const std::array<std::string, 2> kTransports{"tcp", "datagram"};

void set(sim::Duration& duration_field, const std::string& text) {
  if (!text.empty()) duration_field = duration(text);
}

void set(Resolution& resolution, const std::string& text) {
  if (!text.empty()) resolution = word<Resolution>(kResolutions, text);
}

void set_rules(const schema::Replication& replication, const SiteNumbers& sites, StreamSpec& spec) {
  const schema::Conflicts& conflicts = replication.conflicts();
  propagation::replication::ApplyRules& rules = spec.rules;
  set(rules.insert_insert, conflicts.insert_insert());
  set(rules.update_update, conflicts.update_update());
  set(rules.update_missing, conflicts.update_missing());
  set(rules.delete_changed, conflicts.delete_changed());
  set(rules.delete_missing, conflicts.delete_missing());
  if (!conflicts.trusted().empty()) rules.trusted = sites.at(conflicts.trusted());
  if (replication.has_fires_cascades()) rules.firing.cascades = replication.fires_cascades();
  if (replication.has_fires_triggers()) rules.firing.triggers = replication.fires_triggers();
  if (replication.has_checks_parents()) rules.firing.parents = replication.checks_parents();
  rules.deferred = replication.defers_constraints();
}

}  // namespace

std::span<const std::string> key_strategy_words() { return kKeyStrategies; }
std::span<const std::string> children_words() { return kChildren; }
std::span<const std::string> forwarding_words() { return kForwarding; }
std::span<const std::string> resolution_words() { return kResolutions; }
std::span<const std::string> synchronous_words() { return kSynchronous; }
std::span<const std::string> transport_words() { return kTransports; }

propagation::DatabaseSpec database_spec(const schema::Database& database) {
  propagation::DatabaseSpec spec;
  spec.access_time = duration(database.access_time());
  spec.schema.children = word<Children>(kChildren, database.children());
  spec.schema.data_center_in_token_key = database.data_center_in_token_key();
  spec.schema.without_keys.assign(database.tables_without_keys().begin(), database.tables_without_keys().end());
  spec.numbers.strategy = word<KeyNumbers::Strategy>(kKeyStrategies, database.keys().strategy());
  spec.numbers.increment = database.keys().increment();
  spec.numbers.range = database.keys().range();
  spec.cleans_revoked_tokens = database.cleans_revoked_tokens();
  spec.is_read_only = database.read_only();
  set(spec.clock_offset, database.clock_ahead());
  if (!database.clock_behind().empty()) spec.clock_offset = sim::Duration{} - duration(database.clock_behind());
  return spec;
}

propagation::ConnectionPoolSpec connection_pool_spec(const schema::RemoteDatabase& database) {
  return {database.connections(), duration(database.longest_wait()), duration(database.validation_interval()),
          duration(database.connect_timeout())};
}

// TCP's handshake and two round trips of TLS 1.2. Connections are kept alive and not tested before use.
propagation::ConnectionPoolSpec connection_pool_spec(const schema::RemoteKeyManager& manager) {
  propagation::ConnectionPoolSpec spec{manager.connections(), duration(manager.longest_wait()),
                                       sim::Duration{sim::kNever.ns}, duration(manager.connect_timeout())};
  spec.handshake_round_trips = 3;
  return spec;
}

StreamSpec stream_spec(const schema::Replication& replication, const SiteNumbers& sites) {
  StreamSpec spec = *propagation::replication::profile_named(replication.profile());
  set(spec.ship_interval, replication.ship_interval());
  set(spec.apply_interval, replication.apply_interval());
  set(spec.apply_time, replication.apply_time());
  set(spec.copy_time, replication.copy_time());
  set(spec.retry.interval, replication.retry_interval());
  set(spec.reconnect_interval, replication.retry_interval());
  set(spec.retry.operator_after, replication.operator_after());
  set(spec.synchronous_for, replication.synchronous_for());
  set(spec.connection.client_silence_timeout, replication.silence_timeout());
  set(spec.connection.server_silence_timeout, replication.silence_timeout());
  spec.retry.is_disabled_by_error = replication.disabled_by_error();
  if (replication.has_retries()) spec.retry.times = replication.retries();
  if (replication.has_apply_batch()) spec.apply_batch = replication.apply_batch();
  if (replication.has_flushes_later()) spec.flushed_by_wal_writer = replication.flushes_later();
  if (replication.has_definitions()) spec.ships_definitions = replication.definitions();
  if (!replication.forwards().empty()) spec.forwarding = word<Forwarding>(kForwarding, replication.forwards());
  spec.synchronous = word<Synchronous>(kSynchronous, replication.synchronous());
  spec.connection.transport = word<sim::Transport>(kTransports, replication.transport());
  spec.keeps_home = replication.keeps_home();
  set_rules(replication, sites, spec);
  return spec;
}

}  // namespace parallax::scenarios
