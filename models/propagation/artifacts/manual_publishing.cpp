#include "models/propagation/artifacts/manual_publishing.h"

#include <utility>

#include "models/propagation/artifacts/stages.h"

namespace parallax::propagation::artifacts {

ManualPublishing::ManualPublishing(const Place& at, const std::string& name, const ManualSpec& spec,
                                   std::vector<ManualTarget> targets, std::vector<domain::Stage> stage_of_fault)
    : at_{at},
      spec_{spec},
      targets_{std::move(targets)},
      stage_of_fault_{std::move(stage_of_fault)},
      delays_{at.site.stream(name, "operator")},
      memory_{at.site.stream(name, "forgets")} {}

bool ManualPublishing::forgets() {
  constexpr std::uint64_t kWhole = 1'000'000'000;
  const bool forgets = memory_.below(kWhole) < static_cast<std::uint64_t>(spec_.forgets * static_cast<double>(kWhole));
  forgotten_ += forgets;
  return forgets;
}

sim::Process ManualPublishing::go_round(sim::Site& site, Parcel parcel) {
  parcel.enter(domain::Stage::kOperator, at_);
  for (const ManualTarget& target : targets_) {
    if (forgets()) continue;
    co_await site.delay(spec_.delay_per_node.sample(delays_));
    hand_over(site, target, parcel);
  }
}

sim::Process ManualPublishing::hand_over(sim::Site& site, ManualTarget target, Parcel parcel) {
  if (target.site == site.id()) {
    target.node->take(parcel);
    co_return;
  }
  parcel.enter(kTransfer, at_);
  for (;;) {
    const sim::Sent sent = site.send(target.site, [to = target.node, parcel] { to->take(parcel); });
    if (sent) co_return;
    if (sent.fault) parcel.enter(stage_of_fault_[*sent.fault], at_);
    co_await site.delay(spec_.retry);
  }
}

}  // namespace parallax::propagation::artifacts
