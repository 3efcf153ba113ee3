// How a gateway makes what has come to its folder into what it serves. Files lie on disk whether it runs or not: what
// came while it was down it deploys when it starts.
//
// Of an API only some of whose files are there it depends on the layout. Files that are each written in their place are
// deployed as they are found: the API's route is there, and what it needs behind that is not, so that calls fail
// (product documentation, error handling, 101503). Where the last thing written is a marker, or the name that a
// whole folder is moved to, nothing is seen before all is there.
//
// Stages: those of whoever brings the files; site_down while the gateway is down.
#pragma once

#include <cstdint>
#include <map>

#include "models/propagation/artifacts/file_replica.h"
#include "models/propagation/artifacts/parcel.h"
#include "models/runtime/gateway.h"
#include "models/runtime/spec.h"
#include "sim/power.h"

namespace parallax::runtime {

class FileDeployer final : public propagation::artifacts::Sink, public propagation::artifacts::Scanner {
 public:
  FileDeployer(const propagation::artifacts::Place& at, const sim::Power& power, Gateway& gateway, HalfDeployment half)
      : at_{at}, power_{power}, gateway_{gateway}, half_{half} {}

  /// All of an API.
  void take(const propagation::artifacts::Parcel& parcel) override;
  /// Some of its files.
  void found(const propagation::artifacts::Parcel& parcel,
             const propagation::artifacts::Completeness& completeness) override;

  /// Its node has started.
  void restored();

 private:
  struct Found {
    propagation::artifacts::Parcel parcel;
    propagation::artifacts::Completeness completeness;
  };
  void deploy(const Found& found);

  propagation::artifacts::Place at_;
  const sim::Power& power_;
  Gateway& gateway_;
  HalfDeployment half_;
  std::map<domain::ApiId, Found> waiting_;  ///< until the node is up
};

}  // namespace parallax::runtime
