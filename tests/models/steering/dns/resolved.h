// A resolver and its authority, 10 ms apart, and a client beside the resolver, for tests.
#pragma once

#include <optional>
#include <vector>

#include "models/steering/dns/profiles.h"
#include "sim/simulation.h"

namespace parallax::test {

class Resolved final : public steering::dns::Asker {
 public:
  static constexpr sim::SiteId kResolver{0};
  static constexpr sim::SiteId kAuthority{1};
  static constexpr sim::SiteId kOld{2};
  static constexpr sim::SiteId kNew{3};
  static constexpr sim::SiteId kFarClients{4};

  struct Heard {
    sim::VirtualTime asked;
    sim::VirtualTime when;
    steering::dns::Answer answer;
  };

  Resolved(const steering::dns::ResolverSpec& spec, const steering::dns::ZoneSpec& zone, std::uint64_t seed = 1)
      : simulation_{world(seed)},
        authority_{simulation_.site(kAuthority), "authority", zone, 5},
        resolver_{simulation_.site(kResolver),
                  "resolver",
                  0,
                  spec,
                  authority_,
                  static_cast<std::uint32_t>(zone.names.size()),
                  5} {}

  static steering::dns::PolicySpec record(sim::Duration ttl, sim::SiteId address = kOld) {
    steering::dns::PolicySpec policy;
    policy.targets = {{address}};
    policy.ttl = ttl;
    return policy;
  }
  static steering::dns::ZoneSpec zone(sim::Duration ttl, std::size_t names = 1) {
    steering::dns::ZoneSpec zone;
    zone.names.assign(names, record(ttl));
    return zone;
  }

  void change_at(sim::VirtualTime when, steering::dns::NameId name, const steering::dns::PolicySpec& policy) {
    changed_ = policy;
    simulation_.site(kAuthority).at(when, [this, name] { authority_.set_record(name, changed_); });
  }
  void ask_at(sim::VirtualTime when, steering::dns::NameId name = {}, sim::SiteId from = kResolver) {
    simulation_.site(from).at(when, [this, name, from] { ask(name, from); });
  }
  void ask_every(sim::Duration period, sim::VirtualTime first, steering::dns::NameId name = {}) {
    simulation_.site(kResolver).at(first, [this, period, name] {
      ask(name, kResolver);
      ask_every(period, simulation_.site(kResolver).now() + period, name);
    });
  }
  void run_until(sim::Duration when) { simulation_.run(sim::VirtualTime{} + when); }

  const std::vector<Heard>& heard() const { return heard_; }
  steering::dns::Authority& authority() { return authority_; }
  steering::dns::Resolver& resolver() { return resolver_; }
  sim::Simulation& simulation() { return simulation_; }

  /// When the new address was heard first.
  std::optional<sim::VirtualTime> new_address() const {
    for (const Heard& one : heard_) {
      if (one.answer.has_address() && one.answer.addresses[0] == kNew) return one.when;
    }
    return std::nullopt;
  }

 private:
  static sim::SimulationSpec world(std::uint64_t seed) {
    const auto delay = sim::Distribution::constant(sim::milliseconds(10));
    sim::SimulationSpec spec;
    spec.seed = seed;
    spec.sites = {"resolver", "authority", "old", "new", "far clients"};
    spec.links = {{kResolver, kAuthority, delay},
                  {kAuthority, kResolver, delay},
                  {kResolver, kFarClients, delay},
                  {kFarClients, kResolver, delay}};
    return spec;
  }

  void ask(steering::dns::NameId name, sim::SiteId from) {
    const steering::dns::Question question{this, from, name, asked_.size()};
    asked_.push_back(simulation_.site(from).now());
    simulation_.site(from).send(kResolver, [this, question] { resolver_.ask(question); });
  }
  void answered(std::uint64_t question, const steering::dns::Answer& answer) override {
    heard_.push_back({asked_[question], simulation_.site(kResolver).now(), answer});
  }

  sim::Simulation simulation_;
  steering::dns::Authority authority_;
  steering::dns::Resolver resolver_;
  steering::dns::PolicySpec changed_{};
  std::vector<sim::VirtualTime> asked_{};
  std::vector<Heard> heard_{};
};

}  // namespace parallax::test
