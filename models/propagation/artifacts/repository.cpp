#include "models/propagation/artifacts/repository.h"

#include <algorithm>
#include <iterator>

namespace parallax::propagation::artifacts {

Artifact& Repository::row(domain::ApiId api) {
  if (domain::index(api) >= rows_.size()) rows_.resize(domain::index(api) + 1);
  return rows_[domain::index(api)];
}

void Repository::take(const Parcel& parcel) {
  if (keeps_ == Keeps::kNewestVersion && parcel.facts.version <= row(parcel.api).facts.version) return;
  put(parcel);
}

void Repository::put(const Parcel& parcel) {
  const domain::Hop hop{at_.node, domain::ObjectRef::of(parcel.api), parcel.journey.passage};
  const bool has_spent_none = parcel.journey.passage.second == domain::Stage::kNone;
  const sim::RecordId put = has_spent_none ? parcel.journey.cause : at_.site.record(hop.pack(), parcel.journey.cause);
  row(parcel.api) = {parcel.api, parcel.facts, put, at_.site.now(), ++last_number_};
}

Answer Repository::answer(const Question& question) {
  if (!question.check_in.empty()) return check_in(question.check_in);
  const domain::ApiId api = question.api;
  Answer answer{Status::kOk};
  if (api == domain::kNoApi) {
    std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(answer.artifacts),
                 [](const Artifact& one) { return one.api != domain::kNoApi; });
    return answer;
  }
  const Artifact& there = row(api);
  if (there.api == domain::kNoApi || there.facts.standing == domain::Standing::kAbsent) return {Status::kNotFound};
  answer.artifacts.push_back(there);
  return answer;
}

Answer Repository::check_in(const std::vector<CheckIn>& changes) {
  for (const CheckIn& change : changes) {
    if (number_of(change.parcel.api) != change.seen) return {Status::kConflict};
  }
  Answer answer{Status::kOk};
  for (const CheckIn& change : changes) {
    put(change.parcel);
    answer.artifacts.push_back(row(change.parcel.api));
  }
  return answer;
}

}  // namespace parallax::propagation::artifacts
