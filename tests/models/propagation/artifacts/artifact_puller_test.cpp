// Pulls against schedules worked out by hand. A question takes 240 ms: two round trips to connect (TCP, TLS), one for
// itself.
#include "models/propagation/artifacts/artifact_puller.h"

#include <optional>

#include "tests/models/propagation/artifacts/shelf.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;
using parallax::testing::check;
using parallax::testing::pick;
using Milliseconds = std::vector<std::int64_t>;

constexpr sim::Duration kWay = milliseconds(40);
constexpr sim::Duration kQuestion = milliseconds(240);

/// The control plane at data center 0, a gateway at 1.
struct Pulling {
  explicit Pulling(const PullSpec& spec = {}, const std::vector<Cut>& cuts = {},
                   const RequestSpec& requests = exact_requests())
      : sites{cuts},
        shelf{sites.site(0)},
        requester{sites.site(1), sites.site(0), source_power, "pull", requests, shelf, {Stage::kLinkDown}},
        gateway{sites.gateway(1)},
        puller{gateway.place(), spec, requester, gateway} {}

  /// It is published, and an event says so at once.
  void publish_at(std::int64_t ms, ApiId api, std::uint32_t n, sim::Duration lag = {}) {
    sites.at(0, ms, [this, api, n, lag] { tell(put(api, n, lag), ++events); });
  }
  /// Nobody hears of it.
  void publish_unheard_at(std::int64_t ms, ApiId api, std::uint32_t n) {
    sites.at(0, ms, [this, api, n] { put(api, n, {}); });
  }
  void remove_at(std::int64_t ms, ApiId api, std::uint32_t n) {
    sites.at(0, ms, [this, api, n] {
      const broker::Event event = event_of(sites.publish(api, n), ++events);
      sites.site(0).send(sim::SiteId{1}, [this, event] { puller.remove(event); });
    });
  }

  Parcel put(ApiId api, std::uint32_t n, sim::Duration lag) {
    const Parcel parcel = sites.publish(api, n);
    shelf.put(parcel, lag);
    return parcel;
  }
  broker::Event event_of(const Parcel& parcel, std::uint64_t id) {
    broker::Event event;
    event.id = id;
    event.cause = parcel.journey.cause;
    event.published = sites.site(0).now();
    event.passage = {Stage::kNone, Stage::kBroker, event.published};
    event.object = domain::ObjectRef::of(parcel.api);
    event.version = parcel.facts.version;
    return event;
  }
  void tell(const Parcel& parcel, std::uint64_t id) {
    const broker::Event event = event_of(parcel, id);
    sites.site(0).send(sim::SiteId{1}, [this, event] { puller.deploy(event); });
  }

  Sites sites;
  sim::Power source_power;
  Shelf shelf;
  Requester requester;
  Gateway& gateway;
  ArtifactPuller puller;
  std::uint64_t events{0};
};

TEST_CASE("a deployment takes the event's way, the waiting time and one question") {
  Pulling world;
  world.publish_at(10'000, kApi, 1);
  world.sites.run(60'000);
  CHECK(world.gateway.served == std::vector<Served>{{15'280, kApi, 1}});
  check_pieces(world.sites.trip(world.gateway, kApi, 1),
               {{Stage::kBroker, kWay}, {kEventWait, seconds(5)}, {kTransfer, kQuestion}});
  CHECK(world.shelf.asked == Milliseconds{15'240});
  CHECK(world.gateway.undeployed.empty());
}

// Asked at 15.04, 30.28, 60.52, 120.76, 241.00 and 481.24 s: 15, 30, 60, 120 and 240 s after the answer before.
const Milliseconds kLadder{15'240, 30'480, 60'720, 120'960, 241'200, 481'440};

TEST_CASE("any answer but 200 is followed by five more questions, and the last of them may help") {
  Pulling world;
  world.shelf.status = [&] { return world.shelf.asked.size() < 6 ? Status::kServerError : Status::kOk; };
  world.publish_at(10'000, kApi, 1);
  world.sites.run(3'000'000);
  CHECK(world.shelf.asked == kLadder);
  Pieces pieces{{Stage::kBroker, kWay}, {kEventWait, seconds(5)}, {kTransfer, kQuestion}};
  for (const std::int64_t pause : {15, 30, 60, 120, 240}) {
    pieces.emplace_back(kRetryWait, seconds(pause));
    pieces.emplace_back(kTransfer, kQuestion);
  }
  check_pieces(world.sites.trip(world.gateway, kApi, 1), pieces);
  CHECK(world.gateway.served == std::vector<Served>{{481'480, kApi, 1}});
}

TEST_CASE("after the fifth the API stays as it was, until the next event") {
  Pulling world;
  world.gateway.begin_with(kApi, 1);
  world.puller.knows(kApi);
  world.shelf.status = [&] { return world.shelf.asked.size() <= 6 ? Status::kServerError : Status::kOk; };
  world.publish_at(10'000, kApi, 2);
  world.publish_at(3'000'000, kApi, 3);
  world.sites.run(2'900'000);
  CHECK(world.shelf.asked == kLadder);
  CHECK(world.puller.given_up() == 1);
  CHECK(world.gateway.served.empty());
  world.sites.run(3'100'000);
  CHECK(world.gateway.served == std::vector<Served>{{3'005'280, kApi, 3}});
}

TEST_CASE("an API that the database does not have yet is an answer like others: 404, and again after 15 s") {
  Pulling world;
  world.publish_at(10'000, kApi, 1, seconds(6));
  world.sites.run(60'000);
  CHECK(world.gateway.served == std::vector<Served>{{30'520, kApi, 1}});
  check_pieces(world.sites.trip(world.gateway, kApi, 1), {{Stage::kBroker, kWay},
                                                          {kEventWait, seconds(5)},
                                                          {kTransfer, kQuestion},
                                                          {kRetryWait, seconds(15)},
                                                          {kTransfer, kQuestion}});
}

// The database is 6 s behind, the question comes after 5.24 s.
TEST_CASE("a revision that the database does not have yet is not missed: the old one is put up again, for good") {
  Pulling world;
  world.publish_at(10'000, kApi, 1);
  world.publish_at(60'000, kApi, 2, seconds(6));
  world.sites.run(3'000'000);
  CHECK(world.gateway.served == std::vector<Served>{{15'280, kApi, 1}, {65'280, kApi, 1}});
  CHECK(world.puller.given_up() == 0);
}

TEST_CASE("a waiting time longer than the database is behind helps against that") {
  PullSpec spec;
  spec.event_waiting = seconds(7);
  Pulling world{spec};
  world.publish_at(10'000, kApi, 1);
  world.publish_at(60'000, kApi, 2, seconds(6));
  world.sites.run(100'000);
  CHECK(world.gateway.served == std::vector<Served>{{17'280, kApi, 1}, {67'280, kApi, 2}});
}

// The first is up after 30 s at 45.52: asked at 15.24, 30.48. The second has come at 12.04 and waits until then.
TEST_CASE("what is deployed later waits for a pull that is tried again") {
  Pulling world;
  world.shelf.status = [&] { return world.shelf.asked.size() < 2 ? Status::kServerError : Status::kOk; };
  world.publish_at(10'000, kApi, 1);
  world.publish_at(12'000, kOtherApi, 1);
  world.sites.run(25'000);
  CHECK(world.puller.waiting() == 1);
  world.sites.run(60'000);
  CHECK(world.gateway.served == std::vector<Served>{{30'520, kApi, 1}, {35'760, kOtherApi, 1}});
  check_pieces(world.sites.trip(world.gateway, kOtherApi, 1), {{Stage::kBroker, kWay},
                                                               {kThreadWait, milliseconds(30'520 - 12'040)},
                                                               {kEventWait, seconds(5)},
                                                               {kTransfer, kQuestion}});
}

TEST_CASE("many APIs at once are deployed one after the other, a waiting time and a question each") {
  Pulling world;
  for (std::uint32_t i = 0; i < 20; ++i) world.publish_at(10'000, ApiId{i}, 1);
  world.sites.run(200'000);
  REQUIRE(world.gateway.served.size() == 20);
  for (std::int64_t i = 0; i < 20; ++i) {
    CHECK(world.gateway.served[static_cast<std::size_t>(i)] ==
          Served{10'040 + 5'240 * (i + 1), ApiId{static_cast<std::uint32_t>(i)}, 1});
  }
}

// A connection is tried for at 15.04 s and 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s later: at 82.04, when the cut is over.
TEST_CASE("without a time-out a pull lasts as long as the cut and until TCP tries again") {
  Pulling world{{}, {{1, 12'000, 60'000}}};
  world.publish_at(10'000, kApi, 1);
  world.sites.run(200'000);
  check_pieces(world.sites.trip(world.gateway, kApi, 1),
               {{Stage::kBroker, kWay}, {kEventWait, seconds(5)}, {Stage::kLinkDown, milliseconds(67'240)}});
}

// Given up at 25.04, again at 40.04 and given up at 50.04, then at 80.04, after the heal.
TEST_CASE("with a time-out it is tried again by the ladder, and its pauses come on top of the cut") {
  RequestSpec requests = exact_requests();
  requests.timeout = seconds(10);
  Pulling world{{}, {{1, 12'000, 60'000}}, requests};
  world.publish_at(10'000, kApi, 1);
  world.sites.run(200'000);
  check_pieces(world.sites.trip(world.gateway, kApi, 1), {{Stage::kBroker, kWay},
                                                          {kEventWait, seconds(5)},
                                                          {Stage::kLinkDown, seconds(10)},
                                                          {kRetryWait, seconds(15)},
                                                          {Stage::kLinkDown, seconds(10)},
                                                          {kRetryWait, seconds(30)},
                                                          {kTransfer, kQuestion}});
}

// The cut begins as the SYN is under way: its answer is lost, and a second after the question the cut is seen. The SYN
// goes again at 16.04 (cut), ..., 34.04 (19 s after the first), when the cut is over.
TEST_CASE("a cut that begins under way is noticed within a second") {
  Pulling world{{}, {{1, 15'050, 30'000}}};
  world.publish_at(10'000, kApi, 1);
  world.sites.run(200'000);
  check_pieces(world.sites.trip(world.gateway, kApi, 1), {{Stage::kBroker, kWay},
                                                          {kEventWait, seconds(5)},
                                                          {kTransfer, seconds(1)},
                                                          {Stage::kLinkDown, milliseconds(18'240)}});
}

TEST_CASE("a control plane without power is a data center that is down") {
  RequestSpec requests = exact_requests();
  requests.timeout = seconds(10);
  Pulling world{{}, {}, requests};
  world.publish_at(10'000, kApi, 1);
  world.sites.at(0, 12'000, [&] {
    world.source_power.fail(world.sites.site(0).now());
    world.requester.source_lost();
  });
  world.sites.at(0, 30'000, [&] {
    world.source_power.restore();
    world.requester.source_restored();
  });
  world.sites.run(200'000);
  CHECK(world.gateway.served == std::vector<Served>{{40'280, kApi, 1}});
  CHECK(is_accounted_for(world.sites.trip(world.gateway, kApi, 1)));
}

TEST_CASE("a redeployment serves nothing for the gap; a first deployment takes nothing away") {
  PullSpec spec;
  spec.redeploy_gap = milliseconds(300);
  Pulling world{spec};
  world.publish_at(10'000, kApi, 1);
  world.publish_at(60'000, kApi, 2);
  world.sites.run(100'000);
  CHECK(world.gateway.undeployed == Milliseconds{65'280});
  CHECK(world.gateway.served == std::vector<Served>{{15'280, kApi, 1}, {65'580, kApi, 2}});
  check_pieces(
      world.sites.trip(world.gateway, kApi, 2),
      {{Stage::kBroker, kWay}, {kEventWait, seconds(5)}, {kTransfer, kQuestion}, {kPuttingUp, milliseconds(300)}});
}

TEST_CASE("an event that comes twice is a second redeployment, unless ids are remembered") {
  const auto undeployed = [](std::size_t remembered) {
    PullSpec spec;
    spec.redeploy_gap = milliseconds(300);
    spec.event_ids_remembered = remembered;
    Pulling world{spec};
    world.sites.at(0, 10'000, [&world] {
      const Parcel parcel = world.put(kApi, 1, {});
      world.tell(parcel, 7);
      world.tell(parcel, 7);
    });
    world.sites.run(100'000);
    return world.gateway.undeployed;
  };
  CHECK(undeployed(0) == Milliseconds{20'520});
  CHECK(undeployed(10).empty());
}

TEST_CASE("a removal takes its turn, but waits for nothing else") {
  Pulling world;
  world.publish_at(10'000, kApi, 1);
  world.remove_at(10'000, kOtherApi, 2);
  world.remove_at(50'000, kApi, 2);
  world.sites.run(100'000);
  CHECK(world.gateway.served == std::vector<Served>{{15'280, kApi, 1}, {15'280, kOtherApi, 2}, {50'040, kApi, 2}});
  CHECK_FALSE(world.puller.is_known(kApi));
  check_pieces(world.sites.trip(world.gateway, kOtherApi, 2),
               {{Stage::kBroker, kWay}, {kThreadWait, milliseconds(5'240)}});
}

void reconnect_at(Pulling& world, std::int64_t ms) {
  world.sites.at(1, ms, [&world] { world.puller.reconnected(); });
}

TEST_CASE("of an event that is lost nothing is heard until the broker has it back, in builds that ask then") {
  const auto served = [](OnReconnect on_reconnect) {
    PullSpec spec;
    spec.on_reconnect = on_reconnect;
    Pulling world{spec};
    world.gateway.begin_with(kApi, 1);
    world.puller.knows(kApi);
    world.publish_unheard_at(10'000, kApi, 2);
    reconnect_at(world, 100'000);
    world.sites.run(3'000'000);
    if (!world.gateway.served.empty()) {
      check_pieces(world.sites.trip(world.gateway, kApi, 2),
                   {{Stage::kMessageLost, seconds(90)}, {kTransfer, kQuestion}});
    }
    return world.gateway.served;
  };
  CHECK(served(OnReconnect::kNothing).empty());
  CHECK(served(OnReconnect::kChangedRevisions) == std::vector<Served>{{100'240, kApi, 2}});
}

TEST_CASE("what was deployed for the first time or removed meanwhile is not asked for, nor what is as it was") {
  PullSpec spec;
  spec.on_reconnect = OnReconnect::kChangedRevisions;
  spec.redeploy_gap = milliseconds(300);
  Pulling world{spec};
  const ApiId changed{2};
  const ApiId changed_too{3};
  const ApiId removed{4};
  for (const ApiId api : {kOtherApi, changed, changed_too, removed}) world.publish_at(1'000, api, 1);
  world.publish_unheard_at(50'000, kApi, 1);  // the first time
  world.publish_unheard_at(60'000, changed, 2);
  world.publish_unheard_at(70'000, changed_too, 2);
  world.sites.at(0, 80'000, [&] {
    Parcel parcel = world.sites.publish(removed, 2);
    parcel.facts.standing = Standing::kAbsent;
    world.shelf.put(parcel);
  });
  reconnect_at(world, 100'000);
  world.sites.run(3'000'000);
  REQUIRE(world.gateway.served.size() == 6);
  CHECK(world.gateway.served[4] == Served{100'540, changed, 2});
  CHECK(world.gateway.served[5] == Served{100'840, changed_too, 2});
  check_pieces(world.sites.trip(world.gateway, changed_too, 2), {{Stage::kMessageLost, seconds(30)},
                                                                 {kTransfer, kQuestion},
                                                                 {kThreadWait, milliseconds(300)},
                                                                 {kPuttingUp, milliseconds(300)}});
}

TEST_CASE("asking again after a reconnect goes by the same ladder") {
  PullSpec spec;
  spec.on_reconnect = OnReconnect::kChangedRevisions;
  Pulling world{spec};
  world.gateway.begin_with(kApi, 1);
  world.puller.knows(kApi);
  world.shelf.status = [&] { return world.shelf.asked.size() < 3 ? Status::kServerError : Status::kOk; };
  world.publish_unheard_at(10'000, kApi, 2);
  reconnect_at(world, 100'000);
  world.sites.run(3'000'000);
  CHECK(world.shelf.asked == Milliseconds{100'200, 115'440, 145'680});
  check_pieces(world.sites.trip(world.gateway, kApi, 2),
               {{Stage::kMessageLost, milliseconds(135'480)}, {kTransfer, kQuestion}});
}

TEST_CASE("a gateway that loses its power forgets what it was at") {
  Pulling world;
  world.publish_at(10'000, kApi, 1);
  world.publish_at(10'000, kOtherApi, 1);
  world.sites.at(1, 15'100, [&] { world.puller.lost(); });
  world.sites.at(1, 16'000, [&] { world.puller.restored(); });
  world.publish_at(50'000, kApi, 2);
  world.sites.run(100'000);
  CHECK(world.gateway.served == std::vector<Served>{{55'280, kApi, 2}});
}

// --- A delay planted in one stage is found there, to the nanosecond

Trip with_everything(const PullSpec& pull, const RequestSpec& requests, std::int64_t event_late_ms = 0) {
  Pulling world{pull, {}, requests};
  world.puller.knows(kApi);
  world.shelf.status = [&] { return world.shelf.asked.size() < 2 ? Status::kServerError : Status::kOk; };
  world.sites.at(0, 10'000, [&world, event_late_ms] {
    const Parcel parcel = world.put(kApi, 1, {});
    const broker::Event event = world.event_of(parcel, 1);
    world.sites.site(0).after(milliseconds(event_late_ms), [&world, event] {
      world.sites.site(0).send(sim::SiteId{1}, [&world, event] { world.puller.deploy(event); });
    });
  });
  world.sites.run(1'000'000);
  return world.sites.trip(world.gateway, kApi, 1);
}

TEST_CASE("a planted delay is charged to its stage alone") {
  PullSpec pull;
  pull.redeploy_gap = milliseconds(300);
  const RequestSpec requests = exact_requests();
  const Trip plain = with_everything(pull, requests);
  const auto check_planted = [&plain](const Trip& trip, Stage stage, sim::Duration more) {
    CHECK(is_accounted_for(trip));
    CHECK(trip.window() == plain.window() + more);
    for (const Stage any : {Stage::kBroker, kEventWait, kTransfer, kRetryWait, kPuttingUp}) {
      CHECK(trip.spent_on(any) == plain.spent_on(any) + (any == stage ? more : sim::Duration{}));
    }
  };
  const sim::Duration x = sim::nanoseconds(1'234'567);
  PullSpec slow = pull;
  slow.event_waiting += x;
  check_planted(with_everything(slow, requests), kEventWait, x);
  slow = pull;
  slow.retry.first += x;
  check_planted(with_everything(slow, requests), kRetryWait, x);
  slow = pull;
  slow.redeploy_gap += x;
  check_planted(with_everything(slow, requests), kPuttingUp, x);
  RequestSpec slow_source = requests;
  slow_source.service_time = x;
  check_planted(with_everything(pull, slow_source), kTransfer, 2 * x);  // of both questions
  check_planted(with_everything(pull, requests, 7), Stage::kBroker, milliseconds(7));
}

// --- Whatever happens

TEST_CASE("in any world each event is deployed or given up, in order, and every nanosecond is charged") {
  std::size_t deployed = 0;
  std::size_t given_up = 0;
  check("pulls", 300, [&] {
    PullSpec spec;
    spec.event_waiting = *rc::gen::element(sim::Duration{}, milliseconds(1), seconds(5));
    spec.redeploy_gap = *rc::gen::element(sim::Duration{}, milliseconds(200));
    spec.retry.retries = pick<std::uint32_t>(0, 6);
    RequestSpec requests = exact_requests();
    requests.timeout = *rc::gen::element(sim::Duration{}, seconds(3), seconds(30));
    requests.service_time = *rc::gen::element(sim::Duration{}, milliseconds(17));
    std::vector<Cut> cuts;
    for (int i = pick(0, 3); i > 0; --i) {
      const auto from = pick<std::int64_t>(0, 200'000);
      cuts.push_back({1, from, from + pick<std::int64_t>(10, 90'000)});
    }
    Pulling world{spec, cuts, requests};
    const int failing = pick(1, 4);  // one answer in so many
    world.shelf.status = [&] {
      return failing > 1 && world.shelf.asked.size() % static_cast<std::size_t>(failing) == 0 ? Status::kServerError
                                                                                              : Status::kOk;
    };
    std::vector<std::int64_t> instants;
    for (int i = 0; i < 12; ++i) instants.push_back(pick<std::int64_t>(0, 250'000));
    std::sort(instants.begin(), instants.end());
    for (std::uint32_t i = 0; i < 12; ++i) world.publish_at(instants[i], ApiId{i % 4}, 1 + i / 4);
    world.sites.run(20'000'000);
    for (const Trip& trip : world.sites.trips) RC_ASSERT(is_accounted_for(trip));
    RC_ASSERT(world.puller.waiting() == 0U);
    RC_ASSERT(world.gateway.served.size() + world.puller.given_up() <= 12U);
    if (cuts.empty()) RC_ASSERT(world.gateway.served.size() + world.puller.given_up() == 12U);
    deployed += world.gateway.served.size();
    given_up += world.puller.given_up();
  });
  CHECK(deployed > 2'000);
  CHECK(given_up > 50);
}

}  // namespace
}  // namespace parallax::propagation::artifacts
