// Changes of two replicas that collide when one reaches the other.
#pragma once

#include <cstdint>
#include <string_view>

namespace parallax::domain {

/// By what comes in, and what it meets.
enum class ConflictKind : std::uint8_t {
  kInsertInsert,    ///< another row has one of its keys
  kUpdateUpdate,    ///< the row is not the version that was updated
  kUpdateMissing,   ///< the row to be updated is not there
  kDeleteChanged,   ///< the row to be deleted is not the version that was deleted
  kDeleteMissing,   ///< the row to be deleted is not there
  kSeveralKeys,     ///< more than one row is in its way
  kNoParent,        ///< the row that it refers to is not there
  kHasChildren,     ///< other rows refer to the row to be deleted
  kMissingColumn,   ///< the table has fewer columns than where it comes from
  kLeftOut,         ///< an operator let the stream go on behind it
  kResynchronised,  ///< the row differs from the trusted source's, whose image takes its place
};

enum class ConflictOutcome : std::uint8_t {
  kDiscarded,    ///< what came in is lost here
  kOverwritten,  ///< what was here is lost
  kStopped,      ///< neither: the stream stands still
  kSkipped,      ///< an operator had the transaction left out
};

std::string_view name_of(ConflictKind kind);
std::string_view name_of(ConflictOutcome outcome);

}  // namespace parallax::domain
