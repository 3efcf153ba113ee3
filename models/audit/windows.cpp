#include "models/audit/windows.h"

#include <algorithm>
#include <utility>

namespace parallax::audit {

using domain::ChangeAcknowledged;
using domain::ChangeKind;
using domain::EntryDropped;
using domain::EntryPut;
using domain::NodeId;
using domain::ObjectRef;
using domain::Stage;

namespace {

// From when on the change no longer matters: nobody accepts an expired token, whatever they know.
sim::VirtualTime moot_from(const ChangeAcknowledged& change) {
  const bool of_token = change.change == ChangeKind::kTokenIssued || change.change == ChangeKind::kTokenRevoked;
  return of_token ? change.expires : sim::kNever;
}

}  // namespace

Windows::Windows(const Setup& setup) : setup_{setup}, observers_of_(setup.layers), holdings_{setup} {
  for (std::size_t node = 0; node < setup.observers.size(); ++node) {
    std::vector<domain::LayerId> layers;
    for (const auto& chain : setup.observers[node].chains) layers.insert(layers.end(), chain.begin(), chain.end());
    std::sort(layers.begin(), layers.end());
    layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    for (const domain::LayerId layer : layers) observers_of_[domain::index(layer)].push_back(static_cast<NodeId>(node));
  }
}

void Windows::invoked(const sim::Record& record) { journeys_.add(record.id, {record.time, record.cause, {}}); }

void Windows::hop(const sim::Record& record) {
  const auto hop = domain::Hop::unpack(record.body);
  journeys_.add(record.id, {record.time, record.cause, {Stage::kNone, hop.stage, {}}});
}

void Windows::acknowledged(const sim::Record& record) {
  const auto what = ChangeAcknowledged::unpack(record.body);
  journeys_.add(record.id, {record.time, record.cause, {Stage::kNone, Stage::kDatabaseWrite, what.invoked}});
  changes_of_[what.object.packed].push_back(changes_.size());
  Change& change = changes_.emplace_back(Change{record.id, what, record.time, {}});
  for (std::size_t node = 0; node < setup_.observers.size(); ++node) {
    const bool stale = holdings_.version(static_cast<NodeId>(node), what.object) < what.version;
    change.observations.push_back({stale ? Sight::kStale : Sight::kFresh, record.time, {}, {}});
  }
}

void Windows::put(const sim::Record& record) {
  const auto entry = EntryPut::unpack(record.body);
  const Step step{record.time, record.cause, entry.passage};
  journeys_.add(record.id, step);
  const sim::RecordId replaced = holdings_.put(entry, record.id);
  refresh(entry.layer, entry.object, step);
  if (replaced.exists()) journeys_.remove(replaced);
}

void Windows::dropped(const sim::Record& record) {
  const auto entry = EntryDropped::unpack(record.body);
  const sim::RecordId put = holdings_.drop(entry);
  refresh(entry.layer, entry.object, {record.time, record.cause, entry.passage});
  journeys_.remove(put);
}

void Windows::refresh(domain::LayerId layer, ObjectRef object, const Step& step) {
  const auto found = changes_of_.find(object.packed);
  if (found == changes_of_.end()) return;
  for (const std::size_t change : found->second) {
    for (const NodeId observer : observers_of_[domain::index(layer)]) observe(changes_[change], observer, step);
  }
}

void Windows::observe(Change& change, NodeId observer, const Step& step) {
  Observation& observation = change.observations[domain::index(observer)];
  const bool stale = holdings_.version(observer, change.what.object) < change.what.version;
  const bool was_stale = std::exchange(observation.sight, stale ? Sight::kStale : Sight::kFresh) == Sight::kStale;
  if (!was_stale || stale) return;
  observation.last_stale = step.time;
  observation.pieces = journeys_.walk(step, change.time);
}

std::optional<Why> Windows::blame(NodeId observer, ObjectRef object, domain::Version used, sim::VirtualTime now,
                                  DecisionError error) {
  const auto found = changes_of_.find(object.packed);
  if (found == changes_of_.end()) return std::nullopt;
  for (const std::size_t index : found->second) {
    Change& change = changes_[index];
    if (change.what.version <= used) continue;
    change.observations[domain::index(observer)].wrong.push_back({now, error});
    return why_of(change.what.change);
  }
  return std::nullopt;
}

// Nothing has ended the window: what is known is the entry that keeps it open.
std::vector<Piece> Windows::pieces_while_open(const Change& change, NodeId observer, sim::VirtualTime end) const {
  const auto kind = static_cast<std::size_t>(change.what.object.kind());
  const bool is_cached = setup_.observers[domain::index(observer)].chains[kind].size() > 1 &&
                         holdings_.deciding(observer, change.what.object).has_value();
  return {{is_cached ? Stage::kTokenCacheTtl : Stage::kPending, end - change.time}};
}

WindowFinding Windows::close(Change& change, NodeId observer, sim::VirtualTime end) {
  Observation& observation = change.observations[domain::index(observer)];
  const bool open = observation.sight == Sight::kStale;
  WindowFinding finding{change.id,
                        change.what.change,
                        change.what.object,
                        change.what.writer,
                        observer,
                        change.time,
                        {},
                        open ? Ending::kCensored : Ending::kVisible,
                        open ? pieces_while_open(change, observer, end) : std::move(observation.pieces)};
  const sim::VirtualTime closed = open ? end : observation.last_stale;
  const sim::VirtualTime moot = std::max(moot_from(change.what), change.time);
  if (moot < closed) finding.ending = Ending::kMoot;
  finding.length = std::min(closed, moot) - change.time;
  truncate(finding.pieces, finding.length);
  finding.wrong_decisions = observation.wrong.size();
  return finding;
}

void Windows::finish(sim::VirtualTime end, Findings& findings) {
  for (Change& change : changes_) {
    for (std::size_t node = 0; node < change.observations.size(); ++node) {
      const auto observer = static_cast<NodeId>(node);
      WindowFinding finding = close(change, observer, end);
      for (const WrongDecision& wrong : change.observations[node].wrong) {
        // Past the window's end the observer had forgotten the old version, but an answer under way had not.
        const sim::Duration offset = wrong.time - change.time;
        const Stage stage = offset <= finding.length && !finding.pieces.empty() ? stage_at(finding.pieces, offset)
                                                                                : Stage::kDatabaseRead;
        ++findings.wrong[{wrong.error, why_of(change.what.change), stage, observer}];
      }
      findings.windows.push_back(std::move(finding));
    }
  }
}

}  // namespace parallax::audit
