#include "scenarios/kaplan_meier.h"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace parallax::scenarios {

KaplanMeier::KaplanMeier(std::vector<Lifetime> lifetimes) : all_(static_cast<double>(lifetimes.size())) {
  assert(!lifetimes.empty());
  std::sort(lifetimes.begin(), lifetimes.end(),
            [](const Lifetime& a, const Lifetime& b) { return std::tie(a.ns, a.open) < std::tie(b.ns, b.open); });
  greatest_ = lifetimes.back().ns;
  double weight = 1;  // of each that is left: its own and what those that were cut off have left to it
  double closed = 0;
  double left = all_;
  for (const Lifetime& lifetime : lifetimes) {
    left -= 1;
    if (!lifetime.open) {
      closed += weight;
      steps_.push_back({lifetime.ns, closed});
    } else if (left > 0) {
      weight *= (left + 1) / left;
    }
  }
  // Nothing is left then, but for rounding.
  if (!lifetimes.back().open) steps_.back().closed = all_;
}

Lifetime KaplanMeier::quantile(double q) const {
  const double wanted = q * all_ - 1e-6;  // as in statistics.cpp: a share of a millionth is no rank
  const auto step = std::lower_bound(steps_.begin(), steps_.end(), wanted,
                                     [](const Step& one, double share) { return one.closed < share; });
  return step == steps_.end() ? Lifetime{greatest_, true} : Lifetime{step->ns, false};
}

double KaplanMeier::reached() const { return steps_.empty() ? 0 : steps_.back().closed / all_; }

}  // namespace parallax::scenarios
