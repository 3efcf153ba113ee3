#include "tests/end_to_end/throttle_scenarios.h"

#include <algorithm>
#include <array>

#include "tests/end_to_end/random_deployments.h"

namespace parallax::test {
namespace {

/// As it is written, and what it comes to at the most.
struct DrawnDelay {
  std::string text;
  sim::Duration greatest;
};

// "250ms"
sim::Duration parsed(const std::string& text) { return sim::milliseconds(std::stoll(text)); }

template <std::size_t count>
DrawnDelay draw(Dice& dice, const std::array<const char*, count>& values) {
  const std::string value = dice.pick(values);
  return {'"' + value + '"', parsed(value)};
}

// Links are as fast as they are: where packets overtake each other TCP takes some for lost and holds others back, for
// longer than the slowest of them is under way. And where more than the ten of its first window are under way the rest
// wait for an acknowledgement, a round trip at the most, since then four share a packet.
DrawnDelay draw_link(Dice& dice, std::int64_t rate) {
  const DrawnDelay delay = draw(dice, std::array{"1ms", "20ms", "80ms", "150ms"});
  const sim::Duration round_trip = delay.greatest * 2;
  const bool is_crowded = round_trip * rate > sim::seconds(1);
  return {"constant: " + delay.text, is_crowded ? delay.greatest + round_trip : delay.greatest};
}

enum class Counting {
  kAlone,      ///< each node its own requests
  kInCluster,  ///< traffic managers of a site hear of each other's
  kApart,      ///< gateways tell the traffic managers of their site
  kByOne,      ///< the first site's traffic managers count for all
  kByEach,     ///< each site's traffic managers hear of all
};

class Builder {
 public:
  explicit Builder(std::uint64_t seed) : dice_{seed, "random throttle"} {
    constexpr std::array kCountings{Counting::kAlone, Counting::kInCluster, Counting::kApart, Counting::kByOne,
                                    Counting::kByEach};
    counting_ = kCountings[seed % kCountings.size()];
    const bool spans_sites = counting_ == Counting::kByOne || counting_ == Counting::kByEach;
    sites_ = spans_sites ? 2 + dice_.one_in(3) : 1 + dice_.one_in(2);
    for (std::size_t site = 0; site < sites_; ++site)
      nodes_.push_back(std::stoul(dice_.pick(std::array{"1", "2", "3"})));
    event_ = draw(dice_, std::array{"0ms", "1ms", "40ms", "300ms", "1500ms"});
    push_ = draw(dice_, std::array{"0ms", "1ms", "70ms", "900ms"});
    message_ = draw(dice_, std::array{"0ms", "1ms", "25ms", "600ms"});
    local_ = draw(dice_, std::array{"0ms", "1ms", "50ms"});
    rate_ = dice_.pick(std::array{"10", "40", "120"});
    has_cluster_ = counting_ == Counting::kInCluster || (spans_sites && dice_.one_in(2));
  }

  ThrottleScenario build() && {
    draw_limit();
    std::string text = "name: \"throttle\" duration: \"" + std::to_string(duration_.ns / sim::seconds(1).ns) + "s\"\n";
    for (std::size_t site = 0; site < sites_; ++site) text += site_text(site);
    text += network();
    text += workload();
    scenario_.text = text;
    for (std::size_t site = 0; site < sites_; ++site) add_gateways(site);
    return std::move(scenario_);
  }

 private:
  static std::string name(std::size_t site) { return "s" + std::to_string(site); }
  static std::string quoted(const std::string& text) { return '"' + text + '"'; }

  void draw_limit() {
    const std::string window = dice_.pick(std::array{"1", "2", "5", "10"});
    const std::string limit = dice_.pick(std::array{"1", "3", "10", "30"});
    scenario_.limit = std::stoull(limit);
    scenario_.window = sim::seconds(std::stoll(window));
    limit_ = quoted(limit + "/" + window + "s");
    // JMS shakes hands five times before it subscribes: at most some 2 s over 150 ms.
    if (counting_ == Counting::kByOne || counting_ == Counting::kByEach) scenario_.settled = sim::seconds(3);
    duration_ = scenario_.settled + scenario_.window * 3 + sim::seconds(1);
  }

  std::string site_text(std::size_t site) {
    std::string text = "sites { name: " + quoted(name(site));
    std::string gateways;
    for (std::size_t node = 0; node < nodes_[site]; ++node) gateways += " nodes: \"g" + std::to_string(node) + "\"";
    text += gateways;
    if (counting_ == Counting::kApart) {
      const bool has_two = dice_.one_in(2);
      const std::string managers = has_two ? " nodes: \"t0\" nodes: \"t1\"" : " nodes: \"t0\"";
      text += managers + " roles {" + gateways + " parts: \"gateway\" } roles {" + managers +
              " parts: [\"traffic_manager\", \"key_manager\", \"control_plane\"] }";
      managers_.push_back(has_two ? 2 : 1);
    } else {
      managers_.push_back(0);
    }
    text += join({" gateway { token_cache { enabled: ", dice_.pick(std::array{"true", "false"}),
                  " } decision_time: ", draw(dice_, std::array{"0ms", "2ms"}).text, " }"});
    text += " traffic_manager { event_delay: " + event_.text + " push_delay: " + push_.text + counted_at() + " }";
    if (has_cluster_) text += " clustering { message_delay: " + message_.text + " }";
    if (counting_ == Counting::kByOne) text += events(site);
    return text + " }\n";
  }

  std::string counted_at() const {
    if (counting_ == Counting::kByOne) return " counted_at: \"s0\"";
    if (counting_ != Counting::kByEach) return "";
    std::string all;
    for (std::size_t site = 0; site < sites_; ++site) all += " counted_at: " + quoted(name(site));
    return all;
  }

  std::string events(std::size_t site) const {
    const std::string head = " events { local_delay: " + local_.text;
    return site == 0 ? head + " }" : head + " subscriptions { brokers: \"s0/g0\" topics: \"throttle_data\" } }";
  }

  std::string network() {
    std::string text = "regions { name: \"users\"";
    for (std::size_t site = 0; site < sites_; ++site) text += " prefers: " + quoted(name(site));
    text += " }\n";
    for (std::size_t site = 0; site < sites_; ++site) {
      text += "links { from: \"users\" to: " + quoted(name(site)) + " delay { constant: \"5ms\" } }\n";
      for (std::size_t other = 0; other < site; ++other) {
        const DrawnDelay delay = draw_link(dice_, std::stoll(rate_));
        link_ = std::max(link_, delay.greatest);
        if (other == 0) to_first_.push_back(delay.greatest);
        text +=
            "links { from: " + quoted(name(other)) + " to: " + quoted(name(site)) + " delay { " + delay.text + " } }\n";
      }
    }
    return text;
  }

  std::string workload() {
    return join({"catalog { apis: 1 applications: ", dice_.pick(std::array{"1", "2", "5"}),
                 " tokens: 10 tiers { name: \"t\" limit: ", limit_, " } }\n",
                 "workload { populations { name: \"p\" region: \"users\" rate: \"", rate_,
                 "/s\" token_popularity: ", dice_.pick(std::array{"0", "1"}),
                 " roaming: ", dice_.pick(std::array{"0.1", "0.4", "0.6"}), " } }\n"});
  }

  std::vector<std::size_t> gateways_of(std::size_t site) const {
    std::size_t first = 0;
    for (std::size_t before = 0; before < site; ++before) first += nodes_[before] + managers_[before];
    std::vector<std::size_t> all;
    for (std::size_t node = 0; node < nodes_[site]; ++node) all.push_back(first + node);
    return all;
  }

  // What the traffic manager of this gateway's node, or of its site, hears of its own site.
  std::vector<std::size_t> counted_at_home(std::size_t site, std::size_t node) const {
    if (has_cluster_ || counting_ == Counting::kApart) return gateways_of(site);
    return {node};
  }
  sim::Duration home_delay(std::size_t site) const {
    const bool hears_others = has_cluster_ && nodes_[site] > 1;
    return hears_others ? std::max(event_.greatest, message_.greatest) : event_.greatest;
  }

  void append_others(std::size_t home, std::vector<std::size_t>& counted) const {
    for (std::size_t site = 0; site < sites_; ++site) {
      if (site == home) continue;
      const auto there = gateways_of(site);
      counted.insert(counted.end(), there.begin(), there.end());
    }
  }

  void add_gateways(std::size_t site) {
    for (const std::size_t node : gateways_of(site)) {
      ObeyingGateway gateway{node, counted_at_home(site, node), home_delay(site), push_.greatest};
      if (counting_ == Counting::kByEach) {
        append_others(site, gateway.counted_with);
        gateway.event_delay = std::max(gateway.event_delay, link_);
      } else if (counting_ == Counting::kByOne) {
        const std::size_t obeyed = site == 0 ? node : gateways_of(0).front();
        gateway.counted_with = counted_at_home(0, obeyed);
        append_others(0, gateway.counted_with);
        gateway.event_delay = std::max(home_delay(0), *std::max_element(to_first_.begin(), to_first_.end()));
        gateway.push_delay += site == 0 ? local_.greatest : to_first_[site - 1];
      }
      scenario_.gateways.push_back(gateway);
    }
  }

  Dice dice_;
  Counting counting_;
  std::size_t sites_;
  std::vector<std::size_t> nodes_;     ///< gateways, by site
  std::vector<std::size_t> managers_;  ///< that are no gateways, by site
  DrawnDelay event_, push_, message_, local_;
  bool has_cluster_;
  std::string rate_;  ///< of requests a second
  std::string limit_;
  sim::Duration duration_{};
  sim::Duration link_{};                 ///< the longest between two sites
  std::vector<sim::Duration> to_first_;  ///< between the first and each further one
  ThrottleScenario scenario_;
};

}  // namespace

ThrottleScenario random_throttle(std::uint64_t seed) { return Builder{seed}.build(); }

}  // namespace parallax::test
