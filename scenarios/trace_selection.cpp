#include "scenarios/trace_selection.h"

#include <algorithm>

#include "models/domain/journal.h"

namespace parallax::scenarios {

using domain::ObjectRef;
using domain::RecordKind;

TraceSelection::TraceSelection(sim::Duration run) : slot_{std::max<std::int64_t>(1, run.ns / kSlots)} {}

void TraceSelection::read(const sim::Record& record) {
  switch (domain::kind_of(record.body)) {
    case RecordKind::kChangeInvoked:
      return invoked(record);
    case RecordKind::kChangeAcknowledged:
    case RecordKind::kChangeAbandoned:
      return ended(record);
    case RecordKind::kEntryPut: {
      const auto put = domain::EntryPut::unpack(record.body);
      return add_step(record, put.object, put.companion.object);
    }
    case RecordKind::kEntryDropped: {
      const auto dropped = domain::EntryDropped::unpack(record.body);
      return add_step(record, dropped.object, dropped.companion);
    }
    case RecordKind::kHop:
      return add_step(record, domain::Hop::unpack(record.body).object, ObjectRef::nothing());
    case RecordKind::kEventLost:
      return add_step(record, domain::EventLost::unpack(record.body).object, ObjectRef::nothing());
    default:
      return;
  }
}

void TraceSelection::invoked(const sim::Record& record) {
  const auto change = domain::ChangeInvoked::unpack(record.body);
  Count& count = changes_[change.change];
  ++count.all;
  auto& [slot, taken] = in_slot_[change.change];
  const std::int64_t now = record.time.ns / slot_.ns;
  if (slot != now) taken = 0;
  slot = now;
  if (taken >= kShown || steps_.size() >= kMostSteps) return;
  ++taken;
  ++count.shown;
  const auto number = static_cast<std::uint32_t>(steps_.size());
  by_object_[change.object.packed] = number;
  keep(record, std::nullopt, number);
}

// Whatever else is left out: each change that begins in the trace ends there.
void TraceSelection::ended(const sim::Record& record) {
  const auto invocation = find(record.cause);
  if (invocation) keep(record, invocation, change_of_step_[*invocation]);
}

void TraceSelection::add_step(const sim::Record& record, ObjectRef object, ObjectRef companion) {
  const auto cause = find(record.cause);
  const auto change = change_of(cause, object, companion);
  if (!change) return;
  std::size_t& steps = steps_of_[*change];
  if (steps >= kMostStepsOfChange || steps_.size() >= kMostSteps) {
    ++left_out_;
    return;
  }
  ++steps;
  keep(record, cause, *change);
}

std::optional<std::uint32_t> TraceSelection::change_of(std::optional<std::uint32_t> cause, ObjectRef object,
                                                       ObjectRef companion) const {
  if (cause) return change_of_step_[*cause];
  auto found = by_object_.find(object.packed);
  if (found == by_object_.end() && companion.exists()) found = by_object_.find(companion.packed);
  return found == by_object_.end() ? std::nullopt : std::optional(found->second);
}

void TraceSelection::keep(const sim::Record& record, std::optional<std::uint32_t> cause, std::uint32_t change) {
  by_record_[record.id.packed] = static_cast<std::uint32_t>(steps_.size());
  steps_.push_back({record, cause});
  change_of_step_.push_back(change);
}

std::optional<std::uint32_t> TraceSelection::find(sim::RecordId record) const {
  const auto found = by_record_.find(record.packed);
  return found == by_record_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace parallax::scenarios
