#include "models/runtime/file_deployer.h"

namespace parallax::runtime {

using propagation::artifacts::Completeness;
using propagation::artifacts::Parcel;

void FileDeployer::take(const Parcel& parcel) { found(parcel, {1, 1}); }

void FileDeployer::found(const Parcel& parcel, const Completeness& completeness) {
  if (power_.is_on()) return deploy({parcel, completeness});
  Found found{parcel, completeness};
  found.parcel.enter(domain::Stage::kSiteDown, at_);
  waiting_.insert_or_assign(parcel.api, found);
}

void FileDeployer::deploy(const Found& found) {
  const Parcel& parcel = found.parcel;
  if (found.completeness.is_whole()) {
    gateway_.deploy(parcel.api, parcel.facts, parcel.journey.cause, parcel.journey.passage);
  } else if (half_ == HalfDeployment::kIsServed) {
    gateway_.deploy_half(parcel.api);
  }
}

void FileDeployer::restored() {
  for (const auto& [api, found] : waiting_) deploy(found);
  waiting_.clear();
}

}  // namespace parallax::runtime
