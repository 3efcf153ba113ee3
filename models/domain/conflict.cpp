#include "models/domain/conflict.h"

namespace parallax::domain {

std::string_view name_of(ConflictKind kind) {
  switch (kind) {
    case ConflictKind::kInsertInsert:
      return "insert_insert";
    case ConflictKind::kUpdateUpdate:
      return "update_update";
    case ConflictKind::kUpdateMissing:
      return "update_missing";
    case ConflictKind::kDeleteChanged:
      return "delete_changed";
    case ConflictKind::kDeleteMissing:
      return "delete_missing";
    case ConflictKind::kSeveralKeys:
      return "several_keys";
    case ConflictKind::kNoParent:
      return "no_parent";
    case ConflictKind::kHasChildren:
      return "has_children";
    case ConflictKind::kMissingColumn:
      return "missing_column";
    case ConflictKind::kLeftOut:
      return "left_out";
    case ConflictKind::kResynchronised:
      return "resynchronised";
  }
  return "unknown";
}

std::string_view name_of(ConflictOutcome outcome) {
  switch (outcome) {
    case ConflictOutcome::kDiscarded:
      return "discarded";
    case ConflictOutcome::kOverwritten:
      return "overwritten";
    case ConflictOutcome::kStopped:
      return "stopped";
    case ConflictOutcome::kSkipped:
      return "skipped";
  }
  return "unknown";
}

}  // namespace parallax::domain
