// A family of distributions with its parameters.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/fitting/samples.h"
#include "scenarios/schema/scenario.pb.h"
#include "sim/random.h"

namespace parallax::scenarios::fitting {

/// With its asymptotic standard error, from the Fisher information.
struct Parameter {
  std::string name;
  std::string unit;  ///< ns, or empty
  double value{0};
  double error{0};
};

class Model {
 public:
  virtual ~Model() = default;

  virtual std::string name() const = 0;
  /// That are free: what AIC and BIC charge for.
  virtual std::size_t freedom() const = 0;
  virtual double log_density(double ns) const = 0;
  virtual double share_below(double ns) const = 0;
  virtual double draw(sim::Stream& stream) const = 0;
  /// As found from so many samples.
  virtual std::vector<Parameter> parameters(const Samples& samples) const = 0;
  /// The same family fitted to others; nothing if that cannot be done.
  virtual std::unique_ptr<Model> fitted_to(const Samples& samples) const = 0;
  /// As a scenario writes it (written.cpp).
  virtual schema::Delay written() const = 0;
};

/// ln of the likelihood.
double log_likelihood(const Model& model, const Samples& samples);

/// Uniform over the open interval (0, 1).
double uniform(sim::Stream& stream);

}  // namespace parallax::scenarios::fitting
