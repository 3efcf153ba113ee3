// What the ways to a database say of their stages.
#pragma once

#include "models/domain/declared_stage.h"
#include "models/propagation/access/spec.h"
#include "models/propagation/spec.h"

namespace parallax::propagation {

/// An answer under way, from the instant at which the database was read.
inline domain::DeclaredStage declared_answer(const DatabaseSpec& own) {
  return domain::stage_of(domain::Stage::kDatabaseRead, own.access_time);
}
inline domain::DeclaredStage declared_answer(const ConnectionPoolSpec& pool, const domain::WaySpan& way_back) {
  return domain::stage_over(domain::Stage::kDatabaseRead, way_back, pool.service_time, pool.service_time);
}

/// A question and its answer. Over a pool a connection may have to be opened, or waited for.
inline domain::DeclaredStage declared_question(const DatabaseSpec& own) {
  return domain::stage_of(domain::Stage::kDatabaseRead, own.access_time * std::int64_t{2});
}

}  // namespace parallax::propagation
