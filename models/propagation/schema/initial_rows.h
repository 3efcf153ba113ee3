// The rows that every replica has when the run starts.
#pragma once

#include "models/domain/catalog.h"
#include "models/propagation/schema/api_schema.h"
#include "models/propagation/schema/key_numbers.h"
#include "models/propagation/store/store.h"

namespace parallax::propagation::schema {

/// Loads the catalog's rows and sets the sequences behind them. Requires: an empty store of api_schema().
void load_rows(store::Store& store, const domain::Catalog& catalog, const KeyNumbers& numbers);

}  // namespace parallax::propagation::schema
