// Sites with a replica each, and streams between them: what a world of data centers does with them, and nothing else.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/replication/profiles.h"
#include "models/propagation/replication/stream.h"
#include "sim/power.h"
#include "sim/simulation.h"

namespace parallax::test {

namespace replication = propagation::replication;
namespace store = propagation::store;
using replication::Replica;
using replication::Stream;
using replication::StreamSpec;
using store::TableId;
using store::Value;
using Row = std::vector<Value>;

// Tables: numbered rows with a text of their own, children of such rows, rows without any key, rows with a key alone;
// rows that say where they were written, one for each user; children that a trigger deletes before the row that they
// hang on, and what hangs on these in turn and keeps them from going.
constexpr TableId kItems{0};
constexpr TableId kChildren{1};
constexpr TableId kNotes{2};
constexpr TableId kPlain{3};
constexpr TableId kTokens{4};
constexpr TableId kTriggered{5};
constexpr TableId kLeaves{6};

inline store::Schema small_schema() {
  return {{"ITEM", {{"ID", store::Default::kSequence}, {"TEXT"}}, store::Key{"PK", {0}}, {{"TEXT_KEY", {1}}}, {}},
          {"CHILD", {{"ID"}, {"ITEM"}}, store::Key{"PK", {0}}, {}, {{"FK", 1, kItems, store::OnDelete::kCascade}}},
          {"NOTE", {{"A"}, {"B"}}, {}, {}, {}},
          {"PLAIN", {{"ID"}, {"VALUE"}}, store::Key{"PK", {0}}, {}, {}},
          {"TOKEN",
           {{"ID"}, {"USER"}, {"DCID", store::Default::kDataCenter}, {"TEXT"}},
           store::Key{"PK", {0}},
           {{"USER_KEY", {1}}},
           {}},
          {"TRIGGERED", {{"ID"}, {"ITEM"}}, store::Key{"PK", {0}}, {}, {{"FK", 1, kItems, store::OnDelete::kTrigger}}},
          {"LEAF", {{"ID"}, {"OF"}}, store::Key{"PK", {0}}, {}, {{"FK", 1, kTriggered, store::OnDelete::kNothing}}}};
}

constexpr sim::VirtualTime at_ms(std::int64_t ms) { return sim::VirtualTime{} + sim::milliseconds(ms); }
constexpr sim::VirtualTime at_s(std::int64_t s) { return sim::VirtualTime{} + sim::seconds(s); }

/// [from, until) of the way from one site to another.
struct Cut {
  std::size_t from_site;
  std::size_t to_site;
  sim::VirtualTime from;
  sim::VirtualTime until;
};

struct StreamWorldSpec {
  std::size_t sites{2};
  sim::Duration one_way{sim::milliseconds(40)};
  std::vector<Cut> cuts{};
  std::uint64_t seed{1};
  unsigned threads{1};
  std::vector<sim::Duration> clock_offsets{};
};

/// A row that has changed at a replica, as its listener hears of it.
struct Heard {
  sim::VirtualTime when;
  sim::SiteId where;
  TableId table;
  Value row;  ///< its first value
  store::Operation operation;
  domain::RowMeans means;
  store::Stamp stamp;
  domain::Version version;
  domain::Passage passage;
};

enum class Disk : std::uint8_t { kKept, kLost };

class StreamWorld {
 public:
  explicit StreamWorld(const StreamWorldSpec& spec = {}) : simulation{simulation_spec(spec)} {
    for (std::size_t i = 0; i < spec.sites; ++i) {
      const sim::Duration offset = i < spec.clock_offsets.size() ? spec.clock_offsets[i] : sim::Duration{};
      places_.push_back(std::make_unique<Place>(site(i), i, offset));
    }
    simulation.add_reader([this](std::span<const sim::Record> stretch) {
      records.insert(records.end(), stretch.begin(), stretch.end());
    });
  }

  sim::Site& site(std::size_t i) { return simulation.site(static_cast<sim::SiteId>(i)); }
  Replica& replica(std::size_t i) { return places_[i]->replica; }
  const store::Table& table(std::size_t i, TableId id) { return replica(i).rows().table(id); }
  const std::vector<Heard>& heard(std::size_t i) const { return places_[i]->witness.heard; }
  sim::Power& power(std::size_t i) { return places_[i]->power; }
  std::size_t sites() const { return places_.size(); }

  /// Begins at once, or at `starts` with an image.
  Stream& follow(std::size_t origin, std::size_t target, const StreamSpec& spec, sim::VirtualTime starts = {}) {
    Place& from = *places_[origin];
    Place& to = *places_[target];
    streams_.push_back(std::make_unique<Stream>(
        Stream::Party{from.replica, from.power}, Stream::Party{to.replica, to.power},
        from.replica.site().name() + " to " + to.replica.site().name(), spec, std::vector{domain::Stage::kLinkDown}));
    Stream* stream = streams_.back().get();
    from.outgoing.push_back({target, stream});
    to.incoming.push_back({origin, stream});
    stream->delivery().on_image([&to, stream] { to.image_came(*stream); });
    if (spec.synchronous != replication::Synchronous::kOff) from.replica.add_safekeeper(stream->shipping());
    starts == sim::VirtualTime{} ? stream->start() : stream->start_at(starts);
    return *stream;
  }

  /// All follow each other.
  void mesh(const StreamSpec& spec) {
    for (std::size_t i = 0; i < sites(); ++i) {
      for (std::size_t j = 0; j < sites(); ++j) {
        if (i != j) follow(i, j, spec);
      }
    }
  }

  template <typename Body>
  void at(std::size_t i, sim::VirtualTime when, Body body) {
    site(i).at(when, body);
  }

  // Transactions of one statement, now. Return the place behind it; nothing if the statement is refused.
  template <typename Statement>
  std::optional<store::Lsn> transact(std::size_t i, Statement statement) {
    store::Transaction transaction = replica(i).begin();
    if (!statement(transaction) || transaction.size() == 0) return std::nullopt;
    return replica(i).commit(transaction, {}, {domain::Stage::kNone, domain::Stage::kDatabaseWrite, site(i).now()});
  }
  std::optional<store::Lsn> insert(std::size_t i, TableId id, const Row& row) {
    return transact(i, [&](store::Transaction& t) {
      return static_cast<bool>(t.insert(id, row, domain::Version{}.next(site(i).id())));
    });
  }
  std::optional<store::Lsn> update(std::size_t i, TableId id, const Row& row) {
    const store::Slot slot = table(i, id).same_row(row);
    if (slot == store::kNoSlot) return std::nullopt;
    return transact(i, [&](store::Transaction& t) {
      return static_cast<bool>(t.update(id, slot, row, table(i, id).written(slot).version.next(site(i).id())));
    });
  }
  std::optional<store::Lsn> erase(std::size_t i, TableId id, const Row& row) {
    const store::Slot slot = table(i, id).same_row(row);
    if (slot == store::kNoSlot) return std::nullopt;
    return transact(i, [&](store::Transaction& t) {
      return static_cast<bool>(t.erase(id, slot, table(i, id).written(slot).version.next(site(i).id())));
    });
  }
  void define(std::size_t i, TableId id, const store::Definition& definition) {
    transact(i, [&](store::Transaction& t) {
      t.define(id, definition);
      return true;
    });
  }
  void truncate(std::size_t i, TableId id) {
    transact(i, [&](store::Transaction& t) { return t.truncate(id) == store::Refusal::kNone; });
  }
  /// There from the start, and nobody is sent it. Before the run.
  void load(std::size_t i, TableId id, const Row& row) { replica(i).rows().load(id, row, domain::Version::of(1, {})); }
  bool has(std::size_t i, TableId id, const Row& row) {
    const store::Slot slot = table(i, id).same_row(row);
    return slot != store::kNoSlot && std::ranges::equal(table(i, id).values(slot), row);
  }

  /// Power is gone in [from, until); with the disk the rows are, until another's image comes. Before the run.
  void lose(std::size_t i, sim::VirtualTime from, sim::VirtualTime until, Disk disk) {
    Place& place = *places_[i];
    place.power.plan_failure(from);
    place.site.at(from, [&place, disk] {
      place.power.fail(place.site.now());
      for (const Neighbour& to : place.outgoing) to.stream->origin_lost();
      for (const Neighbour& of : place.incoming) of.stream->target_lost();
      if (disk == Disk::kKept) return;
      place.is_in_step = place.incoming.empty();
      place.trusted.reset();
      place.replica.clear();
      for (const Neighbour& to : place.outgoing) to.stream->origin_disk_lost();
      for (const Neighbour& of : place.incoming) of.stream->target_disk_lost();
    });
    place.site.at(until, [this, &place] {
      place.power.restore();
      place.replica.restarted();
      for (const Neighbour& to : place.outgoing) to.stream->origin_restored();
      for (const Neighbour& of : place.incoming) of.stream->target_restored();
      ask_for_image(place);
      ask_trusted(place);
    });
  }

  /// Its rows become those of `source`. At its site.
  void resynchronise(std::size_t i, std::size_t source) {
    places_[i]->trusted = source;
    for (const Neighbour& of : places_[i]->incoming) of.stream->delivery().await_image();
    ask_trusted(*places_[i]);
  }

  bool is_in_step(std::size_t i) const { return places_[i]->is_in_step; }
  bool is_usable(std::size_t i) const { return places_[i]->is_in_step && places_[i]->power.is_on(); }

  void run(sim::VirtualTime end) { simulation.run(end); }

  // After the run.

  /// When a change of the row came by replication, in order.
  std::vector<sim::VirtualTime> arrivals(std::size_t i, Value row, TableId id = kPlain) const {
    std::vector<sim::VirtualTime> found;
    for (const Heard& one : heard(i)) {
      if (one.row == row && one.table == id && one.means == domain::RowMeans::kApply) found.push_back(one.when);
    }
    return found;
  }

  template <typename Body>
  std::vector<std::pair<Body, sim::Record>> all(domain::RecordKind kind, std::size_t where) const {
    std::vector<std::pair<Body, sim::Record>> found;
    for (const sim::Record& record : records) {
      const bool is_one = domain::kind_of(record.body) == kind && sim::index(record.id.site()) == where;
      if (is_one) found.emplace_back(Body::unpack(record.body), record);
    }
    return found;
  }
  auto conflicts(std::size_t i) const { return all<domain::RowConflict>(domain::RecordKind::kRowConflict, i); }
  auto stream_changes(std::size_t i) const { return all<domain::StreamChanged>(domain::RecordKind::kStreamChanged, i); }

  /// The instants of one kind of news about the streams to a replica.
  std::vector<sim::VirtualTime> stream_changes(std::size_t i, domain::StreamChange change) const {
    std::vector<sim::VirtualTime> found;
    for (const auto& [body, record] : stream_changes(i)) {
      if (body.change == change) found.push_back(record.time);
    }
    return found;
  }

  /// Rows with versions and stamps, by table, in any order.
  using Contents = std::vector<std::vector<std::tuple<Row, std::uint32_t, sim::VirtualTime, sim::SiteId>>>;
  Contents contents(std::size_t i) {
    Contents found;
    for (std::size_t t = 0; t < replica(i).rows().tables(); ++t) {
      const store::Table& rows = table(i, static_cast<TableId>(t));
      auto& list = found.emplace_back();
      for (std::size_t s = 0; s < rows.slots(); ++s) {
        const auto slot = static_cast<store::Slot>(s);
        const store::Written& written = rows.written(slot);
        if (!written.exists) continue;
        const auto values = rows.values(slot);
        list.emplace_back(Row{values.begin(), values.end()}, written.version.packed, written.stamp.committed,
                          written.stamp.origin);
      }
      std::sort(list.begin(), list.end());
    }
    return found;
  }

  sim::Simulation simulation;
  std::vector<sim::Record> records;

 private:
  struct Witness final : replication::RowListener {
    explicit Witness(sim::Site& where) : site{where} {}
    sim::RecordId row_changed(store::Transaction& transaction, std::size_t number,
                              const replication::Coming& how) override {
      const store::Change& change = transaction.change(number);
      heard.push_back({site.now(), site.id(), change.table, transaction.row(number)[0], change.operation, how.means,
                       change.stamp, change.version, how.passage});
      return {};
    }
    sim::Site& site;
    std::vector<Heard> heard;
  };

  struct Neighbour {
    std::size_t other;
    Stream* stream;
  };

  struct Place {
    Place(sim::Site& where, std::size_t i, sim::Duration clock_offset)
        : site{where},
          number{i},
          replica{where,
                  small_schema(),
                  {.name = "db" + std::to_string(i),
                   .layer = static_cast<domain::LayerId>(i),
                   .data_center = static_cast<Value>(i + 1),
                   .clock_offset = clock_offset}},
          witness{where} {
      replica.listen(witness);
    }
    void image_came(const Stream& from) {
      is_in_step = true;
      trusted.reset();
      for (const Neighbour& of : incoming) {
        if (of.stream != &from) of.stream->delivery().image_came_from_elsewhere();
      }
    }

    sim::Site& site;
    std::size_t number;
    sim::Power power;
    Replica replica;
    Witness witness;
    std::vector<Neighbour> outgoing;
    std::vector<Neighbour> incoming;
    std::size_t asked{0};
    std::optional<std::size_t> trusted;
    bool is_in_step{true};
  };

  static sim::SimulationSpec simulation_spec(const StreamWorldSpec& world) {
    sim::SimulationSpec spec{.seed = world.seed, .sites = {}, .links = {}, .outages = {}};
    spec.threads = world.threads;
    spec.faults = 1;
    for (std::size_t i = 0; i < world.sites; ++i) {
      spec.sites.push_back("site" + std::to_string(i));
      spec.end_sites.push_back(static_cast<sim::SiteId>(i));  // a way that is cut has no detour
      for (std::size_t j = 0; j < world.sites; ++j) {
        if (i == j) continue;
        for (const Cut& cut : world.cuts) {
          if (cut.from_site != i || cut.to_site != j) continue;
          spec.outages.push_back({static_cast<sim::LinkId>(spec.links.size()), cut.from, cut.until, 0});
        }
        spec.links.push_back(
            {static_cast<sim::SiteId>(i), static_cast<sim::SiteId>(j), sim::Distribution::constant(world.one_way)});
      }
    }
    return spec;
  }

  void ask(Place& place, std::size_t source) {
    place.site.send(static_cast<sim::SiteId>(source), [this, source, asker = place.number] {
      const Place& from = *places_[source];
      if (!from.power.is_on() || !from.is_in_step) return;
      for (const Neighbour& to : from.outgoing) {
        if (to.other == asker) to.stream->shipping().send_image();
      }
    });
  }

  // The sources in turn, until one's image has come.
  void ask_for_image(Place& place) {
    if (place.is_in_step || !place.power.is_on()) return;
    ask(place, place.incoming[place.asked++ % place.incoming.size()].other);
    place.site.after(sim::seconds(5), [this, &place, life = place.power.life()] {
      if (!place.power.outlived(life)) ask_for_image(place);
    });
  }

  void ask_trusted(Place& place) {
    if (!place.trusted || !place.power.is_on()) return;
    ask(place, *place.trusted);
    place.site.after(sim::seconds(5), [this, &place, life = place.power.life()] {
      if (!place.power.outlived(life)) ask_trusted(place);
    });
  }

  std::vector<std::unique_ptr<Place>> places_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

/// Nothing but the way takes time, and conflicts are settled by nobody; timers are exact.
inline StreamSpec plain_stream() {
  StreamSpec spec;
  spec.connection.tick = {};
  return spec;
}

/// The later commit wins, also of a row that is missing or deleted.
inline StreamSpec latest_wins() {
  StreamSpec spec = plain_stream();
  spec.rules.insert_insert = replication::Resolution::kLatest;
  spec.rules.update_update = replication::Resolution::kLatest;
  return spec;
}

/// Both ways between two sites.
inline std::vector<Cut> both_ways(sim::VirtualTime from, sim::VirtualTime until, std::size_t a = 0, std::size_t b = 1) {
  return {{a, b, from, until}, {b, a, from, until}};
}

}  // namespace parallax::test
