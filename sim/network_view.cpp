#include "sim/network_view.h"

#include "sim/random.h"

namespace parallax::sim {

NetworkView::NetworkView(const Network& network, SiteId here)
    : network_{&network}, here_{here}, is_up_(network.links().size()) {}

void NetworkView::refresh(VirtualTime t) {
  for (std::size_t link = 0; link < is_up_.size(); ++link) {
    is_up_[link] = look_up_fault(static_cast<LinkId>(link), t) ? 0 : 1;
  }
  hops_.clear();
  first_.clear();
  for (const auto& way : network_->ways_from(here_, [this](LinkId link) { return is_up_[index(link)] != 0; })) {
    first_.push_back(static_cast<std::uint32_t>(hops_.size()));
    for (const LinkId link : way) {
      const LinkSpec& spec = network_->links()[index(link)];
      hops_.push_back({&spec.delay, chance_threshold(spec.loss), link, spec.from,
                       !network_->conditions_of(link).empty(), !network_->disturbances_of(link).empty()});
    }
  }
  first_.push_back(static_cast<std::uint32_t>(hops_.size()));
  valid_ = network_->epoch_at(t);
}

std::optional<std::uint32_t> NetworkView::look_up_fault(LinkId link, VirtualTime t) const {
  for (const std::uint32_t fault : network_->conditions_of(link)) {
    if (is_on(fault)) return fault;
  }
  return network_->outage_at(link, t);
}

// Charged to the first fault on the way that there would be without faults.
std::optional<std::uint32_t> NetworkView::cut_at(SiteId to, VirtualTime t) {
  if (to == here_ || !hops(to, t).empty()) return std::nullopt;
  if (undisturbed_.empty()) undisturbed_ = network_->ways_from(here_, [](LinkId) { return true; });
  for (const LinkId link : undisturbed_[index(to)]) {
    if (const auto fault = look_up_fault(link, t)) return fault;
  }
  return std::nullopt;
}

void NetworkView::set_fault(std::uint32_t fault, FaultState state) {
  if (fault >= conditions_.size()) conditions_.resize(fault + 1, FaultState::kOff);
  if (conditions_[fault] == state) return;
  conditions_[fault] = state;
  valid_ = {};
}

}  // namespace parallax::sim
