#include "models/steering/load_balancer.h"

#include <cassert>
#include <utility>

namespace parallax::steering {

RoundRobinBalancer::RoundRobinBalancer(std::vector<Backend*> backends) : backends_{std::move(backends)} {
  assert(!backends_.empty());
}

Backend& RoundRobinBalancer::next() {
  Backend& backend = *backends_[turn_];
  turn_ = turn_ + 1 == backends_.size() ? 0 : turn_ + 1;
  return backend;
}

}  // namespace parallax::steering
