// A source of artifacts whose database may be behind, and whose server may be out of order.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "tests/models/propagation/artifacts/sites.h"

namespace parallax::propagation::artifacts::testing {

class Shelf final : public ArtifactSource {
 public:
  explicit Shelf(sim::Site& site) : site_{site} {}

  /// Its database has it so much later.
  void put(const Parcel& parcel, sim::Duration lag = {}) {
    rows_.push_back({{parcel.api, parcel.facts, parcel.journey.cause, site_.now()}, site_.now() + lag});
  }

  Answer answer(const Question& question) override {
    const ApiId api = question.api;
    asked.push_back(ms_of(site_.now()));
    if (const Status now = status(); now != Status::kOk) return {now};
    std::map<ApiId, Artifact> newest;
    for (const Row& row : rows_) {
      if (row.visible > site_.now() || (api != domain::kNoApi && row.artifact.api != api)) continue;
      newest[row.artifact.api] = row.artifact;
    }
    Answer answer{Status::kOk};
    for (const auto& [id, artifact] : newest) answer.artifacts.push_back(artifact);
    if (api != domain::kNoApi && newest.empty()) return {Status::kNotFound};
    return answer;
  }

  std::function<Status()> status{[] { return Status::kOk; }};
  std::vector<std::int64_t> asked;  ///< in ms

 private:
  struct Row {
    Artifact artifact;
    sim::VirtualTime visible;
  };
  sim::Site& site_;
  std::vector<Row> rows_;
};

/// With exact timers.
inline RequestSpec exact_requests() {
  RequestSpec spec;
  spec.connection.tick = {};
  return spec;
}

}  // namespace parallax::propagation::artifacts::testing
