// Measured figures of steering: those of tests/models/propagation/truth/measured.h, and the greatest value.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/models/propagation/truth/measured.h"

namespace parallax::test {

struct SteeringTruth {
  const char* setting;
  Measured mean;
  Measured p50;
  Measured p95;
  Measured max;
};

/// What an experiment of the measured size gives on average: a greatest value grows with the number of samples.
class Expected {
 public:
  /// A prediction may differ by 5 %, or by so much if that is more.
  explicit Expected(double least_slack = 3) : least_slack_{least_slack} {}

  void add(std::vector<double> experiment) {
    std::sort(experiment.begin(), experiment.end());
    means_.push_back(mean(experiment));
    p50s_.push_back(quantile(experiment, 0.50));
    p95s_.push_back(quantile(experiment, 0.95));
    maxima_.push_back(experiment.back());
  }

  void check_against(const SteeringTruth& truth) const {
    INFO(truth.setting);
    check_one("mean", means_, truth.mean);
    check_one("p50", p50s_, truth.p50);
    check_one("p95", p95s_, truth.p95);
    check_one("max", maxima_, truth.max);
  }

 private:
  void check_one(const char* what, const std::vector<double>& experiments, const Measured& measured) const {
    const double predicted = mean(experiments);
    const double slack_here = std::max(0.05 * measured.figure, least_slack_);
    INFO(what << ": predicted " << predicted << ", measured " << measured.figure << " [" << measured.low << ", "
              << measured.high << "]");
    CHECK(predicted >= measured.low - slack_here);
    CHECK(predicted <= measured.high + slack_here);
  }

  double least_slack_;
  std::vector<double> means_{};
  std::vector<double> p50s_{};
  std::vector<double> p95s_{};
  std::vector<double> maxima_{};
};

}  // namespace parallax::test
