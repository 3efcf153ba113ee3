// The deployment synchronizer: managers that check in, repositories, workers that update.
#include <algorithm>
#include <map>
#include <memory>

#include "models/propagation/artifacts/poller.h"
#include "models/propagation/artifacts/repository.h"
#include "models/propagation/artifacts/svn_manager.h"
#include "models/propagation/artifacts/svn_task.h"
#include "models/propagation/artifacts/svn_worker.h"
#include "models/propagation/ticks.h"
#include "tests/models/propagation/artifacts/shelf.h"
#include "tests/sim/goodness_of_fit.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;
using sim::testing::ks_critical;
using sim::testing::ks_distance;

double in_seconds(sim::Duration d) { return static_cast<double>(d.ns) / 1e9; }

/// A gateway with a working copy.
struct Worker {
  Worker(Sites& sites, int at, Repository& repository, const std::string& name, const RequestSpec& requests)
      : gateway{sites.gateway(at)},
        sink{gateway},
        requester{sites.site(at), repository.place().site, sites.on, name, requests, repository, {Stage::kLinkDown}},
        worker{gateway.place(), name, {}, requester, sink} {
    sites.at(at, 0, [this] { worker.start(); });
  }

  Gateway& gateway;
  Deployment sink;
  Requester requester;
  SvnWorker worker;
};

struct Manager {
  Manager(Sites& sites, int at, Repository& repository, const std::string& name, const SvnManagerSpec& spec = {},
          const RequestSpec& requests = exact_requests())
      : gateway{sites.gateway(at)},
        sink{gateway},
        requester{sites.site(at), repository.place().site, sites.on, name, requests, repository, {Stage::kLinkDown}},
        manager{gateway.place(), name, spec, requester, sink, [this] { tell(); }} {
    sites.at(at, 0, [this] { manager.start(); });
  }
  void tell() {
    ++commits;
    for (Worker* worker : told) worker->worker.hear();
  }

  Gateway& gateway;
  Deployment sink;
  Requester requester;
  SvnManager manager;
  std::vector<Worker*> told{};
  std::uint64_t commits{0};
};

/// All in data center 0, where the network takes no time.
struct OneCenter {
  explicit OneCenter(const SvnManagerSpec& spec = {}, std::uint64_t seed = 1)
      : sites{{}, seed},
        repository{sites.place(0), Keeps::kLastPut},
        worker{sites, 0, repository, "worker", exact_requests()},
        manager{sites, 0, repository, "manager", spec} {}

  void edit_at(sim::VirtualTime when, ApiId api, std::uint32_t n) {
    sites.site(0).at(when, [this, api, n] { manager.manager.edit(sites.publish(api, n)); });
  }
  /// Of the worker alone: the manager updates too.
  std::vector<double> windows() const {
    std::vector<double> windows;
    for (const Trip& trip : sites.trips) {
      if (sites.gateways[domain::index(trip.gateway)].get() != &worker.gateway) continue;
      check_pieces(trip, {{kPollWait, trip.window()}});
      windows.push_back(in_seconds(trip.window()));
    }
    return windows;
  }
  sim::VirtualTime run_of(const std::string& name, sim::VirtualTime from) {
    return next_tick(from, draw_phase(sites.site(0), name + " deployment task", seconds(15)), seconds(15));
  }

  Sites sites;
  Repository repository;
  Worker worker;
  Manager manager;
};

TEST_CASE("a change waits for the manager's next run, is checked in, and waits for the worker's next run") {
  SvnManagerSpec spec;
  spec.check_in_time = milliseconds(700);
  OneCenter world{spec};
  world.manager.told = {&world.worker};
  const sim::VirtualTime published = at_ms(100'000);
  world.edit_at(published, kApi, 1);
  world.sites.run(200'000);
  const sim::VirtualTime commits = world.run_of("manager", published);
  const sim::VirtualTime checked_in = commits + milliseconds(700);
  const sim::VirtualTime updates = world.run_of("worker", checked_in);
  check_pieces(world.sites.trip(world.worker.gateway, kApi, 1),
               {{kCommitWait, checked_in - published}, {kPollWait, updates - checked_in}});
  CHECK(world.manager.commits == 1);
}

TEST_CASE("a run that updates checks in after that") {
  OneCenter world;
  world.manager.told = {&world.worker};
  world.sites.at(0, 100'000, [&] { world.manager.manager.hear(); });
  world.edit_at(at_ms(100'000), kApi, 1);
  world.sites.run(200'000);
  const sim::VirtualTime commits = world.run_of("manager", at_ms(100'000));
  CHECK(world.sites.trip(world.worker.gateway, kApi, 1).served == world.run_of("worker", commits));
  CHECK(world.manager.commits == 1);
}

TEST_CASE("after a cluster message the wait for the worker's run is uniform on 15 s") {
  OneCenter world;
  sim::Stream stream = world.sites.site(2).stream("test", "instants");
  sim::VirtualTime when{};
  for (std::uint32_t n = 1; n <= 1'500; ++n) {
    when = when + seconds(60) + sim::nanoseconds(static_cast<std::int64_t>(stream.below(15'000'000'000)));
    world.sites.site(0).at(when, [&world, n] {
      world.repository.take(world.sites.publish(kApi, n));
      world.worker.worker.hear();
    });
  }
  world.sites.simulation.run(when + seconds(100));
  const std::vector<double> windows = world.windows();
  REQUIRE(windows.size() == 1'500);
  CHECK(ks_distance(windows, [](double x) { return x / 15; }) < ks_critical(windows.size()));
}

// n is 20 to 60, and n + 1 runs of 15 s lie between two updates: 60 for 14 of the 600 values of u, 20 for one.
TEST_CASE("updates without word are 315 to 915 s apart, whole runs each") {
  Sites sites;
  std::vector<std::int64_t> gaps;
  sim::VirtualTime last{};
  SvnTask task{sites.site(0), "task", {}, [&] {
                 gaps.push_back((sites.site(0).now() - last).ns);
                 last = sites.site(0).now();
               }};
  sites.at(0, 0, [&] { task.start(); });
  sites.run(3'000'000'000);
  gaps.erase(gaps.begin(), gaps.begin() + 2);  // the first run, and the first n counts from there
  REQUIRE(gaps.size() > 4'000);
  for (const std::int64_t gap : gaps) CHECK(gap % seconds(15).ns == 0);
  CHECK(*std::max_element(gaps.begin(), gaps.end()) == seconds(915).ns);
  CHECK(*std::min_element(gaps.begin(), gaps.end()) == seconds(315).ns);
}

// Gaps g = 15 s x (n + 1), n = ceil(u / 15), u = 300 ... 899 alike. Somebody who comes at any time waits for the rest
// of the gap that he is in: at most x with probability sum of P(g) min(x, g), by sum of P(g) g.
double without_word(double x) {
  double rest = 0;
  double mean = 0;
  for (int u = 300; u < 900; ++u) {
    const double gap = 15.0 * ((u + 14) / 15 + 1);
    rest += std::min(x, gap);
    mean += gap;
  }
  return rest / mean;
}

TEST_CASE("without a message a worker updates every 315 to 915 s, and a change waits for the rest of that") {
  OneCenter world;
  sim::Stream stream = world.sites.site(2).stream("test", "instants");
  sim::VirtualTime when = at_ms(10'000'000);
  for (std::uint32_t n = 1; n <= 1'500; ++n) {
    when = when + seconds(3'000) + sim::nanoseconds(static_cast<std::int64_t>(stream.below(3'000'000'000'000)));
    world.sites.site(0).at(when, [&world, n] { world.repository.take(world.sites.publish(kApi, n)); });
  }
  world.sites.simulation.run(when + seconds(1'000));
  const std::vector<double> windows = world.windows();
  REQUIRE(windows.size() == 1'500);
  CHECK(*std::max_element(windows.begin(), windows.end()) <= 915);
  CHECK(*std::max_element(windows.begin(), windows.end()) > 800);
  CHECK(ks_distance(windows, without_word) < ks_critical(windows.size()));
  // Half of it, or the 300 to 900 s of the documentation taken for uniform, would be seen.
  CHECK(ks_distance(windows, [](double x) { return std::clamp((x - 300) / 600, 0.0, 1.0); }) > 0.3);
}

TEST_CASE("the first run updates") {
  OneCenter world;
  world.sites.at(0, 0, [&] { world.repository.take(world.sites.publish(kApi, 1)); });
  world.sites.run(20'000);
  CHECK(world.sites.trip(world.worker.gateway, kApi, 1).served == world.run_of("worker", {}));
}

TEST_CASE("a delay planted in the check-in is charged to it, and the worker's wait is what is left to its run") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto trip = [seed](sim::Duration more) {
      SvnManagerSpec spec;
      spec.check_in_time = milliseconds(700) + more;
      OneCenter world{spec, seed};
      world.manager.told = {&world.worker};
      world.edit_at(at_ms(100'000), kApi, 1);
      world.sites.run(200'000);
      return world.sites.trip(world.worker.gateway, kApi, 1);
    };
    const sim::Duration x = sim::nanoseconds(1'234'567);
    const Trip plain = trip({});
    const Trip slow = trip(x);
    CHECK(slow.spent_on(kCommitWait) == plain.spent_on(kCommitWait) + x);
    const sim::Duration less = plain.spent_on(kPollWait) - slow.spent_on(kPollWait);
    CHECK((less == x || less == x - seconds(15)));
  }
}

// --- Two data centers, as in the seeds' first design: no cluster message crosses

TEST_CASE("in a slave data center a change waits for the mirror, then for an update without word") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Sites sites{{}, seed};
    Repository master{sites.place(0), Keeps::kLastPut};
    Repository mirror{sites.place(1), Keeps::kLastPut};
    Manager manager{sites, 0, master, "manager"};
    Worker here{sites, 0, master, "here", exact_requests()};
    Worker there{sites, 1, mirror, "there", exact_requests()};
    manager.told = {&here};
    Requester up{sites.site(1), sites.site(0), sites.on, "mirror", exact_requests(), master, {Stage::kLinkDown}};
    Poller mirroring{mirror.place(), "mirror", {.period = seconds(60), .wait = kMirrorWait}, up, mirror};
    sites.at(1, 0, [&] { mirroring.start(); });
    sites.at(0, 2'000'000, [&] { manager.manager.edit(sites.publish(kApi, 1)); });
    sites.run(4'000'000);
    const Trip& local = sites.trip(here.gateway, kApi, 1);
    const Trip& remote = sites.trip(there.gateway, kApi, 1);
    CHECK(local.window() <= seconds(30));
    CHECK(remote.window() <= seconds(15 + 60 + 915) + milliseconds(240));
    CHECK(remote.spent_on(kPollWait) <= seconds(915));
    CHECK(is_accounted_for(local));
    CHECK(is_accounted_for(remote));
  }
}

// Each run of 15 s tries again: a connection is tried for at 0, 1, 2, 3, 4, 5 and 7 s, and given up after 10.
TEST_CASE("an update that fails is tried again in the next run") {
  Sites sites{{{1, 1'990'000, 2'200'000}}};
  RequestSpec requests = exact_requests();
  requests.timeout = seconds(10);
  Repository master{sites.place(0), Keeps::kLastPut};
  Worker there{sites, 1, master, "there", requests};
  sites.at(0, 2'000'000, [&] { master.take(sites.publish(kApi, 1)); });
  sites.at(1, 2'000'000, [&] { there.worker.hear(); });
  sites.run(4'000'000);
  const sim::Duration phase = draw_phase(sites.site(1), "there deployment task", seconds(15));
  const sim::VirtualTime first = next_tick(at_ms(2'000'000), phase, seconds(15));
  sim::VirtualTime connects = sim::kNever;
  for (sim::VirtualTime run = first; run < at_ms(2'230'000); run = run + seconds(15)) {
    for (const std::int64_t after : {0, 1, 2, 3, 4, 5, 7}) {
      if (run + seconds(after) >= at_ms(2'200'000)) connects = std::min(connects, run + seconds(after));
    }
  }
  check_pieces(sites.trip(there.gateway, kApi, 1),
               {{kPollWait, first - at_ms(2'000'000)}, {Stage::kLinkDown, connects - first + milliseconds(240)}});
}

// --- Two managers that check in, which nobody should have

struct TwoManagers {
  explicit TwoManagers(const std::vector<Cut>& cuts = {})
      : sites{cuts},
        master{sites.place(0), Keeps::kLastPut},
        first{sites, 0, master, "first"},
        second{sites, 1, master, "second"} {}

  void edit_at(Manager& manager, int site, std::int64_t ms, ApiId api, std::uint32_t n) {
    sites.at(site, ms, [this, to = &manager, api, n] { to->manager.edit(parcel(api, n)); });
  }
  // At either site; the journal has the publication at data center 0 before the run goes on.
  Parcel parcel(ApiId api, std::uint32_t n) {
    return {api, revision(n), {published.at({api, n}), {Stage::kNone, Stage::kDatabaseRead, {}}}};
  }
  void publish_at(std::int64_t ms, ApiId api, std::uint32_t n) {
    sites.at(0, ms, [this, api, n] { published[{api, n}] = sites.publish(api, n).journey.cause; });
  }
  std::uint32_t head(ApiId api) {
    const Answer answer = master.answer({api});
    return answer.status == Status::kOk ? answer.artifacts.front().facts.version.ordinal() : 0;
  }

  Sites sites;
  std::map<std::pair<ApiId, std::uint32_t>, sim::RecordId> published;
  Repository master;
  Manager first;
  Manager second;
};

// Updates without word come 300 s after the first run at the earliest, so at 130 s the second manager has not seen what
// the first one has checked in.
struct Conflict : TwoManagers {
  Conflict() {
    publish_at(100'000, kApi, 1);
    edit_at(first, 0, 100'000, kApi, 1);
    publish_at(129'000, kApi, 2);
    edit_at(second, 1, 130'000, kApi, 2);
    publish_at(199'000, kOtherApi, 1);
    edit_at(second, 1, 200'000, kOtherApi, 1);
  }
};

TEST_CASE("the second commit of an API is refused, and its working copy is in conflict from then on") {
  Conflict world;
  world.sites.run(150'000);
  CHECK(world.first.commits == 1);
  CHECK(world.second.manager.refused() == 1);
  CHECK(world.second.manager.is_in_conflict(kApi));
  world.sites.run(5'000'000);
  CHECK(world.second.commits == 0);
  CHECK(world.head(kApi) == 1);
  CHECK(world.head(kOtherApi) == 0);  // that nobody else has changed
}

TEST_CASE("a person who keeps the own file lets it in, and what waited behind it") {
  Conflict world;
  world.sites.at(1, 1'000'000, [&] { world.second.manager.resolve(kApi, SvnManager::Keep::kMine); });
  world.sites.run(5'000'000);
  CHECK(world.head(kApi) == 2);
  CHECK(world.head(kOtherApi) == 1);
  CHECK(world.second.commits == 1);
  const Trip& other = world.sites.trip(world.first.gateway, kOtherApi, 1);
  CHECK(is_accounted_for(other));
  CHECK(other.spent_on(Stage::kOperator) == seconds(800));
  const Trip& mine = world.sites.trip(world.first.gateway, kApi, 2);
  CHECK(is_accounted_for(mine));
  CHECK(mine.spent_on(Stage::kOperator) >= seconds(1'000 - 146));
}

TEST_CASE("a person who keeps the others' file drops the own change") {
  Conflict world;
  world.sites.at(1, 1'000'000, [&] { world.second.manager.resolve(kApi, SvnManager::Keep::kTheirs); });
  world.sites.run(5'000'000);
  CHECK(world.head(kApi) == 1);
  CHECK(world.head(kOtherApi) == 1);
  CHECK(world.second.gateway.served.front() == Served{1'000'000, kApi, 1});
  CHECK_FALSE(world.second.manager.is_in_conflict(kApi));
}

TEST_CASE("managers that change different APIs do not meet") {
  TwoManagers world;
  world.publish_at(100'000, kApi, 1);
  world.edit_at(world.first, 0, 100'000, kApi, 1);
  world.publish_at(99'000, kOtherApi, 1);
  world.edit_at(world.second, 1, 100'000, kOtherApi, 1);
  world.sites.run(5'000'000);
  CHECK(world.second.manager.refused() == 0);
  CHECK(world.head(kApi) == 1);
  CHECK(world.head(kOtherApi) == 1);
  CHECK(is_accounted_for(world.sites.trip(world.first.gateway, kOtherApi, 1)));
  CHECK(is_accounted_for(world.sites.trip(world.second.gateway, kApi, 1)));
}

// The cut begins as soon as the second manager's question is on its way: the repository takes it, the answer is lost.
TEST_CASE("an own commit whose answer is lost is no conflict") {
  Sites plain;
  const sim::VirtualTime run =
      next_tick(at_ms(100'000), draw_phase(plain.site(1), "second deployment task", seconds(15)), seconds(15));
  const std::int64_t asks = run.ns / 1'000'000 + 160;  // connected
  TwoManagers world{{{1, asks + 20, asks + 100'000}}};
  world.publish_at(99'000, kApi, 1);
  world.edit_at(world.second, 1, 100'000, kApi, 1);
  world.sites.run(5'000'000);
  CHECK(world.head(kApi) == 1);
  CHECK_FALSE(world.second.manager.is_in_conflict(kApi));
  CHECK(is_accounted_for(world.sites.trip(world.first.gateway, kApi, 1)));
}

TEST_CASE("a change that the repository cannot be reached for goes in after the heal") {
  TwoManagers world{{{1, 90'000, 400'000}}};
  world.publish_at(89'000, kApi, 1);
  world.edit_at(world.second, 1, 100'000, kApi, 1);
  world.sites.run(5'000'000);
  CHECK(world.head(kApi) == 1);
  const Trip& trip = world.sites.trip(world.first.gateway, kApi, 1);
  CHECK(is_accounted_for(trip));
  CHECK(trip.spent_on(Stage::kLinkDown) > seconds(250));
}

TEST_CASE("a manager that loses its power checks in when it is back") {
  OneCenter world;
  world.edit_at(at_ms(100'000), kApi, 1);
  world.sites.at(0, 100'000,
                 [&] { world.sites.site(0).after(sim::nanoseconds(1), [&] { world.manager.manager.lost(); }); });
  world.sites.at(0, 500'000, [&] { world.manager.manager.restored(); });
  world.sites.run(3'000'000);
  const Trip& trip = world.sites.trip(world.worker.gateway, kApi, 1);
  CHECK(is_accounted_for(trip));
  CHECK(trip.spent_on(Stage::kSiteDown) == seconds(400) - sim::nanoseconds(1));
}

}  // namespace
}  // namespace parallax::propagation::artifacts
