// What a source has that whoever looks has not seen yet.
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include "models/propagation/artifacts/artifact_source.h"

namespace parallax::propagation::artifacts {

/// In the order in which it came there. `seen`: the number of the last, before and afterwards.
inline std::vector<Artifact> news(const Answer& answer, std::uint64_t& seen) {
  std::vector<Artifact> news;
  std::copy_if(answer.artifacts.begin(), answer.artifacts.end(), std::back_inserter(news),
               [seen](const Artifact& one) { return one.number > seen; });
  std::sort(news.begin(), news.end(), [](const Artifact& a, const Artifact& b) { return a.number < b.number; });
  if (!news.empty()) seen = news.back().number;
  return news;
}

}  // namespace parallax::propagation::artifacts
