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
  void add(std::vector<double> experiment) {
    std::sort(experiment.begin(), experiment.end());
    means_.push_back(mean(experiment));
    p50s_.push_back(quantile(experiment, 0.50));
    p95s_.push_back(quantile(experiment, 0.95));
    maxima_.push_back(experiment.back());
  }

  void check_against(const SteeringTruth& truth) const {
    INFO(truth.setting);
    check("mean", mean(means_), truth.mean);
    check("p50", mean(p50s_), truth.p50);
    check("p95", mean(p95s_), truth.p95);
    check("max", mean(maxima_), truth.max);
  }

 private:
  std::vector<double> means_{};
  std::vector<double> p50s_{};
  std::vector<double> p95s_{};
  std::vector<double> maxima_{};
};

}  // namespace parallax::test
