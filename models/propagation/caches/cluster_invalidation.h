// Members that tell each other what to forget of their own memory (carbon-kernel's ClusterCacheInvalidationRequest,
// sent to every other member of the cluster). A message that a cut keeps back comes after it, unless the other side is
// given up until then: then it is lost.
//
// The storm of wso2/product-apim 9468: where what a receiver does with the message counts as a removal of its own, it
// tells all others again. Of n members that all hold an entry the first tells n - 1, and each of these n - 1 again: n
// (n - 1) messages instead of n - 1. Where putting an entry is told too, whoever asks the key manager and puts the
// answer makes the others forget theirs, who ask, and put, and make it forget: as long as calls come there is no end,
// and hardly a hit.
#pragma once

#include <cstdint>

#include "models/propagation/caches/local_cache.h"
#include "models/propagation/caches/side.h"
#include "models/propagation/caches/spec.h"

namespace parallax::propagation::caches {

class ClusterInvalidation final : private ForgetEar {
 public:
  ClusterInvalidation(LocalCache& local, Side& side, MemberId member, const ClusterInvalidationSpec& spec);
  ClusterInvalidation(const ClusterInvalidation&) = delete;
  ClusterInvalidation& operator=(const ClusterInvalidation&) = delete;

  /// Its host has learned that this is not to be used any more. Requires: `cause` was recorded now.
  void remove(const Key& key, domain::Version replaced_by, sim::RecordId cause);

  /// Its host has put this; `record` tells of it.
  void was_put(const Key& key, domain::Version version, sim::RecordId record);

  std::uint64_t sent() const { return sent_; }

 private:
  void tell(const Key& key, domain::Version version, sim::RecordId cause);
  void told_to_forget(const Message& message) override;

  LocalCache& local_;
  Side& side_;
  MemberId member_;
  ClusterInvalidationSpec spec_;
  std::uint64_t sent_{0};
};

}  // namespace parallax::propagation::caches
