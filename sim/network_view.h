// The network as one site knows it: which links live, and the ways from there. Ways are computed again only when a
// fault begins or ends; a look-up is an index into a table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/network.h"

namespace parallax::sim {

enum class FaultState : std::uint8_t { kOff, kOn };

class NetworkView {
 public:
  /// Requires: a network that outlives it.
  NetworkView(const Network& network, SiteId here);

  struct Hop {
    const Distribution* delay;
    std::uint64_t loss_threshold;  ///< of 2^64
    LinkId link;
    SiteId from;
    bool depends_on_condition;
    bool is_ever_disturbed;
  };

  /// The way to `to` as known at `t`, in order; empty to this site itself and where there is none.
  std::span<const Hop> hops(SiteId to, VirtualTime t) {
    if (t < valid_.from || t >= valid_.until) refresh(t);
    const std::size_t site = index(to);
    return {hops_.data() + first_[site], first_[site + 1] - first_[site]};
  }

  /// Whether what holds at `now` holds up to and at `t`: no outage begins or ends, nor can one that is yet to be
  /// decided.
  bool is_known(VirtualTime now, VirtualTime t) const {
    return !network_->has_conditions() && t < network_->epoch_at(now).until;
  }

  /// The fault that keeps `link` down at `t`, if one does. A link of a way that hops() gave is up until the next
  /// change of the schedule, so this is a comparison nearly always.
  std::optional<std::uint32_t> fault_on(LinkId link, VirtualTime t) const {
    if (t < valid_.until && t >= valid_.from && is_up_[index(link)] != 0) return std::nullopt;
    return look_up_fault(link, t);
  }

  /// The fault that cuts all ways to `to` at `t`; nothing if there is a way or never was one.
  std::optional<std::uint32_t> cut_at(SiteId to, VirtualTime t);

  void set_fault(std::uint32_t fault, FaultState state);

 private:
  void refresh(VirtualTime t);
  std::optional<std::uint32_t> look_up_fault(LinkId link, VirtualTime t) const;
  bool is_on(std::uint32_t fault) const { return fault < conditions_.size() && conditions_[fault] == FaultState::kOn; }

  const Network* network_;
  SiteId here_;
  Network::Epoch valid_{};                        ///< what follows holds in here; empty: must be computed
  std::vector<Hop> hops_;                         ///< of the ways to all sites, one after the other
  std::vector<std::uint32_t> first_;              ///< by site, in hops_; one more at the end
  std::vector<std::uint8_t> is_up_;               ///< by link
  std::vector<FaultState> conditions_;            ///< by fault, as far as known here
  std::vector<std::vector<LinkId>> undisturbed_;  ///< ways without any fault; computed when first needed
};

}  // namespace parallax::sim
