#include "tests/models/propagation/truth/database_line.h"

#include <array>
#include <limits>
#include <memory>
#include <string>

#include "models/domain/journal.h"
#include "models/propagation/replication/stream.h"
#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::test {

namespace replication = propagation::replication;
namespace store = propagation::store;

namespace {

// Replication has connected and settled by then.
constexpr sim::Duration kWarmUp = sim::seconds(5);

store::Schema one_table() { return {{"T", {{"ID"}, {"VALUE"}}, store::Key{"PK", {0}}, {}, {}}}; }

class Line {
 public:
  Line(const LineSetting& setting, std::uint64_t seed)
      : setting_{setting},
        cut_from_{cut_at(seed)},
        simulation_{spec(seed)},
        gaps_{simulation_.site({}).stream("writer", "gaps")} {
    for (std::size_t i = 0; i < setting.databases; ++i) {
      const auto layer = static_cast<domain::LayerId>(i);
      replicas_.push_back(std::make_unique<replication::Replica>(
          site(i), one_table(), replication::ReplicaSpec{.name = "db" + std::to_string(i), .layer = layer}));
    }
    replication::StreamSpec stream = setting.stream;
    stream.forwarding = replication::Forwarding::kNotToOrigin;
    stream.connection.client_silence_timeout = stream.connection.server_silence_timeout = setting.silence_timeout;
    for (std::size_t i = 0; i + 1 < setting.databases; ++i) {
      streams_.push_back(std::make_unique<replication::Stream>(
          replication::Stream::Party{*replicas_[i], power_}, replication::Stream::Party{*replicas_[i + 1], power_},
          "hop" + std::to_string(i), stream, std::vector{domain::Stage::kLinkDown}));
    }
  }

  std::vector<Seen> run() {
    simulation_.add_reader([this](std::span<const sim::Record> journal) {
      for (const sim::Record& record : journal) note(record);
    });
    for (const auto& stream : streams_) stream->start();
    site(0).after(kWarmUp, [this] { write(); });
    simulation_.run(sim::VirtualTime{} + kWarmUp + setting_.greatest_gap * setting_.rows + sim::minutes(4));
    return std::move(seen_);
  }

 private:
  sim::Site& site(std::size_t i) { return simulation_.site(static_cast<sim::SiteId>(i)); }

  // Some 3 s after the first row, as in the measurements, and at no fixed phase.
  sim::VirtualTime cut_at(std::uint64_t seed) const {
    sim::Stream stream{seed, "cut", "phase"};
    return sim::VirtualTime{} + kWarmUp + sim::seconds(3) +
           sim::Distribution::uniform({}, sim::seconds(1)).sample(stream);
  }

  sim::SimulationSpec spec(std::uint64_t seed) const {
    sim::SimulationSpec spec{.seed = seed, .sites = {}, .links = {}, .outages = {}};
    const auto delay =
        sim::Distribution::uniform(setting_.one_way - setting_.jitter, setting_.one_way + setting_.jitter);
    for (std::size_t i = 0; i < setting_.databases; ++i) {
      spec.sites.push_back("site" + std::to_string(i));
      if (i == 0) continue;
      const auto here = static_cast<sim::SiteId>(i);
      const auto before = static_cast<sim::SiteId>(i - 1);
      spec.links.push_back({before, here, delay});
      spec.links.push_back({here, before, delay});
    }
    if (!setting_.cut) return spec;
    spec.faults = 1;
    for (std::uint32_t link = 0; link < spec.links.size(); ++link) {
      spec.outages.push_back({static_cast<sim::LinkId>(link), cut_from_, cut_from_ + *setting_.cut, 0});
    }
    return spec;
  }

  void write() {
    const std::array<store::Value, 2> row{static_cast<store::Value>(seen_.size()), 1};
    const double since_cut = static_cast<double>((site(0).now() - cut_from_).ns) / 1e6;
    seen_.push_back({since_cut, {}});
    committed_.push_back(site(0).now());
    store::Transaction transaction = replicas_[0]->begin();
    transaction.insert(store::TableId{0}, row, domain::Version{}.next({}));
    replicas_[0]->commit(transaction, {}, {});
    if (seen_.size() == setting_.rows) return;
    const auto gap = sim::Distribution::uniform(setting_.least_gap, setting_.greatest_gap);
    site(0).after(gap.sample(gaps_), [this] { write(); });
  }

  void note(const sim::Record& record) {
    if (domain::kind_of(record.body) != domain::RecordKind::kRowChanged) return;
    const auto changed = domain::RowChanged::unpack(record.body);
    if (changed.means != domain::RowMeans::kApply) return;
    const auto row = static_cast<std::size_t>(changed.row);
    seen_[row].windows.push_back(static_cast<double>((record.time - committed_[row]).ns) / 1e6);
  }

  LineSetting setting_;
  sim::VirtualTime cut_from_;
  sim::Simulation simulation_;
  sim::Power power_;
  sim::Stream gaps_;
  std::vector<std::unique_ptr<replication::Replica>> replicas_;
  std::vector<std::unique_ptr<replication::Stream>> streams_;
  std::vector<Seen> seen_;
  std::vector<sim::VirtualTime> committed_;
};

}  // namespace

std::vector<Seen> run_line(const LineSetting& setting, std::uint64_t seed) { return Line{setting, seed}.run(); }

}  // namespace parallax::test
