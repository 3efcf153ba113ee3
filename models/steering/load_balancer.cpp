#include "models/steering/load_balancer.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "models/steering/clients.h"

namespace parallax::steering {

RoundRobinBalancer::RoundRobinBalancer(sim::Site& site, const sim::Power& power, std::vector<Backend*> backends)
    : FrontDoor{site}, power_{power}, backends_{std::move(backends)} {
  assert(!backends_.empty());
}

bool RoundRobinBalancer::is_healthy() const {
  return std::any_of(backends_.begin(), backends_.end(),
                     [](const Backend* backend) { return backend->serves(Service::kApi) && backend->is_ready(); });
}

Backend* RoundRobinBalancer::next_ready(Service service) {
  for (std::size_t tried = 0; tried < backends_.size(); ++tried) {
    Backend* backend = backends_[turn_];
    turn_ = turn_ + 1 == backends_.size() ? 0 : turn_ + 1;
    if (backend->serves(service) && backend->is_ready()) return backend;
  }
  return nullptr;
}

void RoundRobinBalancer::call(const ApiCall& call) {
  if (!power_.is_on()) return;
  if (Backend* backend = next_ready(Service::kApi)) return backend->call(call);
  own_site().send(call.caller->site().id(), [call] { call.caller->answered(call, domain::Outcome::kUnavailable); });
}

void RoundRobinBalancer::open_page(const PageCall& call) {
  if (!power_.is_on()) return;
  if (Backend* backend = next_ready(call.service)) return backend->open_page(call);
  own_site().send(call.caller->site().id(),
                  [call] { call.caller->page_answered(call, domain::Outcome::kUnavailable); });
}

// A refused token call is not answered: its caller tries again after its time-out.
void RoundRobinBalancer::request_token(const TokenCall& call) {
  if (!power_.is_on()) return;
  if (Backend* backend = next_ready(Service::kToken)) backend->request_token(call);
}

}  // namespace parallax::steering
