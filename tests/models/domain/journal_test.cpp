// Every record must come back from its body as it went in, or the audit reads something else than the models wrote.
#include "models/domain/journal.h"

#include <catch2/catch.hpp>
#include <limits>
#include <set>
#include <tuple>

#include "sim/random.h"

namespace parallax::domain {
namespace {

constexpr auto kMax16 = std::numeric_limits<std::uint16_t>::max();
constexpr auto kMax32 = std::numeric_limits<std::uint32_t>::max();
constexpr auto kMax64 = std::numeric_limits<std::uint64_t>::max();
constexpr sim::VirtualTime kLeast{std::numeric_limits<std::int64_t>::min()};

// Draws every field of a record from the whole range of its type, its extremes among the more likely values.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : stream_{seed, "journal test", "fields"} {}

  template <typename Integer>
  Integer integer() {
    switch (stream_.below(4)) {
      case 0:
        return std::numeric_limits<Integer>::min();
      case 1:
        return std::numeric_limits<Integer>::max();
      default:
        return static_cast<Integer>(stream_.next());
    }
  }
  template <typename Id>
  Id id() {
    return static_cast<Id>(integer<std::underlying_type_t<Id>>());
  }
  Version version() { return {integer<std::uint32_t>()}; }
  ObjectRef object() { return {integer<std::uint32_t>()}; }
  sim::VirtualTime instant() { return {integer<std::int64_t>()}; }
  Passage passage() { return {id<Stage>(), id<Stage>(), instant()}; }

 private:
  sim::Stream stream_;
};

auto fields(const RequestDecided& r) {
  return std::tuple{r.node,   r.token, r.api, r.subscription, r.token_version, r.api_version, r.subscription_version,
                    r.outcome};
}
auto fields(const RequestFinished& r) {
  return std::tuple{r.population, r.token, r.sent, r.ending, r.outcome, r.called};
}
auto fields(const PopulationClosed& r) {
  return std::tuple{r.population, r.sent, r.answered, r.timed_out, r.in_flight};
}
auto fields(const UsersClosed& r) {
  return std::tuple{r.population, r.users, r.moved, r.moves, r.unresolved, r.tokenless};
}
auto fields(const ChangeInvoked& r) { return std::tuple{r.change, r.writer, r.object, r.quota}; }
auto fields(const ChangeAcknowledged& r) {
  // One word says both: a policy has no application, and others have no quota.
  const auto value = r.change == ChangeKind::kPolicyChanged ? r.quota : static_cast<std::uint32_t>(r.application);
  return std::tuple{r.change, r.writer, r.object, r.version, r.invoked, r.expires, value, r.jurisdiction};
}
auto fields(const Passage& p) { return std::tuple{p.first, p.second, p.turn}; }
auto fields(const EntryPut& r) {
  return std::tuple_cat(std::tuple{r.layer, r.object, r.variant, r.version, r.companion.object, r.companion.version},
                        fields(r.passage));
}
auto fields(const EntryDropped& r) {
  return std::tuple_cat(std::tuple{r.layer, r.object, r.variant, r.companion}, fields(r.passage));
}
auto fields(const Hop& r) { return std::tuple_cat(std::tuple{r.node, r.object}, fields(r.passage)); }
auto fields(const ChangeAbandoned& r) { return std::tuple{r.object, r.change, r.why, r.quota}; }
auto fields(const WorkersSecond& r) {
  return std::tuple{r.node,    r.role,     r.second, r.arrived, r.served, r.waited,
                    r.refused, r.given_up, r.lost,   r.queue,   r.busy};
}
auto fields(const WorkersClosed& r) { return std::tuple{r.node, r.role, r.workers, r.still_there, r.longest_wait.ns}; }
auto fields(const LoadSecond& r) { return std::tuple{r.site, r.second, r.requests, r.validations, r.statements}; }
auto fields(const PoolClosed& r) {
  return std::tuple{r.site, r.target, r.calls, r.waited, r.given_up, r.longest_wait.ns};
}
auto fields(const CallsClosed& r) { return std::tuple{r.site, r.calls}; }
auto fields(const AffinityClosed& r) { return std::tuple{r.site, r.lost}; }
auto fields(const NodeChanged& r) { return std::tuple{r.node, r.change}; }
auto fields(const SiteChanged& r) { return std::tuple{r.site, r.seen_from, r.change}; }
auto fields(const ResolverMoved& r) { return std::tuple{r.region, r.resolver, r.from, r.to}; }

auto fields(const StreamChanged& r) { return std::tuple{r.database, r.from, r.change, r.waiting, r.kind}; }
auto fields(const TotalsAsked& r) { return std::tuple{r.site, r.question}; }
auto fields(const TotalAnswered& r) { return std::tuple{r.site, r.question, r.api, r.total}; }
auto fields(const EventLost& r) {
  return std::tuple{r.node, r.object, r.version, r.topic, r.why, r.by, r.event, r.published, r.died};
}
auto fields(const TotalClosed& r) { return std::tuple{r.site, r.api, r.total, r.waiting}; }
auto fields(const CacheClosed& r) {
  return std::tuple{r.node, r.stale_recaches, r.hits, r.asked, r.told, r.longest_wait.ns};
}

template <typename Struct>
void check_round_trip(const Struct& original, RecordKind kind) {
  const sim::RecordBody body = original.pack();
  CHECK(kind_of(body) == kind);
  CHECK((fields(Struct::unpack(body)) == fields(original)));
}

TEST_CASE("every record with all fields at their greatest comes back as it was") {
  const Version version{kMax32};
  const ObjectRef object{kMax32};
  const Passage passage{static_cast<Stage>(0xff), static_cast<Stage>(0xff), sim::kNever};
  check_round_trip(RequestDecided{NodeId{kMax16}, TokenId{kMax32}, ApiId{kMax32}, kNoSubscription, version, version,
                                  version, static_cast<Outcome>(0xff)},
                   RecordKind::kRequestDecided);
  check_round_trip(
      RequestFinished{PopulationId{kMax16}, TokenId{kMax32}, sim::kNever, Ending::kTimedOut, Outcome::kQuotaExceeded},
      RecordKind::kRequestFinished);
  check_round_trip(PopulationClosed{PopulationId{kMax16}, kMax64, kMax64, kMax64, kMax64},
                   RecordKind::kPopulationClosed);
  check_round_trip(ChangeInvoked{ChangeKind::kSubscriptionBlocked, NodeId{kMax16}, object}, RecordKind::kChangeInvoked);
  check_round_trip(ChangeAcknowledged{ChangeKind::kSubscriptionBlocked, NodeId{kMax16}, object, version, sim::kNever,
                                      sim::kNever, ApplicationId{kMax32}},
                   RecordKind::kChangeAcknowledged);
  check_round_trip(EntryPut{LayerId{kMax16}, object, kMax32, version, passage}, RecordKind::kEntryPut);
  check_round_trip(EntryPut{LayerId{kMax16}, object, kMax32, version, passage, {object, version}},
                   RecordKind::kEntryPut);
  check_round_trip(EntryDropped{LayerId{kMax16}, object, kMax32, passage}, RecordKind::kEntryDropped);
  check_round_trip(EntryDropped{LayerId{kMax16}, object, kMax32, passage, object}, RecordKind::kEntryDropped);
  check_round_trip(ChangeInvoked{ChangeKind::kPolicyChanged, NodeId{kMax16}, object, kMax32},
                   RecordKind::kChangeInvoked);
  check_round_trip(
      ChangeAcknowledged{
          ChangeKind::kPolicyChanged, NodeId{kMax16}, object, version, sim::kNever, sim::kNever, {}, {}, kMax32},
      RecordKind::kChangeAcknowledged);
  check_round_trip(ChangeAbandoned{object, ChangeKind::kPolicyChanged, Abandoned::kUnknown, kMax32},
                   RecordKind::kChangeAbandoned);
  check_round_trip(NodeChanged{NodeId{kMax16}, SiteChange::kReady}, RecordKind::kNodeChanged);
  check_round_trip(UsersClosed{PopulationId{kMax16}, kMax32, kMax32, kMax64, kMax64, kMax64}, RecordKind::kUsersClosed);
  const sim::Duration for_ever = sim::kNever - sim::VirtualTime{};
  check_round_trip(WorkersSecond{NodeId{kMax16}, WorkersRole::kKeyManager, kMax32 >> 1, kMax32, kMax32, kMax32, kMax32,
                                 kMax32, kMax32, kMax32, kMax32},
                   RecordKind::kWorkersSecond);
  check_round_trip(WorkersSecond{NodeId{1}, WorkersRole::kGateway, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                   RecordKind::kWorkersSecond);
  check_round_trip(WorkersClosed{NodeId{kMax16}, WorkersRole::kKeyManager, kMax32, kMax64, for_ever},
                   RecordKind::kWorkersClosed);
  check_round_trip(LoadSecond{SiteId{kMax16}, kMax32, kMax32, kMax32, kMax32}, RecordKind::kLoadSecond);
  check_round_trip(LoadSecond{SiteId{1}, 2, 3, 4, 5}, RecordKind::kLoadSecond);
  check_round_trip(PoolClosed{SiteId{kMax16}, PoolTarget::kKeyManager, kMax64, kMax64, kMax64, for_ever},
                   RecordKind::kPoolClosed);
  check_round_trip(CallsClosed{SiteId{kMax16}, kMax64}, RecordKind::kCallsClosed);
  check_round_trip(AffinityClosed{SiteId{kMax16}, kMax64}, RecordKind::kAffinityClosed);
  check_round_trip(SiteChanged{SiteId{kMax16}, SiteId{kMax16}, SiteChange::kMarkedUp}, RecordKind::kSiteChanged);
  check_round_trip(ResolverMoved{SiteId{kMax16}, kMax32, SiteId{kMax16}, SiteId{kMax16}}, RecordKind::kResolverMoved);
  check_round_trip(Hop{NodeId{kMax16}, object, passage}, RecordKind::kHop);
  check_round_trip(StreamChanged{LayerId{kMax16}, SiteId{kMax16}, static_cast<StreamChange>(0xff), kMax64,
                                 static_cast<DatabaseKind>(0xff)},
                   RecordKind::kStreamChanged);
  check_round_trip(TotalsAsked{SiteId{kMax16}, kMax32}, RecordKind::kTotalsAsked);
  check_round_trip(TotalAnswered{SiteId{kMax16}, kMax32, ApiId{kMax32}, kMax64}, RecordKind::kTotalAnswered);
  check_round_trip(TotalClosed{SiteId{kMax16}, ApiId{kMax32}, kMax64, kMax64}, RecordKind::kTotalClosed);
  check_round_trip(CacheClosed{NodeId{kMax16}, kMax32, kMax64, kMax64, kMax64, sim::kNever - sim::VirtualTime{}},
                   RecordKind::kCacheClosed);
  check_round_trip(EventLost{NodeId{kMax16}, object, version, TopicId{kMax16}, static_cast<EventLoss>(0xff),
                             static_cast<Stage>(0xff), kMax64, sim::kNever, sim::kNever},
                   RecordKind::kEventLost);
}

TEST_CASE("every record with all fields at their least comes back as it was") {
  check_round_trip(RequestDecided{}, RecordKind::kRequestDecided);
  check_round_trip(RequestFinished{PopulationId{0}, TokenId{0}, kLeast, Ending::kAnswered, Outcome::kAdmitted},
                   RecordKind::kRequestFinished);
  check_round_trip(PopulationClosed{}, RecordKind::kPopulationClosed);
  check_round_trip(ChangeInvoked{}, RecordKind::kChangeInvoked);
  check_round_trip(ChangeAcknowledged{ChangeKind::kTokenIssued, NodeId{0}, {}, {}, kLeast, kLeast, ApplicationId{0}},
                   RecordKind::kChangeAcknowledged);
  check_round_trip(EntryPut{LayerId{0}, {}, 0, {}, {Stage::kNone, Stage::kNone, kLeast}}, RecordKind::kEntryPut);
  check_round_trip(EntryDropped{LayerId{0}, {}, 0, {Stage::kNone, Stage::kNone, kLeast}}, RecordKind::kEntryDropped);
  check_round_trip(Hop{}, RecordKind::kHop);
}

// Fields drawn independently: one that ran over into its neighbour would not come back.
TEST_CASE("a thousand records of every kind with fields drawn at random come back as they were") {
  Draws draw{1};
  for (int i = 0; i < 1000; ++i) {
    check_round_trip(RequestDecided{draw.id<NodeId>(), draw.id<TokenId>(), draw.id<ApiId>(), draw.id<SubscriptionId>(),
                                    draw.version(), draw.version(), draw.version(), draw.id<Outcome>()},
                     RecordKind::kRequestDecided);
    check_round_trip(RequestFinished{draw.id<PopulationId>(), draw.id<TokenId>(), draw.instant(), draw.id<Ending>(),
                                     draw.id<Outcome>()},
                     RecordKind::kRequestFinished);
    check_round_trip(
        PopulationClosed{draw.id<PopulationId>(), draw.integer<std::uint64_t>(), draw.integer<std::uint64_t>(),
                         draw.integer<std::uint64_t>(), draw.integer<std::uint64_t>()},
        RecordKind::kPopulationClosed);
    check_round_trip(ChangeInvoked{draw.id<ChangeKind>(), draw.id<NodeId>(), draw.object()},
                     RecordKind::kChangeInvoked);
    check_round_trip(ChangeAcknowledged{draw.id<ChangeKind>(), draw.id<NodeId>(), draw.object(), draw.version(),
                                        draw.instant(), draw.instant(), draw.id<ApplicationId>()},
                     RecordKind::kChangeAcknowledged);
    check_round_trip(
        EntryPut{draw.id<LayerId>(), draw.object(), draw.integer<std::uint32_t>(), draw.version(), draw.passage()},
        RecordKind::kEntryPut);
    check_round_trip(EntryDropped{draw.id<LayerId>(), draw.object(), draw.integer<std::uint32_t>(), draw.passage()},
                     RecordKind::kEntryDropped);
    check_round_trip(Hop{draw.id<NodeId>(), draw.object(), draw.passage()}, RecordKind::kHop);
    check_round_trip(StreamChanged{draw.id<LayerId>(), draw.id<SiteId>(), draw.id<StreamChange>(),
                                   draw.integer<std::uint64_t>(), draw.id<DatabaseKind>()},
                     RecordKind::kStreamChanged);
    check_round_trip(TotalAnswered{draw.id<SiteId>(), draw.integer<std::uint32_t>(), draw.id<ApiId>(),
                                   draw.integer<std::uint64_t>()},
                     RecordKind::kTotalAnswered);
    check_round_trip(
        TotalClosed{draw.id<SiteId>(), draw.id<ApiId>(), draw.integer<std::uint64_t>(), draw.integer<std::uint64_t>()},
        RecordKind::kTotalClosed);
    check_round_trip(CacheClosed{draw.id<NodeId>(),
                                 draw.integer<std::uint32_t>(),
                                 draw.integer<std::uint64_t>(),
                                 draw.integer<std::uint64_t>(),
                                 draw.integer<std::uint64_t>(),
                                 {draw.integer<std::int64_t>()}},
                     RecordKind::kCacheClosed);
    check_round_trip(
        EventLost{draw.id<NodeId>(), draw.object(), draw.version(), draw.id<TopicId>(), draw.id<EventLoss>(),
                  draw.id<Stage>(), draw.integer<std::uint64_t>(), draw.instant(), draw.instant()},
        RecordKind::kEventLost);
  }
}

TEST_CASE("an object reference keeps kind and id apart up to the last of 2^28 ids") {
  constexpr std::uint32_t kLast = 0x0fff'ffff;
  CHECK(ObjectRef::of(TokenId{kLast}).kind() == ObjectKind::kToken);
  CHECK(ObjectRef::of(ApiId{kLast}).kind() == ObjectKind::kApi);
  CHECK(ObjectRef::of(SubscriptionId{kLast}).kind() == ObjectKind::kSubscription);
  const std::set<ObjectRef> objects{ObjectRef::of(TokenId{kLast}), ObjectRef::of(ApiId{kLast}),
                                    ObjectRef::of(SubscriptionId{kLast})};
  CHECK(objects.size() == 3);
  for (const ObjectRef object : objects) CHECK(object.id() == kLast);
}

TEST_CASE("a version that follows another is greater whichever site wrote it") {
  const Version last_site = Version::of(7, SiteId{1023});
  const Version next = last_site.next(SiteId{0});
  CHECK(next.ordinal() == 8);
  CHECK(next > last_site);
  CHECK(Version::of(7, SiteId{1}) > Version::of(7, SiteId{0}));
  CHECK(Version::of(1, SiteId{0}) > Version{});
}

TEST_CASE("every outcome, stage and change has a name of its own") {
  std::set<std::string_view> names;
  for (const Outcome outcome : kOutcomes) names.insert(name_of(outcome));
  CHECK(names.size() == kOutcomes.size());
  names.clear();
  for (int i = 0; i <= static_cast<int>(Stage::kPending); ++i) names.insert(name_of(static_cast<Stage>(i)));
  CHECK(names.size() == static_cast<std::size_t>(Stage::kPending) + 1);
  names.clear();
  for (const ChangeKind kind : kChangeKinds) names.insert(name_of(kind));
  CHECK(names.size() == kChangeKinds.size());
}

// carbon-apimgt's GatewayUtils, APISecurityConstants and ThrottleHandler: the table of facts, section 1.
TEST_CASE("outcomes answer with the status and code that the gateway sends") {
  const auto answers = [](Outcome outcome, int http, std::uint32_t code) {
    const Answer answer = answer_of(outcome);
    return answer.http == http && answer.code == code;
  };
  CHECK(answers(Outcome::kAdmitted, 200, 0));
  CHECK(answers(Outcome::kApiUnknown, 404, 404));
  CHECK(answers(Outcome::kTokenInvalid, 401, 900901));
  CHECK(answers(Outcome::kSubscriptionBlocked, 401, 900907));
  CHECK(answers(Outcome::kSubscriptionMissing, 403, 900908));
  CHECK(answers(Outcome::kQuotaExceeded, 429, 900804));
}

}  // namespace
}  // namespace parallax::domain
