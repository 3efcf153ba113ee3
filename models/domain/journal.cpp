#include "models/domain/journal.h"

namespace parallax::domain {

namespace {

template <typename Actor>
std::uint64_t head(RecordKind kind, Actor actor, std::uint32_t subject) {
  return static_cast<std::uint64_t>(kind) << 48 | static_cast<std::uint64_t>(actor) << 32 | subject;
}
template <typename Actor>
Actor actor_of(const sim::RecordBody& body) {
  return static_cast<Actor>(body[0] >> 32 & 0xffff);
}
std::uint32_t low(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
std::uint32_t high(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }
std::uint64_t both(std::uint32_t upper, std::uint32_t lower) { return static_cast<std::uint64_t>(upper) << 32 | lower; }
std::uint64_t word(sim::VirtualTime t) { return static_cast<std::uint64_t>(t.ns); }
sim::VirtualTime instant(std::uint64_t w) { return {static_cast<std::int64_t>(w)}; }
ObjectRef object_of(const sim::RecordBody& body) { return {low(body[0])}; }

std::uint32_t stages(const Passage& passage) {
  return static_cast<std::uint32_t>(passage.first) << 8 | static_cast<std::uint32_t>(passage.second);
}
Passage passage(std::uint32_t both_stages, std::uint64_t turn) {
  return {static_cast<Stage>(both_stages >> 8 & 0xff), static_cast<Stage>(both_stages & 0xff), instant(turn)};
}

}  // namespace

sim::RecordBody RequestDecided::pack() const {
  return {head(RecordKind::kRequestDecided, node, static_cast<std::uint32_t>(token)),
          both(static_cast<std::uint32_t>(api), static_cast<std::uint32_t>(subscription)),
          both(token_version.packed, api_version.packed), subscription_version.packed,
          static_cast<std::uint64_t>(outcome)};
}
RequestDecided RequestDecided::unpack(const sim::RecordBody& b) {
  return {actor_of<NodeId>(b), TokenId{low(b[0])}, ApiId{high(b[1])},  SubscriptionId{low(b[1])},
          Version{high(b[2])}, Version{low(b[2])}, Version{low(b[3])}, static_cast<Outcome>(b[4])};
}

sim::RecordBody RequestFinished::pack() const {
  return {head(RecordKind::kRequestFinished, population, static_cast<std::uint32_t>(token)), word(sent),
          static_cast<std::uint64_t>(ending), static_cast<std::uint64_t>(outcome), static_cast<std::uint64_t>(called)};
}
RequestFinished RequestFinished::unpack(const sim::RecordBody& b) {
  return {actor_of<PopulationId>(b), TokenId{low(b[0])},         instant(b[1]),
          static_cast<Ending>(b[2]), static_cast<Outcome>(b[3]), static_cast<SiteId>(b[4])};
}

sim::RecordBody PopulationClosed::pack() const {
  return {head(RecordKind::kPopulationClosed, population, 0), sent, answered, timed_out, in_flight};
}
PopulationClosed PopulationClosed::unpack(const sim::RecordBody& b) {
  return {actor_of<PopulationId>(b), b[1], b[2], b[3], b[4]};
}

sim::RecordBody UsersClosed::pack() const {
  return {head(RecordKind::kUsersClosed, population, 0), both(users, moved), moves, unresolved, tokenless};
}
UsersClosed UsersClosed::unpack(const sim::RecordBody& b) {
  return {actor_of<PopulationId>(b), high(b[1]), low(b[1]), b[2], b[3], b[4]};
}

sim::RecordBody ChangeInvoked::pack() const {
  return {head(RecordKind::kChangeInvoked, writer, object.packed), both(quota, static_cast<std::uint32_t>(change)), 0,
          0, 0};
}
ChangeInvoked ChangeInvoked::unpack(const sim::RecordBody& b) {
  return {static_cast<ChangeKind>(low(b[1])), actor_of<NodeId>(b), object_of(b), high(b[1])};
}

sim::RecordBody ChangeAcknowledged::pack() const {
  const bool is_of_policy = change == ChangeKind::kPolicyChanged;  // which has no application
  const std::uint32_t value = is_of_policy ? quota : static_cast<std::uint32_t>(application);
  return {head(RecordKind::kChangeAcknowledged, writer, object.packed),
          both(static_cast<std::uint32_t>(change), version.packed), word(invoked), word(expires),
          both(static_cast<std::uint32_t>(jurisdiction), value)};
}
ChangeAcknowledged ChangeAcknowledged::unpack(const sim::RecordBody& b) {
  ChangeAcknowledged acknowledged{static_cast<ChangeKind>(high(b[1])),
                                  actor_of<NodeId>(b),
                                  object_of(b),
                                  Version{low(b[1])},
                                  instant(b[2]),
                                  instant(b[3])};
  acknowledged.jurisdiction = static_cast<Jurisdiction>(high(b[4]));
  if (acknowledged.change == ChangeKind::kPolicyChanged) {
    acknowledged.quota = low(b[4]);
  } else {
    acknowledged.application = ApplicationId{low(b[4])};
  }
  return acknowledged;
}

sim::RecordBody ChangeAbandoned::pack() const {
  return {head(RecordKind::kChangeAbandoned, NodeId{}, object.packed), static_cast<std::uint64_t>(change),
          both(quota, static_cast<std::uint32_t>(why)), 0, 0};
}
ChangeAbandoned ChangeAbandoned::unpack(const sim::RecordBody& b) {
  return {object_of(b), static_cast<ChangeKind>(b[1]), static_cast<Abandoned>(low(b[2])), high(b[2])};
}

sim::RecordBody CallsClosed::pack() const { return {head(RecordKind::kCallsClosed, site, 0), calls, 0, 0, 0}; }
CallsClosed CallsClosed::unpack(const sim::RecordBody& b) { return {actor_of<SiteId>(b), b[1]}; }

sim::RecordBody AffinityClosed::pack() const { return {head(RecordKind::kAffinityClosed, site, 0), lost, 0, 0, 0}; }
AffinityClosed AffinityClosed::unpack(const sim::RecordBody& b) { return {actor_of<SiteId>(b), b[1]}; }

sim::RecordBody EntryPut::pack() const {
  return {head(RecordKind::kEntryPut, layer, object.packed), both(variant, version.packed), stages(passage),
          word(passage.turn), both(companion.object.packed, companion.version.packed)};
}
EntryPut EntryPut::unpack(const sim::RecordBody& b) {
  return {actor_of<LayerId>(b),
          object_of(b),
          high(b[1]),
          Version{low(b[1])},
          domain::passage(low(b[2]), b[3]),
          {ObjectRef{high(b[4])}, Version{low(b[4])}}};
}

sim::RecordBody EntryDropped::pack() const {
  return {head(RecordKind::kEntryDropped, layer, object.packed), both(variant, 0), stages(passage), word(passage.turn),
          companion.packed};
}
EntryDropped EntryDropped::unpack(const sim::RecordBody& b) {
  return {actor_of<LayerId>(b), object_of(b), high(b[1]), domain::passage(low(b[2]), b[3]), ObjectRef{low(b[4])}};
}

sim::RecordBody Hop::pack() const {
  return {head(RecordKind::kHop, node, object.packed), stages(passage), word(passage.turn), 0, 0};
}
Hop Hop::unpack(const sim::RecordBody& b) {
  return {actor_of<NodeId>(b), object_of(b), domain::passage(low(b[1]), b[2])};
}

sim::RecordBody SiteChanged::pack() const {
  return {head(RecordKind::kSiteChanged, site, static_cast<std::uint32_t>(seen_from)),
          static_cast<std::uint64_t>(change), 0, 0, 0};
}
SiteChanged SiteChanged::unpack(const sim::RecordBody& b) {
  return {actor_of<SiteId>(b), static_cast<SiteId>(low(b[0])), static_cast<SiteChange>(b[1])};
}

sim::RecordBody NodeChanged::pack() const {
  return {head(RecordKind::kNodeChanged, node, 0), static_cast<std::uint64_t>(change), 0, 0, 0};
}
NodeChanged NodeChanged::unpack(const sim::RecordBody& b) {
  return {actor_of<NodeId>(b), static_cast<SiteChange>(b[1])};
}

sim::RecordBody ResolverMoved::pack() const {
  return {head(RecordKind::kResolverMoved, region, resolver),
          both(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)), 0, 0, 0};
}
ResolverMoved ResolverMoved::unpack(const sim::RecordBody& b) {
  return {actor_of<SiteId>(b), low(b[0]), static_cast<SiteId>(high(b[1])), static_cast<SiteId>(low(b[1]))};
}

sim::RecordBody RowChanged::pack() const {
  const std::uint64_t what = static_cast<std::uint64_t>(table) << 32 | static_cast<std::uint64_t>(operation) << 24 |
                             static_cast<std::uint64_t>(means) << 16 | static_cast<std::uint64_t>(origin);
  return {head(RecordKind::kRowChanged, database, version.packed), what, row, static_cast<std::uint64_t>(jurisdiction),
          0};
}
RowChanged RowChanged::unpack(const sim::RecordBody& b) {
  return {actor_of<LayerId>(b),
          static_cast<std::uint16_t>(b[1] >> 32),
          static_cast<RowOperation>(b[1] >> 24 & 0xff),
          static_cast<RowMeans>(b[1] >> 16 & 0xff),
          static_cast<SiteId>(b[1] & 0xffff),
          b[2],
          Version{low(b[0])},
          static_cast<Jurisdiction>(b[3])};
}

sim::RecordBody RowUndone::pack() const {
  sim::RecordBody body = change.pack();
  body[0] = (body[0] & 0xffff'ffff'ffff) | static_cast<std::uint64_t>(RecordKind::kRowUndone) << 48;
  return body;
}

sim::RecordBody RowConflict::pack() const {
  const std::uint64_t what = static_cast<std::uint64_t>(table) << 32 | static_cast<std::uint64_t>(kind) << 24 |
                             static_cast<std::uint64_t>(outcome) << 16 | static_cast<std::uint64_t>(origin);
  return {head(RecordKind::kRowConflict, database, incoming.packed), what, row, present.packed, 0};
}
RowConflict RowConflict::unpack(const sim::RecordBody& b) {
  return {actor_of<LayerId>(b),
          static_cast<std::uint16_t>(b[1] >> 32),
          static_cast<ConflictKind>(b[1] >> 24 & 0xff),
          static_cast<ConflictOutcome>(b[1] >> 16 & 0xff),
          static_cast<SiteId>(b[1] & 0xffff),
          b[2],
          Version{low(b[0])},
          Version{low(b[3])}};
}

sim::RecordBody StreamChanged::pack() const {
  return {head(RecordKind::kStreamChanged, database, static_cast<std::uint32_t>(from)),
          static_cast<std::uint64_t>(kind) << 8 | static_cast<std::uint64_t>(change), waiting, 0, 0};
}
StreamChanged StreamChanged::unpack(const sim::RecordBody& b) {
  return {actor_of<LayerId>(b), static_cast<SiteId>(low(b[0])), static_cast<StreamChange>(b[1] & 0xff), b[2],
          static_cast<DatabaseKind>(b[1] >> 8 & 0xff)};
}

sim::RecordBody TotalsAsked::pack() const { return {head(RecordKind::kTotalsAsked, site, question), 0, 0, 0, 0}; }
TotalsAsked TotalsAsked::unpack(const sim::RecordBody& b) { return {actor_of<SiteId>(b), low(b[0])}; }

sim::RecordBody TotalAnswered::pack() const {
  return {head(RecordKind::kTotalAnswered, site, question), static_cast<std::uint64_t>(api), total, 0, 0};
}
TotalAnswered TotalAnswered::unpack(const sim::RecordBody& b) {
  return {actor_of<SiteId>(b), low(b[0]), ApiId{low(b[1])}, b[2]};
}

sim::RecordBody TotalClosed::pack() const {
  return {head(RecordKind::kTotalClosed, site, static_cast<std::uint32_t>(api)), total, waiting, 0, 0};
}
TotalClosed TotalClosed::unpack(const sim::RecordBody& b) {
  return {actor_of<SiteId>(b), ApiId{low(b[0])}, b[1], b[2]};
}

sim::RecordBody CacheClosed::pack() const {
  return {head(RecordKind::kCacheClosed, node, stale_recaches), hits, asked, told,
          static_cast<std::uint64_t>(longest_wait.ns)};
}
CacheClosed CacheClosed::unpack(const sim::RecordBody& b) {
  return {actor_of<NodeId>(b), low(b[0]), b[1], b[2], b[3], {static_cast<std::int64_t>(b[4])}};
}

// Virtual time ends after 292 years, 9.3 * 10^9 s; what a scenario may last, 3,650 days, is 3.2 * 10^8 s: 31 bits.
sim::RecordBody WorkersSecond::pack() const {
  return {head(RecordKind::kWorkersSecond, node, static_cast<std::uint32_t>(role) << 31 | second),
          both(arrived, served), both(waited, refused), both(given_up, lost), both(queue, busy)};
}
WorkersSecond WorkersSecond::unpack(const sim::RecordBody& b) {
  return {actor_of<NodeId>(b),
          static_cast<WorkersRole>(low(b[0]) >> 31),
          low(b[0]) & 0x7fffffff,
          high(b[1]),
          low(b[1]),
          high(b[2]),
          low(b[2]),
          high(b[3]),
          low(b[3]),
          high(b[4]),
          low(b[4])};
}

sim::RecordBody WorkersClosed::pack() const {
  return {head(RecordKind::kWorkersClosed, node, workers), static_cast<std::uint64_t>(role), still_there,
          static_cast<std::uint64_t>(longest_wait.ns), 0};
}
WorkersClosed WorkersClosed::unpack(const sim::RecordBody& b) {
  return {actor_of<NodeId>(b), static_cast<WorkersRole>(b[1]), low(b[0]), b[2], {static_cast<std::int64_t>(b[3])}};
}

sim::RecordBody LoadSecond::pack() const {
  return {head(RecordKind::kLoadSecond, site, second), both(requests, validations), statements, 0, 0};
}
LoadSecond LoadSecond::unpack(const sim::RecordBody& b) {
  return {actor_of<SiteId>(b), low(b[0]), high(b[1]), low(b[1]), low(b[2])};
}

sim::RecordBody PoolClosed::pack() const {
  return {head(RecordKind::kPoolClosed, site, static_cast<std::uint32_t>(target)), calls, waited, given_up,
          static_cast<std::uint64_t>(longest_wait.ns)};
}
PoolClosed PoolClosed::unpack(const sim::RecordBody& b) {
  return {actor_of<SiteId>(b), static_cast<PoolTarget>(low(b[0])), b[1], b[2], b[3], {static_cast<std::int64_t>(b[4])}};
}

sim::RecordBody EventLost::pack() const {
  const std::uint32_t what =
      static_cast<std::uint32_t>(topic) << 16 | static_cast<std::uint32_t>(why) << 8 | static_cast<std::uint32_t>(by);
  return {head(RecordKind::kEventLost, node, object.packed), both(what, version.packed), event, word(published),
          word(died)};
}
EventLost EventLost::unpack(const sim::RecordBody& b) {
  const std::uint32_t what = high(b[1]);
  return {actor_of<NodeId>(b),
          object_of(b),
          Version{low(b[1])},
          static_cast<TopicId>(what >> 16),
          static_cast<EventLoss>(what >> 8 & 0xff),
          static_cast<Stage>(what & 0xff),
          b[2],
          instant(b[3]),
          instant(b[4])};
}

}  // namespace parallax::domain
