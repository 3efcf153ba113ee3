#include "reports/run/parts_tables.h"

#include <catch2/catch.hpp>

#include "tests/reports/two_sites.h"

namespace parallax::reports {
namespace {

bool shows(const Table& table, std::string_view part) { return table.html().find(part) != std::string::npos; }

TEST_CASE("where all nodes do everything at home there is nothing to tell") {
  schema::Scenario scenario;
  test::add_site(scenario, "dc1");
  CHECK(parts_table(scenario).empty());
  CHECK(events_table(scenario).empty());
}

TEST_CASE("roles and what is left to other sites are told, with names as text") {
  schema::Scenario scenario;
  test::add_site(scenario, "<dc1>");
  schema::Site& site = *scenario.mutable_sites(0);
  site.clear_nodes();
  site.add_nodes("gw");
  site.add_nodes("rest");
  schema::Role& role = *site.add_roles();
  role.add_nodes("gw");
  role.add_parts("gateway");
  role.add_parts("traffic_manager");
  site.mutable_gateway()->mutable_key_validation()->set_site("dc2");
  site.mutable_traffic_manager()->add_counted_at("dc3");
  const Table table = parts_table(scenario);
  CHECK(shows(table, "gateway, traffic manager"));
  CHECK(shows(table, "everything"));
  CHECK(shows(table, "key manager of"));
  CHECK(shows(table, "counted at"));
  CHECK(shows(table, "&lt;dc1&gt;"));
  CHECK_FALSE(shows(table, "<dc1>"));
}

TEST_CASE("subscriptions and bridges are told") {
  schema::Scenario scenario;
  test::add_site(scenario, "dc1");
  schema::Subscription& subscription = *scenario.mutable_sites(0)->mutable_events()->add_subscriptions();
  subscription.add_brokers("dc2/node");
  subscription.add_topics("throttle_data");
  schema::Bridge& bridge = *scenario.add_bridges();
  bridge.set_from("dc1");
  bridge.set_to("dc2");
  const Table table = events_table(scenario);
  CHECK(shows(table, "throttle data"));
  CHECK(shows(table, "dc2/node"));
  CHECK(shows(table, "brokers of"));
}

}  // namespace
}  // namespace parallax::reports
