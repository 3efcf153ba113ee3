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

// What kept a row back, if a fault did; then it may have had to queue.
std::optional<Stage> fault_of_row(const domain::Passage& passage) {
  const auto is_fault = [](Stage stage) {
    return stage == Stage::kLinkDown || stage == Stage::kSiteDown || stage == Stage::kCertificate ||
           stage == Stage::kDiskFull;
  };
  const bool queued = passage.second == Stage::kApplyBacklog || passage.second == Stage::kApplyStopped;
  if (passage.first == Stage::kReplicationLag && is_fault(passage.second)) return passage.second;
  if (is_fault(passage.first) && queued) return passage.first;
  return std::nullopt;
}

// Before it was lost a gateway's files had been waiting for its scan; of a policy nothing tells what it waited for.
void without_scan(std::vector<Piece>& pieces) {
  for (Piece& piece : pieces) {
    if (piece.stage == Stage::kDeploymentScan) piece.stage = Stage::kPending;
  }
}

}  // namespace

Windows::Windows(const Setup& setup)
    : setup_{setup},
      observers_of_(setup.layers),
      is_replica_(setup.layers),
      presence_(setup.observers.size()),
      holdings_{setup},
      lost_events_{setup},
      starts_{setup.observers.size()},
      barriers_{setup},
      lost_by_(setup.observers.size()),
      absences_(setup.observers.size()) {
  for (const domain::LayerId replica : setup.replicas) is_replica_[domain::index(replica)] = 1;
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
  journeys_.add(record.id, {record.time, record.cause, hop.passage});
}

void Windows::acknowledged(const sim::Record& record) {
  const auto what = ChangeAcknowledged::unpack(record.body);
  journeys_.add(record.id, {record.time, record.cause, {Stage::kNone, Stage::kDatabaseWrite, what.invoked}});
  changes_of_.add(what.object, changes_.size());
  Change& change = changes_.emplace_back(Change{record.id, what, record.time, {}});
  change.invoked = record.cause;
  for (std::size_t node = 0; node < setup_.observers.size(); ++node) {
    const auto observer = static_cast<NodeId>(node);
    const bool stale = is_meant_for(change, observer) && is_stale(change, observer);
    const bool sees = !stale && presence_[node] == Presence::kPresent;
    change.stale += stale;
    change.observations.push_back(
        {stale ? Sight::kStale : Sight::kFresh, sees ? std::optional{record.time} : std::nullopt, record.time, {}, {}});
  }
}

// What stays at home by intent is missing nowhere else.
bool Windows::is_meant_for(const Change& change, NodeId observer) const {
  const Observer& who = setup_.observers[domain::index(observer)];
  if (!who.observes(change.what.object)) return false;
  if (who.has_signed_tokens && change.what.change == ChangeKind::kTokenIssued) return false;
  if (!setup_.keeps_home || change.what.jurisdiction == domain::Jurisdiction{}) return true;
  return setup_.jurisdictions[sim::index(who.site)] == change.what.jurisdiction;
}

bool Windows::is_stale(const Change& change, NodeId observer) const {
  if (presence_[domain::index(observer)] != Presence::kPresent) return false;
  // Who has lost an API does not serve it, retired or not.
  if (change.what.change == ChangeKind::kApiRetired && starts_.lacks(observer, change.what.object)) return false;
  return holdings_.version(observer, change.what.object) < change.what.version;
}

bool Windows::is_artifact(domain::LayerId layer, ObjectRef object) const {
  if (object.kind() != domain::ObjectKind::kApi || observers_of_[domain::index(layer)].empty()) return false;
  const auto& chain = setup_.observers[domain::index(owner(layer))].chains[static_cast<std::size_t>(object.kind())];
  return !chain.empty() && chain.front() == layer;
}

void Windows::put(const sim::Record& record) {
  const auto entry = EntryPut::unpack(record.body);
  const Step step{record.time, record.cause, entry.passage};
  journeys_.add(record.id, step);
  late_writes_ += fault_of_row(entry.passage).has_value();
  if (is_artifact(entry.layer, entry.object)) starts_.put_api(owner(entry.layer), entry.object, step, journeys_);
  take_back(entry);
  const sim::RecordId replaced = holdings_.put({entry.layer, entry.object, entry.variant}, entry.version, record.id);
  refresh(entry.layer, entry.object, step, entry.version);
  if (entry.companion.object.exists()) {
    const Holdings::Place companion{entry.layer, entry.companion.object, entry.object.id()};
    if (replaced.exists()) {
      holdings_.put(companion, entry.companion.version, record.id);
    } else {
      holdings_.add(companion, entry.companion.version, record.id);
    }
    refresh(entry.layer, entry.companion.object, step, entry.companion.version);
  }
  forget(replaced);
}

// The winner of a conflict may be the older version.
void Windows::take_back(const EntryPut& entry) {
  if (!is_replica(entry.layer)) return;
  const auto& changes = changes_of_.of(entry.object);
  if (changes.empty()) return;
  const domain::Version before = holdings_.version_in(entry.layer, entry.object);
  if (entry.version >= before) return;
  for (const std::size_t index : changes) {
    const domain::Version version = changes_[index].what.version;
    changes_[index].taken_back |= version > entry.version && version <= before;
  }
}

void Windows::dropped(const sim::Record& record) {
  const auto entry = EntryDropped::unpack(record.body);
  const Step step{record.time, record.cause, entry.passage};
  if (is_artifact(entry.layer, entry.object) && entry.passage.second == Stage::kSiteDown) {
    return starts_.lost_api(owner(entry.layer), entry.object, record.time);
  }
  const sim::RecordId put = holdings_.drop({entry.layer, entry.object, entry.variant});
  refresh(entry.layer, entry.object, step, std::nullopt);
  if (entry.companion.exists()) {
    holdings_.drop({entry.layer, entry.companion, entry.object.id()});
    refresh(entry.layer, entry.companion, step, std::nullopt);
  }
  forget(put);
}

void Windows::site_changed(const sim::Record& record) {
  const auto changed = domain::SiteChanged::unpack(record.body);
  std::vector<NodeId> nodes;
  for (std::size_t node = 0; node < setup_.observers.size(); ++node) {
    if (setup_.observers[node].site == changed.site) nodes.push_back(static_cast<NodeId>(node));
  }
  presence_changed(nodes, changed.change, record);
}

void Windows::node_changed(const sim::Record& record) {
  const auto changed = domain::NodeChanged::unpack(record.body);
  presence_changed({changed.node}, changed.change, record);
}

void Windows::presence_changed(const std::vector<NodeId>& nodes, domain::SiteChange change, const sim::Record& record) {
  switch (change) {
    case domain::SiteChange::kLost:
      // What a node loads when it starts again had been waiting for its scan when it was lost.
      journeys_.add(record.id, {record.time, record.cause, {Stage::kNone, Stage::kDeploymentScan, {}}});
      for (const NodeId node : nodes) {
        lost_by_[domain::index(node)] = record.id;
        lost(node, record.time);
      }
      return;
    case domain::SiteChange::kPowered: {
      const sim::RecordId lost =
          record.cause.exists() || nodes.empty() ? record.cause : lost_by_[domain::index(nodes.front())];
      for (const NodeId node : nodes) {
        if (setup_.observers[domain::index(node)].is_gateway()) starts_.powered(node, record.time);
      }
      return journeys_.add(record.id, {record.time, lost, {Stage::kSiteDown, Stage::kSiteDown, record.time}});
    }
    case domain::SiteChange::kReady:
      for (const NodeId node : nodes) ready(node, record.time);
      return;
    default:
      return;
  }
}

void Windows::lost(NodeId node, sim::VirtualTime now) {
  starts_.lost(node, now);
  if (presence_[domain::index(node)] == Presence::kPresent)
    absences_[domain::index(node)].push_back({now, sim::kNever});
  presence_[domain::index(node)] = Presence::kLost;
  for (Change& change : changes_) {
    Observation& observation = change.observations[domain::index(node)];
    if (set_sight(change, node, Sight::kFresh) == Sight::kFresh) continue;
    observation.last_stale = now;
    observation.pieces = pieces_while_open(change, node, now);
  }
}

// What can matter to nobody any more has not to be known again: a revocation of a token that has expired meanwhile.
void Windows::ready(NodeId node, sim::VirtualTime now) {
  starts_.ready(node, now);
  if (!absences_[domain::index(node)].empty()) {
    auto& last = absences_[domain::index(node)].back();
    last.until = std::min(last.until, now);
  }
  presence_[domain::index(node)] = Presence::kPresent;
  for (Change& change : changes_) {
    if (moot_from(change.what) <= now || !is_meant_for(change, node) || !is_stale(change, node)) continue;
    set_sight(change, node, Sight::kStale);
  }
}

// One more entry that is as new as the change makes nobody stale who was not.
void Windows::refresh(domain::LayerId layer, ObjectRef object, const Step& step, std::optional<domain::Version> put) {
  for (const std::size_t index : changes_of_.of(object)) {
    Change& change = changes_[index];
    const bool is_new_enough = put && *put >= change.what.version;
    if (is_new_enough) arrived(change, layer, step);
    if (is_new_enough && change.stale == 0) continue;
    for (const NodeId observer : observers_of_[domain::index(layer)]) {
      if (is_new_enough && change.observations[domain::index(observer)].sight == Sight::kFresh) continue;
      observe(change, observer, step);
    }
  }
}

void Windows::arrived(Change& change, domain::LayerId layer, const Step& step) const {
  const auto is_at = [layer](const Change::Arrival& arrival) { return arrival.replica == layer; };
  if (!is_replica(layer) || std::any_of(change.arrivals.begin(), change.arrivals.end(), is_at)) return;
  change.arrivals.push_back({layer, step});
}

void Windows::charge_absences(const Change& change, NodeId observer, std::vector<Piece>& pieces) const {
  const auto& absences = absences_[domain::index(observer)];
  if (absences.empty()) return;
  std::vector<Piece> charged;
  const auto charge = [&](Stage stage, sim::VirtualTime from, sim::VirtualTime until) {
    if (from < until) charged.push_back({stage, until - from});
  };
  sim::VirtualTime begin = change.time;
  for (const Piece& piece : pieces) {
    const sim::VirtualTime end = begin + piece.length;
    for (const Absence& absence : absences) {
      const sim::VirtualTime from = std::clamp(absence.from, begin, end);
      charge(piece.stage, begin, from);
      begin = std::clamp(absence.until, from, end);
      charge(Stage::kSiteDown, from, begin);
    }
    charge(piece.stage, begin, end);
    begin = end;
  }
  pieces = std::move(charged);
}

Windows::Sight Windows::set_sight(Change& change, NodeId observer, Sight sight) {
  const Sight before = std::exchange(change.observations[domain::index(observer)].sight, sight);
  change.stale += sight == Sight::kStale;
  change.stale -= before == Sight::kStale;
  return before;
}

void Windows::observe(Change& change, NodeId observer, const Step& step) {
  Observation& observation = change.observations[domain::index(observer)];
  if (!is_meant_for(change, observer)) return;
  const bool stale = is_stale(change, observer);
  const bool was_stale = set_sight(change, observer, stale ? Sight::kStale : Sight::kFresh) == Sight::kStale;
  if (!was_stale || stale) return;
  if (!observation.first_visible) observation.first_visible = step.time;
  observation.last_stale = step.time;
  observation.pieces = journeys_.walk(step, change.time);
  if (change.what.change == ChangeKind::kPolicyChanged) without_scan(observation.pieces);
  explain_discard(change, observer, observation.pieces);
  explain_stale_read(change, observer, observation.pieces);
  if (!is_told_by_event(step.passage.second)) explain_loss(change, observer, observation.pieces);
  charge_absences(change, observer, observation.pieces);
}

// The event has got as far as its own journey tells; the rest of the window is due to the loss.
void Windows::explain_loss(const Change& change, NodeId observer, std::vector<Piece>& pieces) const {
  const auto loss = lost_events_.find(observer, change.what.object, change.what.version);
  if (!loss) return;
  const sim::Duration whole = total(pieces);
  const sim::Duration until_loss = std::max(loss->died - change.time, sim::Duration{});
  if (until_loss >= whole) return;
  pieces = journeys_.walk({loss->died, loss->cause, {Stage::kBroker, Stage::kBroker, loss->died}}, change.time);
  for (Piece& piece : pieces) {
    if (piece.stage == Stage::kNone) piece.stage = Stage::kBroker;
  }
  truncate(pieces, until_loss);
  pieces.push_back({loss->stage, whole - total(pieces)});
}

// What it holds it has from a source that was behind: it has asked after the change, and been given an old answer.
void Windows::explain_old_answer(const Change& change, const std::optional<Holdings::Deciding>& deciding,
                                 std::vector<Piece>& pieces) const {
  if (!deciding || pieces.front().stage != Stage::kPending) return;
  const std::optional<Step> put = journeys_.find(deciding->holding.put);
  if (!put || put->time <= change.time) return;
  const sim::Duration whole = total(pieces);
  pieces = journeys_.walk(*put, change.time);
  for (Piece& piece : pieces) {
    if (piece.stage == Stage::kNone) piece.stage = Stage::kPending;
  }
  pieces.push_back({Stage::kStaleRecache, whole - total(pieces)});
}

// The row that the replica had not yet when it was read. It may have had it before, and lost it again.
std::optional<Step> Windows::row_after(const Change& change, domain::LayerId replica, sim::VirtualTime read) const {
  for (const Change::Arrival& arrival : change.arrivals) {
    if (arrival.replica == replica && arrival.step.time >= read) return arrival.step;
  }
  const std::optional<Step> last = journeys_.find(holdings_.put_in(replica, change.what.object));
  return last && last->time >= read ? last : std::nullopt;
}

// Its database had the row and threw it away: from then on nothing under way could have told.
void Windows::explain_discard(const Change& change, NodeId observer, std::vector<Piece>& pieces) const {
  if (pieces.empty() || (pieces.front().stage != Stage::kNone && pieces.front().stage != Stage::kPending)) return;
  const auto& chain =
      setup_.observers[domain::index(observer)].chains[static_cast<std::size_t>(change.what.object.kind())];
  const auto discard = discards_.find(chain.back(), change.invoked);
  const sim::Duration unexplained = pieces.front().length;
  if (!discard || discard->time - change.time >= unexplained) return;
  std::vector<Piece> before = journeys_.walk(*discard, change.time);
  explain_barrier(change, observer, discard->time, before);
  before.push_back({Stage::kConflictDiscarded, unexplained - total(before)});
  pieces.erase(pieces.begin());
  pieces.insert(pieces.begin(), before.begin(), before.end());
}

// A cache can be filled with an old answer after the change: the walk ends at that read, and what kept the replica
// behind until then is told by the row's own journey there.
void Windows::explain_stale_read(const Change& change, NodeId observer, std::vector<Piece>& pieces) const {
  if (pieces.empty() || pieces.front().stage != Stage::kNone) return;
  const sim::Duration until_read = pieces.front().length;
  const auto& chain =
      setup_.observers[domain::index(observer)].chains[static_cast<std::size_t>(change.what.object.kind())];
  if (chain.size() == 1) {  // no replica: nothing tells what went before the first record
    pieces.front().stage = Stage::kPending;
    return;
  }
  std::vector<Piece> before{{Stage::kPending, until_read}};
  Stage behind = Stage::kReplicationLag;
  if (const auto row = row_after(change, chain.back(), change.time + until_read)) {
    before = journeys_.walk(*row, change.time);
    truncate(before, until_read);
    if (row->passage.second == Stage::kDatabaseWrite) behind = Stage::kPending;
    behind = fault_of_row(row->passage).value_or(behind);
  }
  // The row may have come with a later version of itself, whose journey begins later. What kept that back had kept this
  // one back before: it would have come by itself. A version that was written here tells nothing of that.
  for (Piece& piece : before) {
    if (piece.stage == Stage::kNone) piece.stage = behind;
  }
  explain_barrier(change, observer, change.time + until_read, before);
  pieces.erase(pieces.begin());
  pieces.insert(pieces.begin(), before.begin(), before.end());
}

std::optional<Windows::Blamed> Windows::blame(NodeId observer, ObjectRef object, domain::Version used,
                                              sim::VirtualTime now, DecisionError error) {
  const auto& changes = changes_of_.of(object);
  if (changes.empty()) return std::nullopt;
  if (starts_.lacks(observer, object)) used = holdings_.version(observer, object);
  for (const std::size_t index : changes) {
    Change& change = changes_[index];
    if (change.what.version <= used) continue;
    change.observations[domain::index(observer)].wrong.push_back({now, error});
    return Blamed{change.what.change, change.what.writer};
  }
  return std::nullopt;
}

bool Windows::blame_start(NodeId observer, ObjectRef object, sim::VirtualTime now) {
  if (!starts_.lacks(observer, object)) return false;
  starts_.refused(observer, object, now);
  return true;
}

// Nothing has ended the window: what is known is the entry that keeps it open, if it has been there all the time, or
// since when; of what has not come nothing tells what keeps it.
std::vector<Piece> Windows::pieces_while_open(const Change& change, NodeId observer, sim::VirtualTime end) const {
  const ObjectRef object = change.what.object;
  const Observer& who = setup_.observers[domain::index(observer)];
  const auto& chain = who.chains[static_cast<std::size_t>(object.kind())];
  const std::optional<Holdings::Deciding> deciding = holdings_.deciding(observer, object);
  const bool is_cached = deciding && deciding->depth + 1 < chain.size() && !who.has_signed_tokens;
  const std::optional<Step> put = is_cached ? journeys_.find(deciding->holding.put) : std::nullopt;
  const sim::VirtualTime since = put ? std::clamp(put->time, change.time, end) : change.time;
  std::vector<Piece> pieces;
  if (since > change.time || !is_cached) pieces.push_back({Stage::kPending, (is_cached ? since : end) - change.time});
  if (is_cached) pieces.push_back({Stage::kTokenCacheTtl, end - since});
  // A database is no cache: what is old there has been put by another write.
  if (!is_cached && deciding && !is_replica(chain[deciding->depth])) explain_old_answer(change, deciding, pieces);
  explain_discard(change, observer, pieces);
  explain_loss(change, observer, pieces);
  explain_barrier(change, observer, end, pieces);
  charge_absences(change, observer, pieces);
  return pieces;
}

// Whether nothing came for a fault that was still on when the window ended, or no longer mattered.
void Windows::explain_barrier(const Change& change, NodeId observer, sim::VirtualTime end,
                              std::vector<Piece>& pieces) const {
  const Observer& who = setup_.observers[domain::index(observer)];
  const auto& chain = who.chains[static_cast<std::size_t>(change.what.object.kind())];
  Barriers::Way way{setup_.observers[domain::index(change.what.writer)].site, who.site, {}, {}};
  if (chain.size() > 1 && !setup_.site_of_layer.empty()) {
    way.database = chain.back();
    way.to = setup_.site_of_layer[domain::index(chain.back())];
  } else {
    way.observer = observer;
  }
  barriers_.charge(way, change.time, std::min(end, std::max(moot_from(change.what), change.time)), pieces);
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
  finding.taken_back = change.taken_back;
  const sim::VirtualTime first = observation.first_visible.value_or(closed);
  finding.first_visible = std::min(first - change.time, finding.length);
  return finding;
}

// An acknowledged write that no replica holds any more, nor anything newer, is lost.
void Windows::count_losses(Findings& findings) const {
  findings.late_writes = late_writes_;
  for (const Change& change : changes_) {
    const bool survives = std::any_of(setup_.replicas.begin(), setup_.replicas.end(), [&](domain::LayerId replica) {
      return holdings_.version_in(replica, change.what.object) >= change.what.version;
    });
    if (!survives) findings.lost_writes.push_back({change.id, change.what.change, change.what.object, change.time});
  }
}

void Windows::finish(sim::VirtualTime end, Findings& findings) {
  count_losses(findings);
  starts_.finish(end, findings);
  findings.has_brokers = std::any_of(setup_.observers.begin(), setup_.observers.end(),
                                     [](const Observer& observer) { return !observer.hears_at.empty(); });
  findings.events_lost = lost_events_.counts();
  findings.counts_elsewhere = setup_.counts_elsewhere;
  findings.uncounted = lost_events_.uncounted();
  for (Change& change : changes_) {
    for (std::size_t node = 0; node < change.observations.size(); ++node) {
      const auto observer = static_cast<NodeId>(node);
      if (!setup_.observers[node].observes(change.what.object)) continue;
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
