// A sum of gamma distributions: several ways that a sample may have come, each with its own delay. Fitted by
// expectation and maximisation (Dempster, Laird and Rubin 1977): the share that each component has in each sample, then
// each component as the likeliest for its shares, until the likelihood stands still.
#pragma once

#include <optional>

#include "scenarios/fitting/model.h"

namespace parallax::scenarios::fitting {

struct GammaComponent {
  double weight;
  double shape;
  double mean;  ///< ns
};

class GammaMixture : public Model {
 public:
  explicit GammaMixture(std::vector<GammaComponent> components) : components_{std::move(components)} {}

  std::string name() const override;
  std::size_t freedom() const override { return 3 * components_.size() - 1; }
  double log_density(double ns) const override;
  double share_below(double ns) const override;
  double draw(sim::Stream& stream) const override;
  /// weight_1, shape_1, mean_1, weight_2, ... The information is that of the samples: the sum of the products of their
  /// scores.
  std::vector<Parameter> parameters(const Samples& samples) const override;
  /// As many components, from these on.
  std::unique_ptr<Model> fitted_to(const Samples& samples) const override;
  /// A table of quantiles whose first and last cell end where they keep their means, as sim's tables do: the most
  /// extreme lengths of a distribution without end say nothing of the next ones.
  schema::Delay written() const override;

  const std::vector<GammaComponent>& components() const { return components_; }

 private:
  std::vector<GammaComponent> components_;  ///< by their means
};

/// The best that is found from several starts; nothing where a component is left with under five samples, or the
/// samples are not all above zero.
std::unique_ptr<GammaMixture> fit_gammas(const Samples& samples, std::size_t count);

}  // namespace parallax::scenarios::fitting
