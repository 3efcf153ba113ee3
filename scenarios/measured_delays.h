// `delay { measured { set: "aws-2020-06-05" from: "us-east-1" to: "us-west-1" } }`: what the data say of it.
#pragma once

#include <string>

#include "scenarios/reporter.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

/// Fills in the figures that are left out. What names no measured pair stays as it is.
void fill_measured(schema::Scenario& scenario);

/// A set, a region or a pair that there is not; figures that make no distribution.
void check_measured(const schema::Delay::Measured& measured, const std::string& path, Reporter& reporter);

/// "AWS, 2020-06-05, ping over one hour (github.com/...): half a round trip". Empty: there is no such set.
std::string source_of(const schema::Delay::Measured& measured);

}  // namespace parallax::scenarios
