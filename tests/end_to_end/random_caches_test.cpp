// Deployments with shared token caches drawn at random: one cluster or two, with a map or with messages alone, every
// policy, links that are cut, nodes and data centers that are lost. In each the stages of every window add up to it,
// who decided on an old version was inside its window or had an answer under way, every request is accounted for, and
// one thread gives the same bytes as three.
#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tests/end_to_end/random_deployments.h"

namespace parallax::test {
namespace {

// Who held nothing old when a change was acknowledged has no window, but may decide by an answer that was under way.
void check_decisions_without_window(const audit::Findings& findings) {
  std::uint64_t without_window = 0;
  for (const audit::WindowFinding& window : findings.windows) {
    if (window.length.ns == 0) without_window += window.wrong_decisions;
  }
  std::uint64_t under_way = 0;
  for (const auto& [key, count] : findings.wrong) {
    if (std::get<domain::Stage>(key) == domain::Stage::kDatabaseRead) under_way += count;
  }
  REQUIRE(without_window <= under_way);
}

std::string sharing_site(Dice& dice, const std::string& name, const std::string& nodes) {
  return join({"sites { name: \"", name, "\" nodes: ", nodes, dice.field("startup_time", std::array{"3s", "25s"}),
               " gateway { token_cache { ", dice.field("ttl", std::array{"2s", "20s", "900s"}),
               dice.field("sweep_interval", std::array{"0s", "1s", "7s"}), dice.maybe(" capacity: 8", 4), " } }",
               " key_manager { ", dice.field("token_validity", std::array{"20s", "3600s"}), " } ", "database { ",
               dice.field("access_time", std::array{"0s", "1ms", "30ms"}), " } ", dice.maybe("clustering {}"), " }\n"});
}

std::string cluster(Dice& dice, const std::string& name, const std::string& sites) {
  const bool has_map = !dice.one_in(3);
  std::string text = "cache_clusters { name: \"" + name + "\" sites: " + sites;
  text += has_map ? " map: true" : " map: false";
  text += has_map ? dice.field("tells", std::array{"nothing", "removals", "puts_too"})
                  : dice.field("tells", std::array{"removals", "puts_too"});
  if (!has_map) text += dice.field("on_receipt", std::array{"forget", "remove_anew"});
  return join(
      {text, dice.maybe(" backups: 0", 3), dice.field("map_ttl", std::array{"0s", "10s"}),
       dice.field("copy_age", std::array{"since_write", "since_arrival"}),
       dice.field("on_expiry", std::array{"remove_everywhere", "drop_here"}),
       dice.field("local_delay", std::array{"0s", "1ms", "100ms"}),
       dice.field("call_timeout", std::array{"500ms", "10s"}), dice.field("backup_timeout", std::array{"200ms", "5s"}),
       dice.field("heartbeat_interval", std::array{"1s"}), dice.field("suspicion_time", std::array{"3s", "30s"}),
       dice.field("merge_first_run", std::array{"4s"}), dice.field("merge_interval", std::array{"2s", "5s"}),
       dice.field("merge_policy", std::array{"put_if_absent", "pass_through", "latest_update", "higher_hits"}),
       " }\n"});
}

std::string fault(Dice& dice, int number, const std::string& at) {
  const std::string head = "faults { name: \"f" + std::to_string(number) + "\" at: \"" + at + "\"" +
                           dice.field("lasts", std::array{"1ms", "2s", "9s", "15s"}) + " ";
  const std::string where = dice.pick(std::array{"one", "two"});
  const std::string kind = dice.pick(std::array{"link", "node", "site"});
  if (kind == "link") return head + "link_down { from: \"one\" to: \"two\" " + dice.maybe("one_way: true ") + "} }\n";
  if (kind == "site") {
    return head + "site_down { site: \"" + where + "\"" + dice.field("disk", std::array{"kept", "lost"}) + " } }\n";
  }
  return head + "node_down { site: \"" + where + "\" node: \"a\"" +
         dice.field("loses", std::array{"process", "power"}) + " } }\n";
}

std::string random_sharing(std::uint64_t seed) {
  Dice dice{seed, "random caches"};
  std::string text = "name: \"random\"\nduration: \"90s\"\n";
  text += join({sharing_site(dice, "one", "[\"a\", \"b\", \"c\"]"),
                sharing_site(dice, "two", dice.pick(std::array{"[\"a\", \"b\"]", "\"a\""}))});
  text += dice.one_in(3) ? join({cluster(dice, "near", "\"one\""), cluster(dice, "far", "\"two\"")})
                         : cluster(dice, "both", "[\"one\", \"two\"]");
  text += kUsersOfBoth;
  text += join({"links { from: \"one\" to: \"two\" delay { ",
                dice.pick(std::array{"constant: \"40ms\"", "uniform { least: \"1ms\" greatest: \"90ms\" }"}),
                " } loss: ", dice.pick(std::array{"0", "0.05"}), " }\n"});
  text += "replications { from: \"one\" to: \"two\"" + dice.field("ship_interval", std::array{"0s", "3s"}) + " }\n";
  text +=
      "catalog { apis: 4 applications: 20 tokens: 60 subscriptions_per_application: 2 }\n"
      "workload {\n";
  text += kCallersAndWriters;
  text +=
      "writes { name: \"b\" site: \"two\" block_subscriptions { rate: \"1/5s\" } }\n"
      "}\n";
  int number = 0;
  for (const char* at : {"10s", "30s", "50s"}) text += dice.maybe(fault(dice, number++, at), 1);
  return text;
}

}  // namespace

TEST_CASE("in 120 deployments with shared caches drawn at random windows, requests and threads add up") {
  audit::CacheFinding all;
  std::uint64_t windows = 0;
  std::uint64_t stale = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const audit::Findings findings = play_and_check(random_sharing(seed), seed);
    INFO("seed " << seed);
    check_decisions_without_window(findings);
    for (const audit::WindowFinding& window : findings.windows) {
      for (const audit::Piece& piece : window.pieces) stale += piece.stage == domain::Stage::kStaleRecache;
      windows += window.length.ns > 0;
    }
    all.hits += findings.caches.hits;
    all.asked += findings.caches.asked;
    all.told += findings.caches.told;
    all.stale_recaches += findings.caches.stale_recaches;
  }
  // Not vacuous.
  CHECK(windows > 3'000);
  CHECK(stale > 50);
  CHECK(all.hits > 100'000);
  CHECK(all.asked > 20'000);
  CHECK(all.told > 10'000);
  CHECK(all.stale_recaches > 50);
}

}  // namespace parallax::test
