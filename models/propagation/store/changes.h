// Row changes one after the other, as a log holds them and a stream ships them: flat, so that a batch is two copies.
//
// A change carries the whole new row (insert, update) or the whole old one (delete); an update both where the new one
// does not say which row it replaces: in a table without a key, and where the key itself changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/domain/ids.h"
#include "models/propagation/store/schema.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::propagation::store {

enum class Operation : std::uint8_t { kInsert, kUpdate, kDelete, kDefinition };

/// What made a change at the database where it stands. kTruncation: a row that went with its whole table; the log says
/// so in front of it, and each replica empties its own table.
enum class Means : std::uint8_t { kStatement, kCascade, kTrigger, kTruncation };

/// Where and when a row was last written by somebody, which replication carries along.
struct Stamp {
  sim::VirtualTime committed;  ///< by the clock of the origin
  sim::SiteId origin{};
  friend constexpr bool operator==(const Stamp&, const Stamp&) = default;
};

struct Change {
  std::uint64_t first_value{0};  ///< within its block
  sim::RecordId record;          ///< of the commit at the origin
  Stamp stamp;
  domain::Version version;
  domain::Version before;  ///< that it replaced at the origin
  TableId table{};
  std::uint16_t width{0};  ///< columns of the table at the origin
  Operation operation{};
  Means means{};
  bool ends_transaction{false};
  bool moves{false};  ///< an update that changes a unique key
};

class Changes {
 public:
  std::size_t size() const { return changes_.size() - dropped_; }
  bool empty() const { return size() == 0; }

  Change& operator[](std::size_t i) { return changes_[dropped_ + i]; }
  const Change& operator[](std::size_t i) const { return changes_[dropped_ + i]; }

  /// The row as of the change: the new one, of a deletion the old one.
  std::span<const Value> row(std::size_t i) const { return {values_of(i), (*this)[i].width}; }

  /// The row that an update replaces; empty where it was not kept.
  std::span<const Value> old_row(std::size_t i) const { return values(i).subspan((*this)[i].width); }

  /// An empty `old_row` is not kept.
  void add(const Change& change, std::span<const Value> row, std::span<const Value> old_row = {});

  /// Copies changes [first, first + count) of another block.
  void add(const Changes& other, std::size_t first, std::size_t count = 1);

  /// Change i + ahead will be read soon, with its row: main memory is asked for both, as far as they lie where they do
  /// if rows are alike.
  void fetch(std::size_t i, std::size_t ahead) const;

  /// Forgets the rows of the last `count`: row() is then empty.
  void strip_last(std::size_t count);

  /// Takes the last `count` away again.
  void remove_last(std::size_t count);

  /// Takes the first `count` away; amortised over all additions.
  void drop_first(std::size_t count);
  void clear();

  /// Bytes held.
  std::size_t bytes() const { return changes_.capacity() * sizeof(Change) + values_.capacity() * sizeof(Value); }

 private:
  const Value* values_of(std::size_t i) const { return values_.data() + ((*this)[i].first_value - dropped_values_); }

  /// All that it carries.
  std::span<const Value> values(std::size_t i) const {
    const Value* end = i + 1 < size() ? values_of(i + 1) : values_.data() + values_.size();
    return {values_of(i), end};
  }

  std::vector<Change> changes_;
  std::vector<Value> values_;
  std::size_t dropped_{0};           ///< changes at the front that are gone
  std::uint64_t dropped_values_{0};  ///< values that were erased before values_[0]
};

}  // namespace parallax::propagation::store
