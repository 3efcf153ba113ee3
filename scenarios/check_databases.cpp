#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "models/propagation/schema/api_schema.h"
#include "scenarios/check_word.h"
#include "scenarios/compile_databases.h"
#include "scenarios/profiles.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const auto& table : propagation::schema::api_schema({})) names.push_back(table.name);
  return names;
}

/// A field that names a site: regions have names of the same kind, but no database.
template <typename Owner>
void check_not_region(const Owner& owner, const char* field, const std::string& name, const schema::Scenario& scenario,
                      Reporter& reporter) {
  if (is_site(scenario, name) || !is_region(scenario, name)) return;
  reporter.report(owner, field, fmt::format("{} is a region and has no database; expected a site", quoted(name)));
}

void check_conflicts(const schema::Conflicts& conflicts, const schema::Scenario& scenario, Reporter& reporter) {
  check_not_region(conflicts, "trusted", conflicts.trusted(), scenario, reporter);
  const auto words = resolution_words();
  check_word(conflicts, "insert_insert", conflicts.insert_insert(), words, reporter);
  check_word(conflicts, "update_update", conflicts.update_update(), words, reporter);
  check_word(conflicts, "update_missing", conflicts.update_missing(), words, reporter);
  check_word(conflicts, "delete_changed", conflicts.delete_changed(), words, reporter);
  check_word(conflicts, "delete_missing", conflicts.delete_missing(), words, reporter);
  const bool trusts = conflicts.insert_insert() == "trusted" || conflicts.update_update() == "trusted" ||
                      conflicts.update_missing() == "trusted" || conflicts.delete_changed() == "trusted" ||
                      conflicts.delete_missing() == "trusted";
  if (trusts == !conflicts.trusted().empty()) return;
  reporter.report(conflicts, "trusted",
                  trusts ? "a rule says trusted; expected trusted: \"...\", the site whose changes win"
                         : "no rule says trusted; expected a rule that does, or no trusted source");
}

void check_keys(const schema::Keys& keys, const schema::Scenario& scenario, Reporter& reporter) {
  check_word(keys, "strategy", keys.strategy(), key_strategy_words(), reporter);
  check_not_region(keys, "home", keys.home(), scenario, reporter);
  if (!keys.home().empty() && keys.strategy() != "common") {
    reporter.report(
        keys, "home",
        fmt::format("home with the strategy {}; expected strategy: \"common\" or no home", quoted(keys.strategy())));
  }
  if (keys.has_increment() && keys.strategy() != "increment") {
    reporter.report(keys, "increment",
                    fmt::format("increment with the strategy {}; expected strategy: \"increment\" or no increment",
                                quoted(keys.strategy())));
  }
}

// There is one common sequence, so whoever says where it is says the same.
void check_homes(const schema::Scenario& scenario, Reporter& reporter) {
  const schema::Keys* first = nullptr;
  for (const schema::Site& site : scenario.sites()) {
    const schema::Keys& keys = site.database().keys();
    if (keys.home().empty()) continue;
    if (first != nullptr && keys.home() != first->home()) {
      reporter.report(keys, "home",
                      fmt::format("the common sequence is at {} already; expected one home", quoted(first->home())));
    }
    if (first == nullptr) first = &keys;
  }
}

bool brings_datagrams_to(const schema::Replication& replication, const std::string& site) {
  const bool ends_there = replication.to() == site || (!replication.one_way() && replication.from() == site);
  return ends_there && replication.transport() == "datagram";
}

// What an image is needed for. Whoever makes a site anew asks all that it follows.
std::string image_over_datagrams(const schema::Replication& replication, const schema::Scenario& scenario) {
  if (!replication.starts().empty()) return fmt::format("the target joins at {}", quoted(replication.starts()));
  for (const schema::DatabaseTask& task : scenario.database_tasks()) {
    if (task.has_resynchronise() && brings_datagrams_to(replication, task.site())) {
      return fmt::format("{} is resynchronised", quoted(task.site()));
    }
  }
  for (const schema::Runbook& runbook : scenario.runbooks()) {
    for (const schema::Step& step : runbook.steps()) {
      if (step.has_resynchronise() && brings_datagrams_to(replication, step.site())) {
        return fmt::format("{} is resynchronised", quoted(step.site()));
      }
    }
  }
  for (const schema::Fault& fault : scenario.faults()) {
    const schema::SiteDown& down = fault.site_down();
    if (down.disk() == "lost" && brings_datagrams_to(replication, down.site())) {
      return fmt::format("{} loses its disk", quoted(down.site()));
    }
  }
  return {};
}

void check_datagrams(const schema::Replication& replication, const schema::Scenario& scenario, Reporter& reporter) {
  if (replication.transport() != "datagram") return;
  if (replication.profile() != "last_writer_wins") {
    reporter.report(replication, "transport",
                    fmt::format("transport \"datagram\" with the profile {}, whose product replicates over TCP; "
                                "expected profile: \"last_writer_wins\" or transport: \"tcp\"",
                                quoted(replication.profile())));
  }
  if (!replication.silence_timeout().empty()) {
    reporter.report(replication, "silence_timeout",
                    "silence_timeout with datagrams, which have no connection to give up; expected no "
                    "silence_timeout or transport: \"tcp\"");
  }
  const std::string image = image_over_datagrams(replication, scenario);
  if (image.empty()) return;
  reporter.report(replication, "transport",
                  fmt::format("{}, which takes a copy of all rows, and no datagram holds that; expected "
                              "transport: \"tcp\"",
                              image));
}

}  // namespace

void check_databases(const schema::Scenario& scenario, Reporter& reporter) {
  const std::vector<std::string> tables = table_names();
  for (const schema::Site& site : scenario.sites()) {
    const schema::Database& database = site.database();
    check_word(database, "children", database.children(), children_words(), reporter);
    check_keys(database.keys(), scenario, reporter);
    for (int i = 0; i < database.tables_without_keys_size(); ++i) {
      const std::string& name = database.tables_without_keys(i);
      if (std::find(tables.begin(), tables.end(), name) != tables.end()) continue;
      reporter.report(database, "tables_without_keys",
                      fmt::format("unknown table {}{}", quoted(name), suggestion(name, "tables", tables)), i);
    }
    if (database.clock_ahead().empty() || database.clock_behind().empty()) continue;
    reporter.report(database, "clock_behind", "clock_behind and clock_ahead; expected one of them");
  }
  check_homes(scenario, reporter);
}

void check_replication_words(const schema::Scenario& scenario, Reporter& reporter) {
  const std::vector<std::string> profiles = profile_names();
  const auto end = duration_in(scenario.duration());
  for (const schema::Replication& replication : scenario.replications()) {
    check_word(replication, "profile", replication.profile(), profiles, reporter);
    check_word(replication, "forwards", replication.forwards(), forwarding_words(), reporter);
    check_word(replication, "synchronous", replication.synchronous(), synchronous_words(), reporter);
    check_word(replication, "transport", replication.transport(), transport_words(), reporter);
    check_conflicts(replication.conflicts(), scenario, reporter);
    check_datagrams(replication, scenario, reporter);
    const auto starts = duration_in(replication.starts());
    if (starts && end && *starts >= *end) {
      reporter.report(replication, "starts",
                      fmt::format("the replication starts at {}, outside the run; expected less than its duration {}",
                                  quoted(replication.starts()), quoted(scenario.duration())));
    }
    if (replication.synchronous_for().empty() || replication.synchronous() != "off") continue;
    reporter.report(replication, "synchronous_for",
                    "synchronous_for without synchronous; expected synchronous: \"received\" or \"applied\"");
  }
}

void check_database_tasks(const schema::Scenario& scenario, Reporter& reporter) {
  const auto end = duration_in(scenario.duration());
  for (const schema::DatabaseTask& task : scenario.database_tasks()) {
    const int kinds = task.has_run_scripts() + task.has_add_column() + task.has_resynchronise() + task.has_promote() +
                      task.has_fence();
    if (kinds != 1) {
      reporter.report(task, "name",
                      fmt::format("database task {} says {} to do; expected exactly one of run_scripts, add_column, "
                                  "resynchronise, promote, fence",
                                  quoted(task.name()), kinds == 0 ? "nothing" : "several things"));
    }
    check_not_region(task, "site", task.site(), scenario, reporter);
    const auto at = duration_in(task.at());
    if (at && end && *at >= *end) {
      reporter.report(task, "at",
                      fmt::format("database task {} is at {}, outside the run; expected less than its duration {}",
                                  quoted(task.name()), quoted(task.at()), quoted(scenario.duration())));
    }
    const std::string& source = task.resynchronise().from();
    if (!task.has_resynchronise() || source.empty() || follows(scenario, task.site(), source)) continue;
    reporter.report(
        task.resynchronise(), "from",
        fmt::format("{} does not follow {}; expected a replication from there", quoted(task.site()), quoted(source)));
  }
}

}  // namespace parallax::scenarios
