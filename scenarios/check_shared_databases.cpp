#include <fmt/format.h>

#include <string>

#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

void check_home(const schema::Site& site, const schema::Scenario& scenario, Reporter& reporter) {
  const std::string& at = site.database().at().site();
  const schema::Site* home = site_named(scenario, at);
  if (home == nullptr) {
    if (!is_region(scenario, at)) return;
    reporter.report(site.database().at(), "site",
                    fmt::format("{} is a region and has no database; expected a site", quoted(at)));
  } else if (home == &site) {
    reporter.report(site.database().at(), "site",
                    fmt::format("the database of {} is at itself; expected another site, or no at", quoted(at)));
  } else if (home->database().has_at()) {
    reporter.report(site.database().at(), "site",
                    fmt::format("{} uses the database of {} itself; expected a site that has one of its own",
                                quoted(at), quoted(home->database().at().site())));
  }
}

// What describes a database is said where the database is.
void check_nothing_else(const schema::Database& database, Reporter& reporter) {
  const auto refuse = [&](const char* field) {
    reporter.report(
        database, field,
        fmt::format("{} beside at; expected it at {}, where the database is", field, quoted(database.at().site())));
  };
  if (database.read_only()) refuse("read_only");
  if (database.tables_without_keys_size() > 0) refuse("tables_without_keys");
  if (!database.clock_ahead().empty()) refuse("clock_ahead");
  if (!database.clock_behind().empty()) refuse("clock_behind");
  if (!database.keys().home().empty() || database.keys().strategy() == "common") refuse("keys");
}

bool has_own_database(const schema::Scenario& scenario, const std::string& name) {
  const schema::Site* site = site_named(scenario, name);
  return site == nullptr || !site->database().has_at();
}

}  // namespace

void check_shared_databases(const schema::Scenario& scenario, Reporter& reporter) {
  const auto expect_own = [&](const google::protobuf::Message& owner, const char* field, const std::string& name) {
    if (has_own_database(scenario, name)) return;
    reporter.report(owner, field,
                    fmt::format("{} has no database of its own but uses that of {}; expected a site that has one",
                                quoted(name), quoted(site_named(scenario, name)->database().at().site())));
  };
  for (const schema::Site& site : scenario.sites()) {
    if (!site.database().has_at()) {
      const schema::Keys& keys = site.database().keys();
      if (keys.strategy() == "common") expect_own(keys, "home", home_of_sequence(scenario));
      continue;
    }
    check_home(site, scenario, reporter);
    check_nothing_else(site.database(), reporter);
  }
  for (const schema::Replication& replication : scenario.replications()) {
    expect_own(replication, "from", replication.from());
    expect_own(replication, "to", replication.to());
  }
  const auto expect_own_of = [&](const auto& task) {
    if (task.has_resynchronise()) expect_own(task.resynchronise(), "from", task.resynchronise().from());
    if (task.has_promote()) expect_own(task.promote(), "fences", task.promote().fences());
  };
  for (const schema::DatabaseTask& task : scenario.database_tasks()) {
    expect_own(task, "site", task.site());
    expect_own_of(task);
  }
  for (const schema::Runbook& runbook : scenario.runbooks()) {
    for (const schema::Step& step : runbook.steps()) {
      const bool is_databases = step.has_promote() || step.has_fence() || step.has_run_scripts() ||
                                step.has_add_column() || step.has_resynchronise();
      if (is_databases) expect_own(step, "site", step.site());
      expect_own_of(step);
    }
  }
}

}  // namespace parallax::scenarios
