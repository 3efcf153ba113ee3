#include "models/propagation/store/schema.h"

#include <algorithm>
#include <cassert>

namespace parallax::propagation::store {

TableId table_named(const Schema& schema, std::string_view name) {
  const auto found = std::find_if(schema.begin(), schema.end(), [&](const TableSpec& t) { return t.name == name; });
  assert(found != schema.end());
  return static_cast<TableId>(found - schema.begin());
}

Column column_named(const TableSpec& table, std::string_view name) {
  const auto found =
      std::find_if(table.columns.begin(), table.columns.end(), [&](const ColumnSpec& c) { return c.name == name; });
  assert(found != table.columns.end());
  return static_cast<Column>(found - table.columns.begin());
}

}  // namespace parallax::propagation::store
