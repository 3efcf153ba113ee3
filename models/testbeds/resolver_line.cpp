#include "models/testbeds/resolver_line.h"

#include <algorithm>
#include <memory>

#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::testbeds {

namespace dns = steering::dns;

namespace {

constexpr sim::SiteId kHere{0};
constexpr sim::SiteId kThere{1};
constexpr sim::SiteId kOld{2};
constexpr sim::SiteId kNew{3};
constexpr std::size_t kSites = 4;

double milliseconds_since(sim::VirtualTime from, sim::VirtualTime until) {
  return static_cast<double>((until - from).ns) / 1e6;
}

struct Instants {
  sim::VirtualTime cut;
  sim::VirtualTime heal;
  sim::VirtualTime change;
};

/// Asks for one name again and again, whether answers come or not.
class Client final : dns::Asker {
 public:
  Client(dns::Resolver& resolver, dns::NameId name, std::uint32_t group, sim::Duration poll, const Instants& instants)
      : resolver_{resolver}, name_{name}, poll_{poll}, instants_{instants}, seen_{group} {}

  void ask() {
    sim::Site& site = resolver_.site();
    site.after(poll_, [this] { ask(); });
    resolver_.ask({this, site.id(), name_, 0});
  }
  const NameSeen& seen() const { return seen_; }

 private:
  void answered(std::uint64_t, const dns::Answer& answer) override {
    const sim::VirtualTime now = resolver_.site().now();
    if (now < instants_.cut) return;
    if (answer.code == dns::Code::kServerFailure) {
      if (!seen_.first_failure) seen_.first_failure = milliseconds_since(instants_.cut, now);
      return;
    }
    if (now >= instants_.heal && seen_.first_failure && !seen_.first_success_after_failure) {
      seen_.first_success_after_failure = milliseconds_since(instants_.heal, now);
    }
    if (seen_.new_address || answer.addresses[0] != kNew) return;
    seen_.new_address = milliseconds_since(instants_.heal, now);
  }

  dns::Resolver& resolver_;
  dns::NameId name_;
  sim::Duration poll_;
  const Instants& instants_;
  NameSeen seen_;
};

class ResolverLine {
 public:
  ResolverLine(const ResolverSetting& setting, std::uint64_t seed)
      : setting_{setting},
        instants_{instants(seed)},
        simulation_{spec(seed)},
        authority_{simulation_.site(kThere), "nsd", zone(), kSites},
        resolver_{simulation_.site(kHere), "unbound", 0, setting.resolver, authority_, names()} {}

  std::vector<NameSeen> run() {
    std::uint32_t name = 0;
    sim::Stream starts = simulation_.site(kHere).stream("clients", "start");
    for (std::uint32_t group = 0; group < setting_.groups.size(); ++group) {
      for (std::uint32_t i = 0; i < setting_.groups[group].names; ++i) start(group, dns::NameId{name++}, starts);
    }
    simulation_.site(kThere).at(instants_.change, [this] { change(); });
    simulation_.run(instants_.heal + longest() + sim::seconds(setting_.cut ? 50 : 5));
    std::vector<NameSeen> seen;
    for (const auto& client : clients_) seen.push_back(client->seen());
    return seen;
  }

 private:
  sim::Duration ttl_of(const NameGroup& group) const { return std::max(group.ttl, setting_.resolver.least_ttl); }
  sim::Duration longest() const {
    sim::Duration longest{};
    for (const NameGroup& group : setting_.groups) longest = std::max({longest, ttl_of(group), 2 * group.poll});
    return longest + sim::seconds(1);
  }
  std::uint32_t names() const {
    std::uint32_t names = 0;
    for (const NameGroup& group : setting_.groups) names += group.names;
    return names;
  }

  // The round-trip estimate has settled by then, and expiries have any phase.
  Instants instants(std::uint64_t seed) const {
    sim::Stream stream{seed, "measurement", "phase"};
    const auto within = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(longest().ns)));
    const sim::VirtualTime cut = sim::VirtualTime{} + longest() + sim::seconds(20) + sim::nanoseconds(within);
    if (!setting_.cut) return {cut, cut, cut};
    return {cut, cut + *setting_.cut, cut + sim::milliseconds(setting_.cut->ns / 2'000'000)};
  }

  sim::SimulationSpec spec(std::uint64_t seed) const {
    const auto delay = way();
    sim::SimulationSpec spec;
    spec.seed = seed;
    spec.sites = {"here", "there", "old", "new"};
    spec.links = {{kHere, kThere, delay}, {kThere, kHere, delay}};
    if (!setting_.cut) return spec;
    spec.faults = 1;
    for (const std::uint32_t link : {0U, 1U}) {
      spec.outages.push_back({sim::LinkId{link}, instants_.cut, instants_.heal, 0});
    }
    return spec;
  }

  // The measuring machine was late now and then, by some milliseconds: one packet in 500, up to 10 ms. It shows: in
  // Unbound's integers round trips of 40 ms sharp settle on a time-out of 73 ms; with these, on 55 to 70, as seen of
  // it.
  sim::Distribution way() const {
    std::vector<sim::Duration> quantiles;
    for (int i = 0; i < 500; ++i) quantiles.push_back(setting_.one_way + sim::nanoseconds(50'000 + 200 * i));
    quantiles.push_back(setting_.one_way + sim::milliseconds(10));
    return sim::Distribution::empirical(quantiles);
  }

  dns::PolicySpec record(sim::Duration ttl, sim::SiteId address) const {
    dns::PolicySpec policy;
    policy.targets = {{address}};
    policy.ttl = ttl;
    return policy;
  }
  dns::ZoneSpec zone() const {
    dns::ZoneSpec zone;
    zone.negative_ttl = setting_.negative_ttl;
    for (const NameGroup& group : setting_.groups) {
      zone.names.insert(zone.names.end(), group.names, record(group.ttl, kOld));
    }
    return zone;
  }
  void change() {
    std::uint32_t name = 0;
    for (const NameGroup& group : setting_.groups) {
      for (std::uint32_t i = 0; i < group.names; ++i) {
        authority_.set_record(dns::NameId{name++}, record(group.ttl, kNew));
      }
    }
  }

  void start(std::uint32_t group, dns::NameId name, sim::Stream& starts) {
    const NameGroup& of = setting_.groups[group];
    clients_.push_back(std::make_unique<Client>(resolver_, name, group, of.poll, instants_));
    const sim::Duration spread = std::max(ttl_of(of) + sim::seconds(1), of.poll);
    const sim::Duration first = sim::Distribution::uniform({}, spread).sample(starts);
    simulation_.site(kHere).after(first, [client = clients_.back().get()] { client->ask(); });
  }

  const ResolverSetting& setting_;
  Instants instants_;
  sim::Simulation simulation_;
  dns::Authority authority_;
  dns::Resolver resolver_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace

std::vector<NameSeen> run_resolver(const ResolverSetting& setting, std::uint64_t seed) {
  return ResolverLine{setting, seed}.run();
}

}  // namespace parallax::testbeds
