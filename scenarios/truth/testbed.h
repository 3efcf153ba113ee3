// A testbed's text becomes the plain values that models/testbeds takes, and its runs become values of quantities.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scenarios/parse.h"
#include "scenarios/schema/testbed.pb.h"

namespace parallax::scenarios::truth {

/// What fields say together. Requires: defaults are filled in.
void check_testbed(const schema::Testbed& testbed, const Places& places, std::vector<Problem>& problems);

/// The quantities that it can be asked for. Requires: a testbed that checking has passed.
std::span<const std::string> quantities_of(const schema::Testbed& testbed);

/// What one seed gives of each of the quantities. Requires: they are among quantities_of().
std::vector<std::vector<double>> run_testbed(const schema::Testbed& testbed, std::span<const std::string> quantities,
                                             std::uint64_t seed);

}  // namespace parallax::scenarios::truth
