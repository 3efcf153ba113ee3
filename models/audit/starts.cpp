#include "models/audit/starts.h"

#include <algorithm>

namespace parallax::audit {

using domain::NodeId;
using domain::ObjectRef;
using domain::Stage;

void Starts::ready(NodeId node, sim::VirtualTime now) {
  std::optional<sim::VirtualTime>& since = open_[domain::index(node)];
  if (!since) return;
  last_[domain::index(node)] = starts_.size();
  starts_.push_back({node, *since, now, now});
  since.reset();
}

void Starts::lost(NodeId node, sim::VirtualTime now) {
  open_[domain::index(node)].reset();
  for (auto& [place, lack] : lacking_) {
    if (place.first != node) continue;
    add_lack(node, now);
    for ([[maybe_unused]] const sim::VirtualTime when : lack.refused) charge(node, Stage::kSiteDown);
    lack = {now};
  }
  last_[domain::index(node)].reset();
}

void Starts::lost_api(NodeId node, ObjectRef api, sim::VirtualTime now) {
  lacking_.try_emplace({node, api.packed}, Lack{now});
}

void Starts::refused(NodeId node, ObjectRef api, sim::VirtualTime now) {
  lacking_.at({node, api.packed}).refused.push_back(now);
}

void Starts::put_api(NodeId node, ObjectRef api, const Step& step, const Journeys& journeys) {
  const auto found = lacking_.find({node, api.packed});
  if (found == lacking_.end()) return;
  const Lack& lack = found->second;
  const std::vector<Piece> pieces = journeys.walk(step, lack.since);
  for (const sim::VirtualTime when : lack.refused) charge(node, stage_at(pieces, when - lack.since));
  add_lack(node, step.time);
  lacking_.erase(found);
}

void Starts::add_lack(NodeId node, sim::VirtualTime until) {
  const std::optional<std::size_t> last = last_[domain::index(node)];
  if (last) starts_[*last].complete = std::max(starts_[*last].complete, until);
}

// What is open when the run ends has lasted so long at least.
void Starts::finish(sim::VirtualTime end, Findings& findings) {
  for (auto& [place, lack] : lacking_) {
    add_lack(place.first, end);
    for ([[maybe_unused]] const sim::VirtualTime when : lack.refused) charge(place.first, Stage::kPending);
  }
  for (std::size_t node = 0; node < open_.size(); ++node) {
    if (open_[node]) starts_.push_back({static_cast<NodeId>(node), *open_[node], end, end, true});
  }
  findings.starts = std::move(starts_);
  for (const auto& [key, count] : wrong_) findings.wrong[key] += count;
}

}  // namespace parallax::audit
