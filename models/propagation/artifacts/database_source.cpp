#include "models/propagation/artifacts/database_source.h"

namespace parallax::propagation::artifacts {

Artifact DatabaseSource::artifact(domain::ApiId api) const {
  const Database::Arrival& arrival = database_.arrival(api);
  return {api, database_.api(api), arrival.record, arrival.when};
}

Answer DatabaseSource::answer(const Question& question) {
  if (question.api != domain::kNoApi) {
    const Artifact one = artifact(question.api);
    if (one.facts.standing == domain::Standing::kAbsent) return {Status::kNotFound};
    return {Status::kOk, {one}};
  }
  Answer all{Status::kOk};
  for (std::size_t i = 0; i < database_.catalog().apis.size(); ++i) {
    all.artifacts.push_back(artifact(static_cast<domain::ApiId>(i)));
  }
  return all;
}

}  // namespace parallax::propagation::artifacts
