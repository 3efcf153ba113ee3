// What the tables of a database look like. Every column holds a 64-bit integer: an id, an instant in nanoseconds, a
// word of an enumeration. Texts of the real tables are ids here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parallax::propagation::store {

using Value = std::int64_t;
using Column = std::uint8_t;

enum class TableId : std::uint16_t {};

constexpr std::size_t index(TableId table) { return static_cast<std::size_t>(table); }

/// What an INSERT takes where it gives kDefault. In a column of kNone that is a number like any other.
enum class Default : std::uint8_t {
  kNone,
  kSequence,    ///< the next number of the table's sequence at this site
  kDataCenter,  ///< the id of this site's data center (the DCID column of the multi-data-center scripts)
};

inline constexpr Value kDefault = INT64_MIN;

struct ColumnSpec {
  std::string name;
  Default otherwise{Default::kNone};
};

/// A combination of columns that no two rows may share.
struct Key {
  std::string name;
  std::vector<Column> columns;
};

/// What the deletion of a parent row does to its children.
enum class OnDelete : std::uint8_t {
  kNothing,  ///< refused while there are children
  kCascade,  ///< ON DELETE CASCADE: the parent goes, then the children
  kTrigger,  ///< a BEFORE DELETE trigger on the parent: the children go, then the parent
};

/// The column holds the primary key of a row of `parent`, which has a key of one column and stands before the table of
/// the children in the schema: so nobody is his own ancestor.
struct ForeignKey {
  std::string name;
  Column column;
  TableId parent;
  OnDelete on_delete{OnDelete::kNothing};
};

struct TableSpec {
  std::string name;
  std::vector<ColumnSpec> columns;
  std::optional<Key> primary;  ///< none: rows have no identity but their values
  std::vector<Key> unique;
  std::vector<ForeignKey> foreign;
  std::optional<Column> jurisdiction{};  ///< which column says whose law a row is under; none: nobody's
};

using Schema = std::vector<TableSpec>;

/// Requires: a table and a column of that name.
TableId table_named(const Schema& schema, std::string_view name);
Column column_named(const TableSpec& table, std::string_view name);

}  // namespace parallax::propagation::store
