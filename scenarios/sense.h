// The checks of what a scenario says as a whole: one function each, in the order in which they are made. Each passes
// over values that are wrong by themselves, since those are reported already.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/domain/topic.h"
#include "scenarios/reporter.h"
#include "scenarios/schema/scenario.pb.h"
#include "sim/time.h"

namespace parallax::scenarios {

using SenseCheck = void (*)(const schema::Scenario&, Reporter&);

// check_sites.cpp
void check_site_count(const schema::Scenario& scenario, Reporter& reporter);
void check_shared_names(const schema::Scenario& scenario, Reporter& reporter);
void check_sweepers(const schema::Scenario& scenario, Reporter& reporter);
// check_balancers.cpp
void check_balancers(const schema::Scenario& scenario, Reporter& reporter);
// check_delays.cpp
void check_delays(const schema::Scenario& scenario, Reporter& reporter);
// check_links.cpp
void check_link_ends(const schema::Scenario& scenario, Reporter& reporter);
void check_duplicate_links(const schema::Scenario& scenario, Reporter& reporter);
void check_reachable_sites(const schema::Scenario& scenario, Reporter& reporter);
// check_regions.cpp
void check_preferences(const schema::Scenario& scenario, Reporter& reporter);
void check_replications(const schema::Scenario& scenario, Reporter& reporter);
// check_zone.cpp
void check_zone(const schema::Scenario& scenario, Reporter& reporter);
/// Between whom messages of a zone, its checks and resolvers go; nothing without a zone.
struct NeededWay {
  const google::protobuf::Message* owner;
  const char* field;
  std::string who;
  std::string from;
  std::string to;
};
std::vector<NeededWay> ways_of_zone(const schema::Scenario& scenario);
// check_databases.cpp
void check_databases(const schema::Scenario& scenario, Reporter& reporter);
void check_replication_words(const schema::Scenario& scenario, Reporter& reporter);
void check_database_tasks(const schema::Scenario& scenario, Reporter& reporter);
// check_shared_databases.cpp
void check_shared_databases(const schema::Scenario& scenario, Reporter& reporter);
// check_events.cpp
void check_events(const schema::Scenario& scenario, Reporter& reporter);
// check_artifacts.cpp
void check_artifacts(const schema::Scenario& scenario, Reporter& reporter);
// check_roles.cpp
void check_roles(const schema::Scenario& scenario, Reporter& reporter);
// check_caches.cpp
void check_cache_clusters(const schema::Scenario& scenario, Reporter& reporter);
// check_analytics.cpp
void check_analytics(const schema::Scenario& scenario, Reporter& reporter);
// check_workload.cpp
void check_something_happens(const schema::Scenario& scenario, Reporter& reporter);
void check_populations(const schema::Scenario& scenario, Reporter& reporter);
void check_writes(const schema::Scenario& scenario, Reporter& reporter);
void check_tokens(const schema::Scenario& scenario, Reporter& reporter);
void check_artifact_stores(const schema::Scenario& scenario, Reporter& reporter);
void check_published_apis(const schema::Scenario& scenario, Reporter& reporter);
void check_tiers(const schema::Scenario& scenario, Reporter& reporter);
// check_elsewhere.cpp
void check_elsewhere(const schema::Scenario& scenario, Reporter& reporter);
// check_policies.cpp
void check_policy_changes(const schema::Scenario& scenario, Reporter& reporter);
// check_faults.cpp
void check_fault_targets(const schema::Scenario& scenario, Reporter& reporter);
// check_fault_nodes.cpp
void check_fault_nodes(const schema::Scenario& scenario, const schema::Fault& fault, Reporter& reporter);
// check_fault_times.cpp
void check_fault_overlaps(const schema::Scenario& scenario, Reporter& reporter);
void check_fault_schedules(const schema::Scenario& scenario, Reporter& reporter);
// check_runbooks.cpp
void check_runbooks(const schema::Scenario& scenario, Reporter& reporter);
// check_expectations.cpp
void check_expectations(const schema::Scenario& scenario, Reporter& reporter);

/// The duration, unless the text is none.
std::optional<sim::Duration> duration_in(std::string_view text);

bool is_site(const schema::Scenario& scenario, std::string_view name);
/// Null if there is none.
const schema::Site* site_named(const schema::Scenario& scenario, std::string_view name);
/// Where it is made; null if its site is unknown.
const schema::Site* site_of(const schema::Scenario& scenario, const schema::Write& write);
bool is_region(const schema::Scenario& scenario, std::string_view name);

/// Whether nodes of `there` hear what is published at `here`, another site, by a bridge or from its brokers.
bool hears(const schema::Scenario& scenario, const schema::Site& there, const std::string& here, domain::Topic what);

/// Whether changes of `source` are replicated to `target`.
bool follows(const schema::Scenario& scenario, const std::string& target, const std::string& source);

/// Where the common sequence is, for those who use one: at the first site unless one of them says otherwise.
std::string home_of_sequence(const schema::Scenario& scenario);

/// The sites that a region's DNS may answer with: those it names, else the only one. Empty: not clear.
std::vector<std::string> preferred_sites(const schema::Scenario& scenario, const std::string& region);

}  // namespace parallax::scenarios
