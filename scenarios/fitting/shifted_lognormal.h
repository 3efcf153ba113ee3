// floor + exp(N(mu, sigma)): delays that cannot be shorter than the way is long.
//
// The likelihood of all three has no maximum: it grows without end where the floor comes to the least sample. What is
// meant is its local maximum (Cohen 1951), which is consistent and efficient. For a given floor mu and sigma are the
// mean and the deviation of ln(x - floor), so it is looked for along the floor alone, between zero and the least
// sample; where the likelihood is greatest at zero the floor is zero and not free.
#pragma once

#include "scenarios/fitting/model.h"

namespace parallax::scenarios::fitting {

class ShiftedLognormal : public Model {
 public:
  enum class Floor { free, zero };

  ShiftedLognormal(double floor, double mu, double sigma, Floor kind)
      : floor_{floor}, mu_{mu}, sigma_{sigma}, kind_{kind} {}

  std::string name() const override { return "shifted lognormal"; }
  std::size_t freedom() const override { return kind_ == Floor::free ? 3 : 2; }
  double log_density(double ns) const override;
  double share_below(double ns) const override;
  double draw(sim::Stream& stream) const override;
  /// least, p50 and p95, as scenarios have it.
  std::vector<Parameter> parameters(const Samples& samples) const override;
  std::unique_ptr<Model> fitted_to(const Samples& samples) const override;
  /// Lengths are cut to a thousandth of what they differ by, so that a person can read them.
  schema::Delay written() const override;

  double quantile(double p) const;

 private:
  double floor_;
  double mu_;
  double sigma_;
  Floor kind_;
};

/// Nothing where no floor is the likeliest one, or the samples are not all above zero.
std::unique_ptr<ShiftedLognormal> fit_lognormal(const Samples& samples);

}  // namespace parallax::scenarios::fitting
