// A place where artifacts are kept for others to fetch: a file server (the artifact server of the seeds), a Subversion
// repository, the shared folder behind a network mount. It outlives the hosts that write to it.
#pragma once

#include <cstdint>
#include <vector>

#include "models/propagation/artifacts/artifact_source.h"
#include "models/propagation/artifacts/parcel.h"

namespace parallax::propagation::artifacts {

enum class Keeps : std::uint8_t {
  kNewestVersion,  ///< what is older than what is there is not taken
  kLastPut,        ///< whatever comes
};

class Repository final : public ArtifactSource, public Sink {
 public:
  explicit Repository(const Place& at, Keeps keeps = Keeps::kNewestVersion) : at_{at}, keeps_{keeps} {}

  /// It is there when the run starts.
  void begin_with(domain::ApiId api, const logic::gateway::ApiFacts& facts) { row(api) = {api, facts, {}, {}, 0}; }

  /// It is there from now on, and has a hop to be caused by.
  void take(const Parcel& parcel) override;

  /// What is to be checked in comes in all or not at all: with kConflict if there is something newer of any of it than
  /// whoever checks it in has seen, as Subversion refuses a commit of files that are out of date, in one transaction
  /// (E155011, E160028).
  Answer answer(const Question& question) override;

  const Place& place() const { return at_; }

  /// Of the last put of this API; 0: none in this run.
  std::uint64_t number_of(domain::ApiId api) const {
    return domain::index(api) < rows_.size() ? rows_[domain::index(api)].number : 0;
  }

 private:
  Answer check_in(const std::vector<CheckIn>& changes);
  void put(const Parcel& parcel);
  Artifact& row(domain::ApiId api);

  Place at_;
  Keeps keeps_;
  std::vector<Artifact> rows_;  ///< by API; of one that was never there api is kNoApi
  std::uint64_t last_number_{0};
};

}  // namespace parallax::propagation::artifacts
