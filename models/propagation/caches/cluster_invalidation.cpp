#include "models/propagation/caches/cluster_invalidation.h"

namespace parallax::propagation::caches {

using domain::Stage;

ClusterInvalidation::ClusterInvalidation(LocalCache& local, Side& side, MemberId member,
                                         const ClusterInvalidationSpec& spec)
    : local_{local}, side_{side}, member_{member}, spec_{spec} {
  side.listen(member, *this);
}

void ClusterInvalidation::remove(const Key& key, domain::Version replaced_by, sim::RecordId cause) {
  local_.told(key.object, replaced_by);
  local_.drop(key, cause, {Stage::kNone, Stage::kNone, local_.site().now()});
  tell(key, replaced_by, cause);
}

void ClusterInvalidation::was_put(const Key& key, domain::Version version, sim::RecordId record) {
  if (spec_.tells == Tells::kPutsToo) tell(key, version, record);
}

void ClusterInvalidation::tell(const Key& key, domain::Version version, sim::RecordId cause) {
  Message message;
  message.verb = Verb::kInvalidate;
  message.from = member_;
  message.key = key;
  message.copy.version = version;
  message.copy.put = cause;
  message.at = local_.site().now();
  sent_ += side_.tell_others(message);
}

// What it tells again goes on from a hop here.
void ClusterInvalidation::told_to_forget(const Message& message) {
  const domain::Passage passage{Stage::kNone, message.stage, message.at};
  local_.told(message.key.object, message.copy.version);
  if (!local_.drop(message.key, message.copy.put, passage) || spec_.on_receipt == OnReceipt::kForget) return;
  const domain::Hop hop{side_.roster()[member_].node, message.key.object, passage};
  tell(message.key, message.copy.version, local_.site().record(hop.pack(), message.copy.put));
}

}  // namespace parallax::propagation::caches
