// A database as replication knows it: rows, the log of what was committed, and who reads it. Writes a journal record
// for each row that changes and for each conflict.
#pragma once

#include <coroutine>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/domain/journal.h"
#include "models/propagation/replication/applier.h"
#include "models/propagation/replication/rules.h"
#include "models/propagation/replication/wal_writer.h"
#include "models/propagation/store/store.h"
#include "models/propagation/store/transaction.h"
#include "sim/site.h"

namespace parallax::propagation::replication {

struct ReplicaSpec {
  std::string name;  ///< of its random streams
  domain::LayerId layer{};
  std::uint16_t first_table{0};  ///< added to table numbers in the journal, where a site has several databases
  store::Value data_center{1};   ///< default of DCID columns
  sim::Duration clock_offset{};  ///< of the clock that stamps its commits
  domain::DatabaseKind kind{};
};

/// How a change came to stand here.
struct Coming {
  domain::RowMeans means{};
  sim::RecordId cause;
  domain::Passage passage;
};

/// Keeps what is derived from rows. Told of each change of a transaction that is being committed.
class RowListener {
 public:
  virtual ~RowListener() = default;
  /// Returns a record of its own that later changes elsewhere are caused by; nothing if it has none.
  virtual sim::RecordId row_changed(store::Transaction& transaction, std::size_t change, const Coming& how) = 0;
};

/// Somebody whom a commit waits for: a stream to a synchronous replica.
class Safekeeper {
 public:
  virtual ~Safekeeper() = default;
  /// Runs `done` once what is below `place` of the log is safe there.
  virtual void when_safe(store::Lsn place, const sim::Action& done) = 0;
};

/// Which rows a reader of a log wants to see. Of the others it is enough that they have changed.
enum class Reads : std::uint8_t { kOwnRows, kAllRows };

/// Of each site whose log a replica follows: the place below which it has applied all of it.
using Places = std::vector<std::optional<store::Lsn>>;

class Replica {
 public:
  Replica(sim::Site& site, const store::Schema& schema, const ReplicaSpec& spec);

  sim::Site& site() const { return site_; }
  const store::Store& rows() const { return store_; }
  store::Store& rows() { return store_; }
  domain::LayerId layer() const { return spec_.layer; }
  domain::DatabaseKind kind() const { return spec_.kind; }
  void listen(RowListener& listener) { listener_ = &listener; }

  /// A transaction of its own clients, now. Of a read-only replica, or on a full disk: every statement is refused.
  store::Transaction begin();
  void set_access(store::Access access) { access_ = access; }
  bool is_writable() const { return access_ == store::Access::kWrite && filled_by_.empty(); }

  // Faults, each with a number: there is no room for a write while there is any. Each that is refused is to be counted
  // by whoever refuses it, for the one that came first; begin() does.
  void fill_by(std::uint32_t fault) { filled_by_.push_back(fault); }
  void no_more_full_by(std::uint32_t fault) { std::erase(filled_by_, fault); }
  bool is_full() const { return !filled_by_.empty(); }
  void count_refusal() { site_.touched_by(filled_by_.front()); }

  /// Returns the place in the log behind it. `cause` is the record that sent the write on its way.
  store::Lsn commit(store::Transaction& transaction, sim::RecordId cause, const domain::Passage& passage);

  /// co_await replica.safe(place), at its site: until all safekeepers have what is below.
  auto safe(store::Lsn place) { return SafeAwaiter{*this, place}; }
  void add_safekeeper(Safekeeper& keeper) { safekeepers_.push_back(&keeper); }

  /// The transaction changes[first..first + count) of another replica, by these rules. False: it cannot be applied,
  /// the journal says why, nothing was changed and what its other conflicts would have come to is not told.
  /// kByWalWriter: its log can be read after the WAL writer's flush only.
  enum class Flush : std::uint8_t { kAtCommit, kByWalWriter };
  bool apply(const store::Changes& changes, std::size_t first, std::size_t count, const ApplyRules& rules,
             const domain::Passage& passage, Flush flush, store::Slot guess = store::kNoSlot);

  /// Change `number` will be applied soon; has what it needs fetched from main memory: the place in the index of its
  /// table, a few changes later its row, and a few changes later again the places of other keys that it changes.
  /// `guess`: where its row is, which kRow sets and apply() may be told of the first change.
  enum class Fetch : std::uint8_t { kPlace, kRow, kKeys };
  void expect(const store::Changes& changes, std::size_t number, Fetch what, store::Slot& guess) const;

  /// The same transaction is left out, for an operator has said so.
  void skip(const store::Changes& changes, std::size_t first, std::size_t count);

  /// Every row of every table, as insertions.
  store::Changes image() const;

  /// It will have an image's rows: until then its log is kept, which alone can say what of it the image has not seen.
  void expect_image();

  /// Has the rows of `image` and no others. What is lost by it is a conflict with the outcome kOverwritten: a row, or a
  /// deletion behind `seen`, the place below which the image holds all of this log. Nobody is sent any of it: readers
  /// go on from log_end().
  void become(const store::Changes& image, const domain::Passage& passage, std::optional<store::Lsn> seen = {});

  /// Its host has started again; all of its log can be read.
  void restarted();

  /// Its disk is gone, and the log with it; the host loads what it starts with again.
  void clear();

  /// Whose law the row of a change is under.
  domain::Jurisdiction jurisdiction_of(const store::Change& change, std::span<const store::Value> row) const;

  // Readers of the log, who are told when there is more to read.
  using ReaderId = std::size_t;
  ReaderId add_reader(Reads reads, std::function<void()> news);
  store::Lsn readable_end() const { return readable_end_; }

  /// Where its log last ended for nobody to read on: its disk was lost, or another's image took the place of its rows.
  store::Lsn log_broken_off() const { return log_broken_off_; }

  /// The reader needs nothing below any more; what nobody needs is dropped.
  void release(ReaderId reader, store::Lsn below);

  /// The reader needs it from there on, though it has said otherwise. Requires: log_begin() <= from <= log_end().
  void hold(ReaderId reader, store::Lsn from) { readers_[reader].needs = from; }

  // What its rows hold of other replicas' logs, so that who takes an image of them can go on from there.
  const Places& places() const { return places_; }
  std::optional<store::Lsn> place_in(sim::SiteId origin) const;
  void set_place(sim::SiteId origin, store::Lsn place);
  void set_places(const Places& places) { places_ = places; }

 private:
  struct SafeAwaiter {
    Replica& replica;
    store::Lsn place;
    std::size_t missing{0};

    bool await_ready() const { return replica.safekeepers_.empty(); }
    void await_suspend(std::coroutine_handle<> process) {
      missing = replica.safekeepers_.size();
      for (Safekeeper* keeper : replica.safekeepers_) {
        keeper->when_safe(place, [this, process] {
          if (--missing == 0) replica.site_.wake_after({}, process);
        });
      }
    }
    void await_resume() const {}
  };

  enum class Fate : std::uint8_t { kUnknownToImage, kSuperseded, kStays };

  domain::RowChanged row_changed(const store::Transaction& transaction, std::size_t change,
                                 domain::RowMeans means) const;
  void journal(store::Transaction& transaction, std::size_t change, const Coming& how);
  void journal_undone(const store::Transaction& transaction, const store::Changes& changes, std::size_t first);
  bool enforce(store::Transaction& transaction, store::Firing firing, std::size_t last);
  void journal_conflicts(const store::Changes& changes, std::span<const Conflict> conflicts);
  void journal_conflict(const store::Change& change, std::uint64_t row, const Conflict& conflict);
  std::vector<std::size_t> erase_what_differs(store::Transaction& transaction, const store::Changes& image);
  void journal_loss(store::TableId id, store::Slot slot);
  void journal_deletions_undone(store::Lsn seen, store::Lsn end);
  void finish(store::Transaction& transaction, Flush flush);
  void account();
  void readable(store::Lsn below);
  void drop_log();
  void clear_log();
  store::Slot row_like(const store::Change& change, std::span<const store::Value> row,
                       const std::vector<Fate>& fates) const;
  std::uint64_t identity(const store::Change& change, std::span<const store::Value> row) const;

  sim::Site& site_;
  ReplicaSpec spec_;
  store::Store store_;
  WalWriter wal_;
  store::Access access_{store::Access::kWrite};
  std::vector<std::uint32_t> filled_by_;
  RowListener* listener_{nullptr};
  std::vector<Safekeeper*> safekeepers_;
  store::Lsn readable_end_{0};
  store::Lsn log_broken_off_{0};
  bool is_forwarded_{false};  ///< what others have written: a reader reads it here
  struct Reader {
    std::function<void()> news;
    store::Lsn needs;
  };
  std::vector<Reader> readers_;
  std::optional<store::Lsn> kept_for_image_;  ///< the log from there on
  Places places_;                             ///< by site
  std::vector<Conflict> conflicts_;           ///< of the transaction that is being applied
  std::vector<std::size_t> first_change_of_;  ///< likewise: of each incoming change, among those that it made
  std::int64_t accounted_{0};
};

}  // namespace parallax::propagation::replication
