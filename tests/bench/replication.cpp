#include "replication.h"

#include <sys/resource.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/replication/profiles.h"
#include "models/propagation/replication/stream.h"
#include "models/propagation/schema/api_schema.h"
#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::bench {

namespace {

namespace replication = propagation::replication;
namespace schema = propagation::schema;
namespace store = propagation::store;
namespace token = schema::token;
using store::Value;

constexpr sim::Duration kOneWay = sim::milliseconds(20);
constexpr sim::Duration kConnected = sim::seconds(1);
constexpr sim::Duration kDrained = sim::seconds(5);

// A data center commits this often, so many writes each time; every tenth time they are shipped.
constexpr sim::Duration kInterval = sim::milliseconds(10);
constexpr std::uint32_t kWritesEach = 500;
constexpr std::uint32_t kIntervalsToShipping = 10;

constexpr Value kConsumerApps = 1'000;

store::Schema tables() { return schema::api_schema({}); }

/// The clients of one data center. They have some writes in hand and begin with the first when main memory has been
/// asked for the rows of all, as the apply does: what is measured is not how long one miss of the cache takes.
class Writer final : public sim::EventHandler {
 public:
  Writer(replication::Replica& replica, const ReplicationSize& size)
      : replica_{replica},
        draws_{replica.site().stream("writer", "rows")},
        rows_wanted_{size.rows / size.data_centers},
        writes_left_{size.writes / size.data_centers},
        ids_{{.start = replica.rows().data_center(), .increment = size.data_centers}} {
    ids_held_.reserve(rows_wanted_);
    for (Value app = 1; app <= kConsumerApps; ++app) {
      replica.rows().load(schema::kConsumerApps, std::array{app, app, Value{1}}, domain::Version{});
    }
  }

  void start() { replica_.site().wake_after(kConnected, *this); }

  void on_event() override {
    static_assert(kWritesEach % kInHand == 0);
    for (std::uint32_t i = 0; i < kWritesEach && writes_left_ > 0; i += kInHand) {
      in_hand_.clear();
      for (; in_hand_.size() < kInHand && writes_left_ > 0; --writes_left_) in_hand_.push_back(next_write());
      fetch();
      for (const Write& next : in_hand_) write(next);
    }
    if (writes_left_ > 0) replica_.site().wake_after(kInterval, *this);
  }

 private:
  using Row = std::array<Value, token::kWidth>;
  enum class Kind : std::uint8_t { kInsert, kUpdate, kErase };
  struct Write {
    Kind kind;
    Value id;
  };

  Write next_write() {
    if (ids_held_.size() < rows_wanted_) {
      if (!ids_held_.empty() && draws_.next() % 2 != 0) return {Kind::kUpdate, ids_held_[draw_held()]};
      ids_held_.push_back(*ids_.take());
      return {Kind::kInsert, ids_held_.back()};
    }
    Value& held = ids_held_[draw_held()];
    const Write write{draws_.next() % 20 == 0 ? Kind::kErase : Kind::kUpdate, held};
    if (write.kind == Kind::kErase) {
      held = ids_held_.back();
      ids_held_.pop_back();
    }
    return write;
  }

  void fetch() const {
    for (const Write& next : in_hand_) tokens().fetch_place(primary_key(next));
    for (const Write& next : in_hand_) tokens().fetch_row(primary_key(next));
  }

  void write(const Write& next) {
    store::Transaction transaction = replica_.begin();
    switch (next.kind) {
      case Kind::kInsert:
        insert(transaction, next.id);
        break;
      case Kind::kUpdate:
        update(transaction, tokens().find(next.id));
        break;
      case Kind::kErase:
        erase(transaction, tokens().find(next.id));
        break;
    }
    replica_.commit(transaction, {}, {});
  }

  void insert(store::Transaction& transaction, Value id) {
    Row row{};
    row[token::kId] = row[token::kUser] = id;
    row[token::kConsumerApp] = 1 + id % kConsumerApps;
    row[token::kStateId] = kActive;
    row[token::kCreated] = replica_.site().now().ns;
    row[token::kDataCenter] = store::kDefault;
    transaction.insert(schema::kTokens, row, next_version(domain::Version{}));
  }

  void update(store::Transaction& transaction, store::Slot slot) {
    Row row;
    std::ranges::copy(tokens().values(slot), row.begin());
    row[token::kExpires] = replica_.site().now().ns;
    if (draws_.next() % 4 == 0) row[token::kStateId] = row[token::kStateId] == kActive ? row[token::kId] : kActive;
    transaction.update(schema::kTokens, slot, row, next_version(tokens().written(slot).version));
  }

  void erase(store::Transaction& transaction, store::Slot slot) {
    transaction.erase(schema::kTokens, slot, next_version(tokens().written(slot).version));
  }

  const store::Table& tokens() const { return replica_.rows().table(schema::kTokens); }
  static std::span<const Value> primary_key(const Write& write) {
    static_assert(token::kId == 0, "the columns of a row up to the last of its primary key");
    return {&write.id, 1};
  }
  std::size_t draw_held() { return static_cast<std::size_t>(draws_.below(ids_held_.size())); }
  domain::Version next_version(domain::Version version) const { return version.next(replica_.site().id()); }

  static constexpr Value kActive{-1};
  static constexpr std::size_t kInHand = 20;

  replication::Replica& replica_;
  sim::Stream draws_;
  std::size_t rows_wanted_;
  std::uint32_t writes_left_;
  store::Sequence ids_;
  std::vector<Value> ids_held_;
  std::vector<Write> in_hand_;
};

class Mesh {
 public:
  explicit Mesh(const ReplicationSize& size) : size_{size}, simulation_{simulation_spec(size)} {
    for (std::uint32_t i = 0; i < size.data_centers; ++i) {
      replicas_.push_back(std::make_unique<replication::Replica>(
          simulation_.site(static_cast<sim::SiteId>(i)), tables(),
          replication::ReplicaSpec{.name = "db", .layer = static_cast<domain::LayerId>(i), .data_center = i + 1}));
    }
    for (auto& origin : replicas_) {
      for (auto& target : replicas_) {
        if (origin != target) connect(*origin, *target);
      }
      writers_.push_back(std::make_unique<Writer>(*origin, size));
    }
  }

  ReplicationOutcome run() {
    simulation_.add_reader([this](std::span<const sim::Record> journal) { count(journal); });
    for (const auto& stream : streams_) stream->start();
    for (const auto& writer : writers_) writer->start();
    const auto intervals = static_cast<std::int64_t>(size_.writes / size_.data_centers / kWritesEach + 1);
    const auto start = std::chrono::steady_clock::now();
    const double cpu_start = cpu_seconds();
    simulation_.run(sim::VirtualTime{} + kConnected + kInterval * intervals + kDrained);
    outcome_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    outcome_.cpu_seconds = cpu_seconds() - cpu_start;
    outcome_.rows = replicas_.front()->rows().table(schema::kTokens).size();
    outcome_.are_equal = true;
    for (const auto& replica : replicas_) outcome_.are_equal &= checksum(*replica) == checksum(*replicas_.front());
    return outcome_;
  }

 private:
  static sim::SimulationSpec simulation_spec(const ReplicationSize& size) {
    sim::SimulationSpec spec{.seed = 1, .sites = {}, .links = {}, .outages = {}};
    for (std::uint32_t i = 0; i < size.data_centers; ++i) {
      spec.sites.push_back("dc-" + std::to_string(i));
      for (std::uint32_t other = 0; other < size.data_centers; ++other) {
        if (other == i) continue;
        spec.links.push_back(
            {static_cast<sim::SiteId>(i), static_cast<sim::SiteId>(other), sim::Distribution::constant(kOneWay)});
      }
    }
    return spec;
  }

  void connect(replication::Replica& origin, replication::Replica& target) {
    replication::StreamSpec spec = replication::last_writer_wins();
    spec.ship_interval = kInterval * kIntervalsToShipping;
    spec.ship_batch = spec.apply_batch = size_.batch;
    streams_.push_back(std::make_unique<replication::Stream>(
        replication::Stream::Party{origin, power_}, replication::Stream::Party{target, power_},
        origin.site().name() + " to " + target.site().name(), spec, std::vector<domain::Stage>{}));
  }

  void count(std::span<const sim::Record> journal) {
    for (const sim::Record& record : journal) {
      const domain::RecordKind kind = domain::kind_of(record.body);
      if (kind == domain::RecordKind::kRowConflict) ++outcome_.conflicts;
      if (kind != domain::RecordKind::kRowChanged) continue;
      const bool is_applied = domain::RowChanged::unpack(record.body).means == domain::RowMeans::kApply;
      ++(is_applied ? outcome_.applied : outcome_.written);
    }
  }

  // Whatever the order of the slots.
  static std::uint64_t checksum(const replication::Replica& replica) {
    const store::Table& table = replica.rows().table(schema::kTokens);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < table.slots(); ++i) {
      const auto slot = static_cast<store::Slot>(i);
      if (!table.written(slot).exists) continue;
      std::uint64_t row = table.written(slot).version.packed;
      for (const Value value : table.values(slot)) row = (row ^ static_cast<std::uint64_t>(value)) * 0x100'0000'01b3;
      sum += row;
    }
    return sum;
  }

  static double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }

  ReplicationSize size_;
  sim::Simulation simulation_;
  sim::Power power_;
  std::vector<std::unique_ptr<replication::Replica>> replicas_;
  std::vector<std::unique_ptr<replication::Stream>> streams_;
  std::vector<std::unique_ptr<Writer>> writers_;
  ReplicationOutcome outcome_;
};

}  // namespace

ReplicationOutcome replicate(const ReplicationSize& size) { return Mesh{size}.run(); }

}  // namespace parallax::bench
