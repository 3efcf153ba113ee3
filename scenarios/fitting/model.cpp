#include "scenarios/fitting/model.h"

namespace parallax::scenarios::fitting {

double log_likelihood(const Model& model, const Samples& samples) {
  double sum = 0;
  for (const double value : samples.ns) sum += model.log_density(value);
  return sum;
}

double uniform(sim::Stream& stream) { return (static_cast<double>(stream.next() >> 12) + 0.5) * 0x1p-52; }

}  // namespace parallax::scenarios::fitting
