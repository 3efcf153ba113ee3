#include "models/audit/not_found.h"

#include <utility>

namespace parallax::audit {

using domain::ApiId;
using domain::ChangeKind;
using domain::NodeId;
using domain::ObjectKind;
using domain::SiteChange;

NotFound::NotFound(const Setup& setup) : setup_{setup}, owners_(setup.layers), is_present_(setup.observers.size(), 1) {
  for (std::size_t node = 0; node < setup.observers.size(); ++node) {
    if (!setup.observers[node].is_gateway()) continue;
    const auto& chain = setup.observers[node].chains[static_cast<std::size_t>(ObjectKind::kApi)];
    if (!chain.empty()) owners_[domain::index(chain.front())] = static_cast<NodeId>(node);
  }
}

NotFound::Publication* NotFound::publication(ApiId api) {
  if (setup_.catalog->apis[domain::index(api)].initially != domain::Standing::kAbsent) return nullptr;
  Publication& publication = publications_[api];
  publication.has.resize(setup_.observers.size());
  return &publication;
}

std::optional<NodeId> NotFound::owner(domain::LayerId layer, domain::ObjectRef object) const {
  return object.kind() == ObjectKind::kApi ? owners_[domain::index(layer)] : std::nullopt;
}

void NotFound::acknowledged(const domain::ChangeAcknowledged& change) {
  if (change.change != ChangeKind::kApiPublished && change.change != ChangeKind::kApiRetired) return;
  Publication* const published = publication(ApiId{change.object.id()});
  if (published == nullptr) return;
  if (change.change == ChangeKind::kApiRetired) return end(*published);
  if (published->state != Publication::State::kToCome) return;  // a new revision
  published->state = Publication::State::kUnderWay;
  ++under_way_;
  end_if_everywhere(*published);
}

void NotFound::put(const domain::EntryPut& entry) {
  const std::optional<NodeId> node = owner(entry.layer, entry.object);
  Publication* const published = node ? publication(ApiId{entry.object.id()}) : nullptr;
  if (published == nullptr) return;
  published->has[domain::index(*node)] = 1;
  end_if_everywhere(*published);
}

void NotFound::dropped(const domain::EntryDropped& entry) {
  const std::optional<NodeId> node = owner(entry.layer, entry.object);
  Publication* const published = node ? publication(ApiId{entry.object.id()}) : nullptr;
  if (published != nullptr) published->has[domain::index(*node)] = 0;
}

void NotFound::site_changed(const domain::SiteChanged& changed) {
  for (std::size_t node = 0; node < setup_.observers.size(); ++node) {
    if (setup_.observers[node].site == changed.site) presence_changed(static_cast<NodeId>(node), changed.change);
  }
}

void NotFound::presence_changed(NodeId node, SiteChange change) {
  if (change == SiteChange::kLost) is_present_[domain::index(node)] = 0;
  if (change == SiteChange::kReady) is_present_[domain::index(node)] = 1;
}

bool NotFound::lacks_another(const Publication& publication, NodeId node) const {
  const domain::SiteId site = setup_.observers[domain::index(node)].site;
  for (std::size_t other = 0; other < setup_.observers.size(); ++other) {
    const Observer& observer = setup_.observers[other];
    if (observer.site != site || !observer.is_gateway() || is_present_[other] == 0) continue;
    if (publication.has[other] == 0) return true;
  }
  return false;
}

void NotFound::decided(const domain::RequestDecided& decision) {
  if (under_way_ == 0) return;
  const auto found = publications_.find(decision.api);
  if (found == publications_.end() || found->second.state != Publication::State::kUnderWay) return;
  Publication& publication = found->second;
  const auto [place, is_new] = publication.seen.try_emplace(static_cast<std::uint32_t>(decision.token));
  Seen& seen = place->second;
  found_.sessions += is_new;
  const bool is_found = decision.outcome != domain::Outcome::kApiUnknown;
  if (!is_found) {
    ++found_.shown;
    if (std::exchange(seen.was_found, false)) {
      ++found_.flips;
      found_.flipped_sessions += !std::exchange(seen.has_flipped, true);
    }
    return;
  }
  seen.was_found = true;
  if (publication.has[domain::index(decision.node)] != 0) found_.hidden += lacks_another(publication, decision.node);
}

void NotFound::end_if_everywhere(Publication& publication) {
  if (publication.state != Publication::State::kUnderWay) return;
  for (std::size_t node = 0; node < setup_.observers.size(); ++node) {
    if (setup_.observers[node].is_gateway() && publication.has[node] == 0) return;
  }
  end(publication);
}

void NotFound::end(Publication& publication) {
  if (std::exchange(publication.state, Publication::State::kOver) == Publication::State::kUnderWay) --under_way_;
  publication.seen = {};
}

void NotFound::finish(Findings& findings) { findings.not_found = found_; }

}  // namespace parallax::audit
