#include "models/propagation/caches/global_invalidation.h"

namespace parallax::propagation::caches {

using domain::Stage;

void GlobalInvalidation::remove(domain::ObjectRef object, domain::Version replaced_by, sim::RecordId cause) {
  const sim::VirtualTime now = local_.site().now();
  local_.told(object, replaced_by);
  local_.drop_object(object, cause, {Stage::kNone, Stage::kNone, now});
  if (spec_.mode == GlobalInvalidationMode::kOff) return;
  broker::Event event;
  event.id = numbers_.next();
  event.cause = cause;
  event.published = now;
  event.passage = {Stage::kNone, Stage::kNone, now};
  event.object = object;
  event.version = replaced_by;
  event.detail = spec_.address.packed();
  event.topic = spec_.topic;
  ++sent_;
  publish_(event);
}

// The publisher is in the event's number.
bool GlobalInvalidation::is_meant_for_me(const broker::Event& event) const {
  const bool is_own = event.id >> 48 == static_cast<std::uint64_t>(node_);
  return event.topic == spec_.topic && !is_own && CacheAddress::unpack(event.detail) == spec_.address;
}

void GlobalInvalidation::act_on(const broker::Event& event) {
  if (spec_.mode == GlobalInvalidationMode::kOff || !is_meant_for_me(event)) return;
  ++obeyed_;
  local_.told(event.object, event.version);
  local_.drop_object(event.object, event.cause, event.passage);
}

}  // namespace parallax::propagation::caches
