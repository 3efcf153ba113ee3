#include "reports/run/parts_tables.h"

#include <algorithm>
#include <string>

#include "reports/escape.h"

namespace parallax::reports {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

std::string joined(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + isolated(name);
  return out;
}

// "traffic_manager" -> "traffic manager"
std::string spoken(std::string word) {
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

std::string spoken(const Names& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + escaped(spoken(word));
  return out;
}

bool has_role(const schema::Site& site, const std::string& node) {
  return std::any_of(site.roles().begin(), site.roles().end(), [&](const schema::Role& role) {
    return std::find(role.nodes().begin(), role.nodes().end(), node) != role.nodes().end();
  });
}

std::string left_to_others(const schema::Site& site) {
  std::string out;
  const auto add = [&out](const std::string& what) { out += (out.empty() ? "" : "; ") + what; };
  if (site.database().has_at()) add("database of " + isolated(site.database().at().site()));
  if (site.gateway().has_key_validation()) add("key manager of " + isolated(site.gateway().key_validation().site()));
  if (site.traffic_manager().counted_at_size() > 0) add("counted at " + joined(site.traffic_manager().counted_at()));
  if (!site.pull().from().empty()) add("APIs pulled from " + isolated(site.pull().from()));
  return out.empty() ? "—" : out;
}

bool is_plain(const schema::Site& site) { return site.roles().empty() && left_to_others(site) == "—"; }

}  // namespace

Table parts_table(const schema::Scenario& scenario) {
  Table table("What nodes do", {{"Data center"}, {"Nodes"}, {"Do"}, {"Use of others"}}, "links");
  if (std::all_of(scenario.sites().begin(), scenario.sites().end(), is_plain)) return table;
  for (const schema::Site& site : scenario.sites()) {
    const std::string others = left_to_others(site);
    for (const schema::Role& role : site.roles()) {
      table.row({isolated(site.name()), joined(role.nodes()), spoken(role.parts()), others});
    }
    Names rest;
    for (const std::string& node : site.nodes()) {
      if (!has_role(site, node)) *rest.Add() = node;
    }
    if (!rest.empty()) table.row({isolated(site.name()), joined(rest), "everything", others});
  }
  return table;
}

Table events_table(const schema::Scenario& scenario) {
  Table table("Who tells whom", {{"Data center"}, {"Whose nodes"}, {"Hear"}, {"From"}}, "links");
  const auto topics = [](const Names& names) { return names.empty() ? std::string("everything") : spoken(names); };
  for (const schema::Site& site : scenario.sites()) {
    if (!site.has_events()) continue;
    if (site.events().subscriptions().empty()) {
      table.row({isolated(site.name()), "all", "everything", "brokers of the same site"});
    }
    for (const schema::Subscription& subscription : site.events().subscriptions()) {
      const std::string nodes = subscription.nodes().empty() ? "all" : joined(subscription.nodes());
      const std::string brokers =
          subscription.brokers().empty() ? "brokers of the same site" : joined(subscription.brokers());
      table.row({isolated(site.name()), nodes, topics(subscription.topics()), brokers});
    }
  }
  for (const schema::Bridge& bridge : scenario.bridges()) {
    table.row({isolated(bridge.to()), "brokers", topics(bridge.topics()), "brokers of " + isolated(bridge.from())});
  }
  return table;
}

}  // namespace parallax::reports
