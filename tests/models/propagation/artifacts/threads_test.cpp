// Three data centers that publish for each other in every way at once: what is asked for crosses from site to site, and
// however many threads run the sites, the same happens.
#include <memory>
#include <tuple>

#include "models/propagation/artifacts/artifact_puller.h"
#include "models/propagation/artifacts/file_replica.h"
#include "models/propagation/artifacts/poller.h"
#include "models/propagation/artifacts/repository.h"
#include "models/propagation/artifacts/svn_manager.h"
#include "models/propagation/artifacts/svn_worker.h"
#include "tests/models/propagation/artifacts/shelf.h"

namespace parallax::propagation::artifacts {
namespace {

using namespace testing;

struct Ignores final : Scanner {
  explicit Ignores(Gateway& where) : gateway{where} {}
  void found(const Parcel& parcel, const Completeness&) override {
    gateway.deploy(parcel.api, parcel.facts, parcel.journey.cause, parcel.journey.passage);
  }
  Gateway& gateway;
};

/// At each site a repository that two others look at, with gateways that pull, poll, update and scan.
struct Everything {
  explicit Everything(unsigned threads) : sites{spec(threads)} {
    for (int i = 0; i < 3; ++i) repositories.push_back(std::make_unique<Repository>(sites.place(i), Keeps::kLastPut));
    for (int i = 0; i < 3; ++i) connect(i, (i + 1) % 3);
    for (std::uint32_t n = 1; n <= 60; ++n) publish(n);
  }

  static sim::SimulationSpec spec(unsigned threads) {
    sim::SimulationSpec spec =
        broker::testing::three_centers({{1, 100'000, 200'000}, {2, 300'000, 310'000}}, 7,
                                       sim::Distribution::uniform(milliseconds(20), milliseconds(40)), 0.01);
    spec.threads = threads;
    return spec;
  }

  Requester& requester(int from, int to) {
    RequestSpec spec;
    spec.timeout = seconds(3);
    requesters.push_back(std::make_unique<Requester>(
        sites.site(from), sites.site(to), sites.on, "requester " + std::to_string(requesters.size()), spec,
        *repositories[static_cast<std::size_t>(to)], std::vector<Stage>{Stage::kLinkDown}));
    return *requesters.back();
  }
  Deployment& sink(int at) {
    sinks.push_back(std::make_unique<Deployment>(sites.gateway(at)));
    return *sinks.back();
  }

  void connect(int from, int to) {
    const std::string name = "site " + std::to_string(from);
    PullSpec pull;
    pull.event_waiting = milliseconds(100);
    pullers.push_back(
        std::make_unique<ArtifactPuller>(sites.place(from), pull, requester(from, to), sites.gateway(from)));
    pollers.push_back(std::make_unique<Poller>(sites.place(from), name, PollSpec{.period = seconds(2)},
                                               requester(from, to), sink(from)));
    workers.push_back(std::make_unique<SvnWorker>(sites.place(from), name + " worker", SvnTaskSpec{},
                                                  requester(from, to), sink(from)));
    managers.push_back(std::make_unique<SvnManager>(sites.place(from), name + " manager", SvnManagerSpec{},
                                                    requester(from, to), sink(from), [] {}));
    FileReplicaSpec files;
    files.delay.fill(sim::Distribution::uniform({}, seconds(5)));
    replicas.push_back(std::make_unique<FileReplica>(sites.place(from), sites.place(to), name + " files", files,
                                                     std::vector<Stage>{Stage::kLinkDown}));
    scanners.push_back(std::make_unique<Ignores>(sites.gateway(to)));
    replicas.back()->add_scanner(*scanners.back(), name);
    sites.at(from, 0, [this, i = static_cast<std::size_t>(from)] {
      pollers[i]->start();
      workers[i]->start();
      managers[i]->start();
    });
  }

  /// At 0 by all ways; at 1 and 2 it is edited, which may conflict.
  void publish(std::uint32_t n) {
    const std::int64_t ms = 10'000 * std::int64_t{n};
    sites.at(0, ms, [this, n] {
      const Parcel parcel = sites.publish(kApi, n);
      repositories[0]->take(parcel);
      replicas[0]->write(parcel);
      broker::Event event;
      event.cause = parcel.journey.cause;
      event.passage = {Stage::kNone, Stage::kBroker, sites.site(0).now()};
      event.object = domain::ObjectRef::of(kApi);
      event.version = parcel.facts.version;
      sites.site(0).send(sim::SiteId{2}, [this, event] { pullers[2]->deploy(event); });
    });
    for (const int at : {1, 2}) {
      sites.at(at, ms + 500, [this, at, n] {
        managers[static_cast<std::size_t>(at)]->edit({ApiId{1 + n % 7}, revision(n), {}});
      });
    }
  }

  Sites sites;
  std::vector<std::unique_ptr<Repository>> repositories;
  std::vector<std::unique_ptr<Requester>> requesters;
  std::vector<std::unique_ptr<Deployment>> sinks;
  std::vector<std::unique_ptr<ArtifactPuller>> pullers;
  std::vector<std::unique_ptr<Poller>> pollers;
  std::vector<std::unique_ptr<SvnWorker>> workers;
  std::vector<std::unique_ptr<SvnManager>> managers;
  std::vector<std::unique_ptr<FileReplica>> replicas;
  std::vector<std::unique_ptr<Ignores>> scanners;
};

TEST_CASE("artifacts travel alike with one thread and with several") {
  const auto run = [](unsigned threads) {
    Everything world{threads};
    world.sites.run(2'000'000);
    std::vector<std::vector<Served>> served;
    for (const auto& gateway : world.sites.gateways) served.push_back(gateway->served);
    return std::tuple{served, world.sites.hops, world.sites.trips.size(), world.sites.simulation.events()};
  };
  const auto one = run(1);
  std::size_t served = 0;
  for (const auto& gateway : std::get<0>(one)) served += gateway.size();
  // 60 publications reach at least a puller, a poller and a scanner, but for those that a cut of 100 s holds up.
  CHECK(served > 3 * 50);
  CHECK(run(2) == one);
  CHECK(run(3) == one);
}

}  // namespace
}  // namespace parallax::propagation::artifacts
