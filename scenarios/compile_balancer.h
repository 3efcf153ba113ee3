// Load balancers as the world has them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "models/steering/health/balancer.h"
#include "models/steering/load_balancer.h"
#include "scenarios/schema/scenario.pb.h"

namespace parallax::scenarios {

steering::AllSeeingBalancer::Spec seeing_balancer_spec(const schema::LoadBalancer& balancer);
/// Nothing without a profile.
std::optional<steering::health::BalancerSpec> checked_balancer_spec(const schema::LoadBalancer& balancer);

// The words of the fields, in the order of their enumerations.
std::span<const std::string> algorithm_words();
std::span<const std::string> affinity_words();
std::span<const std::string> redispatch_words();
std::span<const std::string> counted_from_words();

}  // namespace parallax::scenarios
