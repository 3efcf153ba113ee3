// Where nothing takes time, nothing is cached and nothing breaks, everybody knows what the single copy knows: no window
// has a length, no decision is wrong, no limit is exceeded. Topologies drawn at random: data centers, nodes and their
// parts, opaque tokens or JWTs, the ways of events and of APIs, whose database and whose counters.
//
// What the schema has no zero for is left out: token caches are off; the log of PostgreSQL and BDR is written some 0.5
// ms after a commit; and of the ways of files Subversion, mounts, servers and copies poll, every 1 ms at the least.
// Polls have a test of their own, with that period: windows of APIs are no longer than the polls on their way, and
// wrong decisions are about APIs alone.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "tests/end_to_end/random_deployments.h"

namespace parallax::test {
namespace {

enum class ApiWay { kCluster, kPull, kCalls, kByHand, kPolls };

class ZeroDelays {
 public:
  explicit ZeroDelays(std::uint64_t seed) : dice_{seed, "zero delays"} {
    sites_ = number(std::array{"1", "2", "3", "4"});
    tokens_ = dice_.pick(std::array{"opaque", "jwt"});
    for (std::size_t site = 0; site < sites_; ++site) nodes_.push_back(number(std::array{"1", "2", "3"}));
    constexpr std::array kWays{ApiWay::kCluster, ApiWay::kPull, ApiWay::kCalls, ApiWay::kByHand};
    way_ = kWays[seed % kWays.size()];
    has_events_ = way_ == ApiWay::kPull || tokens_ == "jwt" || dice_.one_in(2);
    is_clustered_ = way_ == ApiWay::kCluster || dice_.one_in(2);
    has_limits_ = dice_.one_in(2);
  }

  void poll() { way_ = ApiWay::kPolls; }

  std::string text() {
    std::string text = "name: \"zero\" duration: \"15s\"\n";
    for (std::size_t site = 0; site < sites_; ++site) text += site_text(site);
    text += "regions { name: \"users\"" + all_sites(" prefers: ") + " }\n";
    for (std::size_t site = 0; site < sites_; ++site) text += links_of(site);
    // A limit that each site counts for itself would be exceeded however fast all is.
    text += join({"catalog { apis: 12 applications: 10 tokens: 30 subscriptions_per_application: 3 ",
                  has_limits_ ? "tiers { name: \"t\" limit: \"9/5s\" } " : "", "}\n"});
    return text + workload();
  }

 private:
  template <std::size_t count>
  std::size_t number(const std::array<const char*, count>& values) {
    return std::stoul(dice_.pick(values));
  }
  static std::string name(std::size_t site) { return "\"s" + std::to_string(site) + '"'; }

  std::string all_sites(const std::string& field) const {
    std::string text;
    for (std::size_t site = 0; site < sites_; ++site) text += field + name(site);
    return text;
  }

  std::string site_text(std::size_t site) {
    std::string text = "sites { name: " + name(site);
    for (std::size_t node = 0; node < nodes_[site]; ++node) text += " nodes: \"n" + std::to_string(node) + "\"";
    if (dice_.one_in(2)) {
      text += " nodes: \"m\"";
      text += " roles { nodes: \"m\" parts: [\"control_plane\", \"key_manager\"] }";
      for (std::size_t node = 0; node < nodes_[site]; ++node) {
        text += " roles { nodes: \"n" + std::to_string(node) + "\" parts: [\"gateway\", \"traffic_manager\"] }";
      }
    }
    text += " gateway { token_cache { enabled: false }";
    const bool asks_first = site > 0 && tokens_ == "opaque" && dice_.one_in(3);
    if (asks_first && dice_.one_in(2)) text += " key_validation { site: " + name(0) + " }";
    text += " } key_manager { token_validity: \"10s\" tokens: \"" + tokens_ + "\" }";
    text += " traffic_manager { event_delay: \"0s\" push_delay: \"0s\"";
    if (has_limits_ && sites_ > 1) text += all_sites(" counted_at: ");
    text += " } database { access_time: \"0s\" } ";
    if (is_clustered_ || has_limits_) text += "clustering { message_delay: \"0s\" deployment_scan: \"0s\" } ";
    if (has_events_) text += "events { tells_site: true local_delay: \"0s\" } ";
    return text + way_of(site) + " }\n";
  }

  std::string way_of(std::size_t site) const {
    switch (way_) {
      case ApiWay::kCluster:
        return "";
      case ApiWay::kPull:
        return "pull { from: \"s0\" event_waiting: \"0s\" }";
      case ApiWay::kCalls:
        return "artifacts { calls {} }";
      case ApiWay::kByHand:
        return "artifacts { by_hand {} }";
      case ApiWay::kPolls:
        break;
    }
    const std::string of_first = site == 0 ? "" : " of: \"s0\"";
    if (tokens_ == "jwt") return "artifacts { server {" + of_first + " period: \"1ms\" } }";
    return "artifacts { mount {" + of_first + " scan: \"1ms\" } }";
  }

  std::string links_of(std::size_t site) {
    std::string text = "links { from: \"users\" to: " + name(site) + " delay { constant: \"0s\" } }\n";
    for (std::size_t other = 0; other < site; ++other) {
      const std::string ends = " { from: " + name(other) + " to: " + name(site);
      text += "links" + ends + " delay { constant: \"0s\" } }\n";
      text +=
          join({"replications", ends, " ship_interval: \"0s\" apply_interval: \"0s\" apply_time: \"0s\" profile: \"",
                dice_.pick(std::array{"last_writer_wins", "goldengate"}), "\" }\n"});
      if (!has_events_) continue;
      const std::string topics = " topics: [\"token_revocation\", \"notification\"] }\n";
      text += "bridges" + ends + topics + "bridges { from: " + name(site) + " to: " + name(other) + topics;
    }
    return text;
  }

  std::string workload() {
    const std::string last = name(sites_ - 1);
    return join(
        {"workload {\n"
         "populations { name: \"p\" region: \"users\" rate: \"",
         dice_.pick(std::array{"20", "60"}), "/s\" roaming: ", dice_.pick(std::array{"0", "0.5"}),
         " }\n"
         "writes { name: \"r1\" site: \"s0\" from: \"1s\" revoke_tokens { rate: \"1/s\" } }\n",
         "writes { name: \"r2\" site: ", last, " from: \"1s\" revoke_tokens { rate: \"1/2s\" } }\n",
         "writes { name: \"s\" site: \"s0\" from: \"1s\" add_subscriptions { rate: \"1/s\" } }\n",
         "writes { name: \"b\" site: ", last, " from: \"1s\" block_subscriptions { rate: \"1/3s\" } }\n",
         "writes { name: \"n\" site: \"s0\" from: \"1s\" publish_apis { count: 4 } }\n",
         "writes { name: \"x\" site: \"s0\" from: \"1s\" retire_apis { count: 2 } }\n", "}\n"});
  }

  Dice dice_;
  std::size_t sites_;
  std::vector<std::size_t> nodes_;  ///< by site
  std::string tokens_;
  ApiWay way_;
  bool has_events_;
  bool is_clustered_;
  bool has_limits_;
};

struct Seen {
  std::uint64_t decisions{0};
  std::uint64_t refused_quota{0};
  std::map<domain::ChangeKind, std::uint64_t> changes;
};

void count(const audit::Findings& findings, Seen& seen) {
  seen.decisions += findings.decisions;
  for (const auto& minutes : findings.minutes) {
    for (const audit::MinuteCounts& minute : minutes) seen.refused_quota += minute.refused_quota;
  }
  for (const audit::WindowFinding& window : findings.windows) ++seen.changes[window.change];
}

Seen check_zeros(std::uint64_t first, std::uint64_t last) {
  Seen seen;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const std::string text = ZeroDelays{seed}.text();
    INFO("seed " << seed << "\n" << text);
    const audit::Findings findings = play_and_check(text, seed);
    for (const audit::WindowFinding& window : findings.windows) {
      INFO(domain::name_of(window.change)
           << " at " << window.start.ns << " seen by " << domain::index(window.observer));
      REQUIRE(window.length.ns == 0);
      REQUIRE(window.ending == audit::Ending::kVisible);
      REQUIRE(window.wrong_decisions == 0);
    }
    REQUIRE(findings.wrong.empty());
    REQUIRE(findings.limits.over == 0);
    count(findings, seen);
  }
  return seen;
}

}  // namespace

TEST_CASE("without delay, cache and fault 100 topologies have no window and no wrong decision") {
  Seen seen = check_zeros(1, 100);
  // Not vacuous.
  CHECK(seen.decisions > 30'000);
  CHECK(seen.refused_quota > 1'000);
  for (const domain::ChangeKind kind : domain::kChangeKinds) {
    INFO(domain::name_of(kind));
    CHECK((seen.changes[kind] > 100) == (kind != domain::ChangeKind::kPolicyChanged));
  }
}

TEST_CASE("without delay, cache and fault 1,000 topologies have no window and no wrong decision", "[.][soak]") {
  CHECK(check_zeros(101, 1'100).decisions > 300'000);
}

// At s0 a look after up to 1 ms; from there to others the same.
TEST_CASE("with polls of a millisecond as the only delay windows are of APIs and no longer than that") {
  std::uint64_t longer_than_none = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    ZeroDelays deployment{seed};
    deployment.poll();
    const std::string text = deployment.text();
    INFO("seed " << seed << "\n" << text);
    const audit::Findings findings = play_and_check(text, seed);
    for (const audit::WindowFinding& window : findings.windows) {
      const bool is_api = window.object.kind() == domain::ObjectKind::kApi;
      REQUIRE(window.length.ns <= (is_api ? sim::milliseconds(1).ns : 0));
      longer_than_none += window.length.ns > 0;
    }
    for (const auto& [key, unused] : findings.wrong) {
      const auto why = std::get<audit::Why>(key);
      REQUIRE((why == audit::Why::kApiPublished || why == audit::Why::kApiRetired));
    }
    REQUIRE(findings.limits.over == 0);
  }
  CHECK(longer_than_none > 300);
}

}  // namespace parallax::test
