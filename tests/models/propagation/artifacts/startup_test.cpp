// Starts against schedules worked out by hand: power comes at 100 s, a question takes 240 ms.
#include "models/propagation/artifacts/startup.h"

#include "tests/models/propagation/artifacts/shelf.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;
using Milliseconds = std::vector<std::int64_t>;

constexpr sim::Duration kQuestion = milliseconds(240);

/// The control plane at data center 0, a gateway at 1 that was without power from 50 to 100 s. Two APIs were published
/// meanwhile, at 60 and 70 s.
struct Starting final : StartupHost {
  explicit Starting(const StartupSpec& spec, const std::vector<Cut>& cuts = {},
                    const RequestSpec& requests = exact_requests())
      : sites{cuts},
        shelf{sites.site(0)},
        requester{sites.site(1), sites.site(0), sites.on, "start", requests, shelf, {Stage::kLinkDown}},
        gateway{sites.gateway(1)},
        startup{gateway.place(), spec, requester, gateway, *this} {
    sites.at(0, 60'000, [this] { shelf.put(sites.publish(kApi, 2)); });
    sites.at(0, 70'000, [this] { shelf.put(sites.publish(kOtherApi, 1)); });
    sites.at(1, 100'000, [this] { startup.begin(powered()); });
  }

  Journey powered() {
    const domain::Hop hop{
        domain::NodeId{0}, domain::ObjectRef::nothing(), {Stage::kNone, Stage::kSiteDown, at_ms(50'000)}};
    return {sites.site(1).record(hop.pack()), {}};
  }
  void started(ApiId api) override { known.push_back(api); }
  void ready() override { ready_at.push_back(ms_of(sites.site(1).now())); }

  Sites sites;
  Shelf shelf;
  Requester requester;
  Gateway& gateway;
  Startup startup;
  std::vector<ApiId> known;
  Milliseconds ready_at;
};

StartupSpec with_api_time(StartupSpec spec) {
  spec.api_time = milliseconds(500);
  return spec;
}

TEST_CASE("an asynchronous start is ready after the first API, while the others are still missing") {
  Starting world{with_api_time(asynchronous_startup())};
  world.sites.run(200'000);
  CHECK(world.gateway.served == std::vector<Served>{{100'740, kApi, 2}, {101'240, kOtherApi, 1}});
  CHECK(world.ready_at == Milliseconds{100'740});
  CHECK(world.known == std::vector<ApiId>{kApi, kOtherApi});
  check_pieces(world.sites.trip(world.gateway, kOtherApi, 1),
               {{Stage::kSiteDown, seconds(30)}, {kTransfer, kQuestion}, {kPuttingUp, seconds(1)}});
}

TEST_CASE("a probe of the port alone is ready at once, a synchronous start when all are up") {
  StartupSpec spec = with_api_time(asynchronous_startup());
  spec.ready_when = ReadyWhen::kAtOnce;
  Starting at_once{spec};
  at_once.sites.run(200'000);
  CHECK(at_once.ready_at == Milliseconds{100'000});
  Starting synchronous{with_api_time(synchronous_startup())};
  synchronous.sites.run(200'000);
  CHECK(synchronous.ready_at == Milliseconds{101'240});
}

// Asked at 100.00, 120.24, 160.48, 240.72 s; each pause twice as long as the one before, from 20 s on.
TEST_CASE("an asynchronous start tries without end") {
  Starting world{asynchronous_startup()};
  world.shelf.status = [&] { return world.shelf.asked.size() < 4 ? Status::kServerError : Status::kOk; };
  world.sites.run(2'000'000);
  CHECK(world.shelf.asked == Milliseconds{100'200, 120'440, 160'680, 240'920});
  CHECK(world.ready_at == Milliseconds{240'960});
  check_pieces(world.sites.trip(world.gateway, kApi, 2), {{Stage::kSiteDown, seconds(40)},
                                                          {kTransfer, kQuestion},
                                                          {kRetryWait, seconds(20)},
                                                          {kTransfer, kQuestion},
                                                          {kRetryWait, seconds(40)},
                                                          {kTransfer, kQuestion},
                                                          {kRetryWait, seconds(80)},
                                                          {kTransfer, kQuestion}});
}

// 10 questions of 240 ms with 9 pauses of 1 s: until 111.4 s.
TEST_CASE("a synchronous start comes up empty after its tries, or with what it has on disk") {
  StartupSpec spec = synchronous_startup();
  spec.on_disk = OnDisk::kLastGood;
  Starting world{spec};
  world.gateway.begin_with(kApi, 1);
  world.shelf.status = [] { return Status::kServerError; };
  world.sites.run(2'000'000);
  CHECK(world.shelf.asked.size() == 10);
  CHECK(world.ready_at == Milliseconds{111'400});
  CHECK(world.gateway.served.empty());
  CHECK(world.gateway.deployed(kApi) == revision(1).version);
}

// Questions until 111.4 s as above, over again from 121.4 s on: the first is answered.
TEST_CASE("a start that does not come up without the control plane is started over") {
  StartupSpec spec = synchronous_startup();
  spec.in_vain = InVain::kStartsOver;
  Starting world{spec};
  world.shelf.status = [&] { return world.shelf.asked.size() <= 10 ? Status::kServerError : Status::kOk; };
  world.sites.run(2'000'000);
  CHECK(world.ready_at == Milliseconds{121'640});
  CHECK(is_accounted_for(world.sites.trip(world.gateway, kApi, 2)));
}

TEST_CASE("the last good configuration makes a gateway ready at once, and what is new comes after") {
  StartupSpec spec = asynchronous_startup();
  spec.on_disk = OnDisk::kLastGood;
  Starting world{spec, {{1, 90'000, 110'000}}};
  world.gateway.begin_with(kOtherApi, 1);
  world.sites.run(200'000);
  CHECK(world.ready_at == Milliseconds{100'000});
  // SYNs at 0, 1, 2, 3, 4, 5, 7 and 11 s; that of 111 s gets through.
  CHECK(world.gateway.served == std::vector<Served>{{111'240, kApi, 2}});
  check_pieces(world.sites.trip(world.gateway, kApi, 2),
               {{Stage::kSiteDown, seconds(40)}, {Stage::kLinkDown, milliseconds(11'240)}});
}

TEST_CASE("an API that was removed meanwhile is served on from the disk, and by nobody who has kept nothing") {
  for (const OnDisk on_disk : {OnDisk::kNothing, OnDisk::kLastGood}) {
    StartupSpec spec = with_api_time(asynchronous_startup());
    spec.on_disk = on_disk;
    Starting world{spec};
    const ApiId removed{2};
    world.sites.at(0, 80'000, [&] {
      Parcel parcel = world.sites.publish(removed, 2);
      parcel.facts.standing = Standing::kAbsent;
      world.shelf.put(parcel);
    });
    if (on_disk == OnDisk::kLastGood) world.gateway.begin_with(removed, 1);
    world.sites.run(200'000);
    const std::uint32_t revision = on_disk == OnDisk::kLastGood ? 1 : 2;
    CHECK(world.gateway.deployed(removed) == testing::revision(revision).version);
    CHECK(world.known == std::vector<ApiId>{kApi, kOtherApi});
    CHECK(world.ready_at == Milliseconds{on_disk == OnDisk::kLastGood ? 100'000 : 100'740});
  }
}

TEST_CASE("a control plane without a single API makes a gateway ready all the same") {
  StartupSpec spec = asynchronous_startup();
  Starting world{spec};
  world.gateway.begin_with(kApi, 2);
  world.gateway.begin_with(kOtherApi, 1);
  world.sites.run(200'000);
  CHECK(world.ready_at == Milliseconds{100'240});
}

TEST_CASE("a gateway that loses its power as it starts begins anew") {
  Starting world{with_api_time(asynchronous_startup())};
  world.sites.at(1, 100'300, [&] { world.startup.lost(); });
  world.sites.at(1, 150'000, [&] {
    world.startup.restored();
    world.startup.begin(world.powered());
  });
  world.sites.run(200'000);
  CHECK(world.ready_at == Milliseconds{150'740});
  CHECK(world.gateway.served == std::vector<Served>{{150'740, kApi, 2}, {151'240, kOtherApi, 1}});
}

TEST_CASE("a planted delay in a start is charged to its stage alone") {
  const auto trip = [](const StartupSpec& spec, sim::Duration service) {
    RequestSpec requests = exact_requests();
    requests.service_time = service;
    Starting world{spec, {}, requests};
    world.shelf.status = [&] { return world.shelf.asked.size() < 2 ? Status::kServerError : Status::kOk; };
    world.sites.run(1'000'000);
    return world.sites.trip(world.gateway, kApi, 2);
  };
  const StartupSpec spec = with_api_time(asynchronous_startup());
  const sim::Duration x = sim::nanoseconds(7'654'321);
  const Trip plain = trip(spec, {});
  StartupSpec slow = spec;
  slow.api_time += x;
  CHECK(trip(slow, {}).spent_on(kPuttingUp) == plain.spent_on(kPuttingUp) + x);
  CHECK(trip(slow, {}).window() == plain.window() + x);
  slow = spec;
  slow.retry.first += x;
  CHECK(trip(slow, {}).spent_on(kRetryWait) == plain.spent_on(kRetryWait) + x);
  CHECK(trip(slow, {}).window() == plain.window() + x);
  CHECK(trip(spec, x).spent_on(kTransfer) == plain.spent_on(kTransfer) + 2 * x);
  CHECK(trip(spec, x).window() == plain.window() + 2 * x);
}

}  // namespace
}  // namespace parallax::propagation::artifacts
