#include "scenarios/profiles.h"

#include <string>

#include "models/propagation/artifacts/startup.h"
#include "models/propagation/broker/profiles.h"
#include "models/propagation/replication/profiles.h"
#include "scenarios/compile_artifacts.h"
#include "scenarios/compile_databases.h"
#include "scenarios/units.h"

namespace parallax::scenarios {

namespace {

using propagation::replication::ApplyRules;
using propagation::replication::Resolution;
using propagation::replication::StreamSpec;

template <typename Word>
std::string word_in(std::span<const std::string> words, Word word) {
  return words[static_cast<std::size_t>(word)];
}

std::string word_of(Resolution resolution) { return resolution_words()[static_cast<std::size_t>(resolution)]; }

void fill(std::string* text, sim::Duration duration) {
  if (text->empty()) *text = format_duration(duration);
}

void fill(std::string* text, Resolution resolution) {
  if (text->empty()) *text = word_of(resolution);
}

void fill_rules(const ApplyRules& rules, schema::Replication& replication) {
  schema::Conflicts& conflicts = *replication.mutable_conflicts();
  fill(conflicts.mutable_insert_insert(), rules.insert_insert);
  fill(conflicts.mutable_update_update(), rules.update_update);
  fill(conflicts.mutable_update_missing(), rules.update_missing);
  fill(conflicts.mutable_delete_changed(), rules.delete_changed);
  fill(conflicts.mutable_delete_missing(), rules.delete_missing);
  if (!replication.has_fires_cascades()) replication.set_fires_cascades(rules.firing.cascades);
  if (!replication.has_fires_triggers()) replication.set_fires_triggers(rules.firing.triggers);
  if (!replication.has_checks_parents()) replication.set_checks_parents(rules.firing.parents);
}

void fill(const StreamSpec& profile, schema::Replication& replication) {
  fill(replication.mutable_ship_interval(), profile.ship_interval);
  fill(replication.mutable_apply_interval(), profile.apply_interval);
  fill(replication.mutable_retry_interval(), profile.retry.interval);
  fill(replication.mutable_apply_time(), profile.apply_time);
  fill(replication.mutable_copy_time(), profile.copy_time);
  if (replication.transport() == "tcp") {
    fill(replication.mutable_silence_timeout(), profile.connection.client_silence_timeout);
  }
  if (!replication.has_apply_batch()) replication.set_apply_batch(profile.apply_batch);
  if (!replication.has_flushes_later()) replication.set_flushes_later(profile.flushed_by_wal_writer);
  if (!replication.has_definitions()) replication.set_definitions(profile.ships_definitions);
  if (!replication.has_retries()) replication.set_retries(profile.retry.times);
  if (replication.forwards().empty()) {
    replication.set_forwards(forwarding_words()[static_cast<std::size_t>(profile.forwarding)]);
  }
  fill_rules(profile.rules, replication);
}

void fill(const propagation::broker::ReconnectSpec& profile, schema::Reconnect& reconnect) {
  if (!reconnect.has_tries_per_broker()) reconnect.set_tries_per_broker(profile.tries_per_url);
  fill(reconnect.mutable_connect_delay(), profile.connect_delay);
  fill(reconnect.mutable_patience(), profile.patience);
  fill(reconnect.mutable_initial_pause(), profile.initial_pause);
  if (!reconnect.has_pause_factor()) reconnect.set_pause_factor(profile.pause_factor);
  fill(reconnect.mutable_greatest_pause(), profile.greatest_pause);
}

void fill(const propagation::broker::SubscriberSpec& profile, schema::Events& events) {
  fill(events.mutable_liveness_interval(), profile.liveness ? profile.liveness->interval : sim::Duration{});
  fill(profile.reconnect, *events.mutable_reconnect());
}

// Endless is written as 0.
void fill(const propagation::artifacts::StartupSpec& profile, schema::Startup& startup) {
  const propagation::artifacts::RetrySpec& retry = profile.retry;
  if (startup.ready_when().empty()) startup.set_ready_when(word_in(ready_when_words(), profile.ready_when));
  if (!startup.has_retries()) {
    startup.set_retries(retry.retries == propagation::artifacts::RetrySpec::kEndless ? 0 : retry.retries);
  }
  fill(startup.mutable_first_pause(), retry.first);
  if (!startup.has_pause_factor()) startup.set_pause_factor(retry.factor);
  fill(startup.mutable_greatest_pause(), retry.greatest);
}

}  // namespace

void fill_profiles(schema::Scenario& scenario) {
  for (schema::Site& site : *scenario.mutable_sites()) {
    if (site.has_startup() && site.startup().profile() == "asynchronous") {
      fill(propagation::artifacts::asynchronous_startup(), *site.mutable_startup());
    } else if (site.has_startup() && site.startup().profile() == "synchronous") {
      fill(propagation::artifacts::synchronous_startup(), *site.mutable_startup());
    }
    if (!site.has_events()) continue;
    if (const auto profile = propagation::broker::subscriber_profile_named(site.events().profile())) {
      fill(*profile, *site.mutable_events());
    }
  }
  for (schema::Bridge& bridge : *scenario.mutable_bridges()) {
    fill(propagation::broker::carbon_jms_publisher().reconnect, *bridge.mutable_reconnect());
  }
  for (schema::Replication& replication : *scenario.mutable_replications()) {
    if (const auto profile = propagation::replication::profile_named(replication.profile())) {
      fill(*profile, replication);
    }
  }
}

std::vector<std::string> profile_names() {
  std::vector<std::string> names;
  for (const auto& profile : propagation::replication::profiles()) names.emplace_back(profile.name);
  return names;
}

std::vector<std::string> event_profile_names() {
  std::vector<std::string> names;
  for (const auto& profile : propagation::broker::subscriber_profiles()) names.emplace_back(profile.name);
  return names;
}

}  // namespace parallax::scenarios
