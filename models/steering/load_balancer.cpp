#include "models/steering/load_balancer.h"

#include <cassert>
#include <utility>

#include "models/steering/clients.h"

namespace parallax::steering {

using health::Persistence;

AllSeeingBalancer::AllSeeingBalancer(sim::Site& site, const sim::Power& power, std::vector<Backend*> backends,
                                     const Spec& spec)
    : FrontDoor{site}, power_{power}, backends_{std::move(backends)}, spec_{spec}, selection_{spec.algorithm} {
  assert(!backends_.empty() && spec.algorithm != health::Algorithm::kLeastConnections);
}

bool AllSeeingBalancer::is_healthy() const {
  for (std::uint32_t node = 0; node < backends_.size(); ++node) {
    if (can_serve(node, Service::kApi)) return true;
  }
  return false;
}

std::optional<std::uint32_t> AllSeeingBalancer::select(Service service, std::uint32_t source) {
  const auto count = static_cast<std::uint32_t>(backends_.size());
  const auto none_busy = [](std::uint32_t) { return 0U; };
  note_drains();
  const auto node = selection_.choose(
      count, source, [&](std::uint32_t one) { return can_take(one, service); }, none_busy);
  if (node || !drains().any()) return node;
  return selection_.choose(
      count, source, [&](std::uint32_t one) { return can_serve(one, service); }, none_busy);
}

template <typename Call>
std::optional<std::uint32_t> AllSeeingBalancer::belongs_to(const Call& call) {
  if (spec_.persistence == Persistence::kCookie) return server_named(call.cookie, site());
  if (std::exchange(life_, power_.life()) != power_.life()) source_table_.clear();
  const auto known = source_table_.find(static_cast<std::uint32_t>(call.user));
  return known == source_table_.end() ? std::nullopt : std::optional{known->second};
}

template <typename Call>
void AllSeeingBalancer::remember(Call& call, std::uint32_t node) {
  if (spec_.persistence == Persistence::kCookie) {
    call.cookie = cookie_of(site(), node);
  } else {
    source_table_[static_cast<std::uint32_t>(call.user)] = node;
  }
}

template <typename Call>
Backend* AllSeeingBalancer::choose(Service service, Call& call) {
  std::optional<std::uint32_t> own;
  if (spec_.persistence != Persistence::kNone) own = belongs_to(call);
  if (own && can_serve(*own, service)) {
    call.cookie = Cookie::kNone;
    return backends_[*own];
  }
  const auto node = select(service, static_cast<std::uint32_t>(call.user));
  if (!node) return nullptr;
  const bool is_home_elsewhere = own && !backends_[*own]->serves(service);
  const bool belonged = own || (spec_.persistence == Persistence::kCookie && is_elsewhere(call.cookie, site()));
  call.cookie = Cookie::kNone;
  if (spec_.persistence != Persistence::kNone && backends_[*node]->serves(Service::kApi) && !is_home_elsewhere) {
    affinity_lost_ += belonged;
    remember(call, *node);
  }
  return backends_[*node];
}

void AllSeeingBalancer::call(const ApiCall& call) {
  if (!power_.is_on()) return;
  ApiCall passed = call;
  if (Backend* backend = choose(Service::kApi, passed)) return backend->call(passed);
  own_site().send(call.caller->site().id(), [call] { call.caller->answered(call, domain::Outcome::kUnavailable); });
}

// By turns among the ready ones: pages know no affinity.
void AllSeeingBalancer::open_page(const PageCall& call) {
  if (!power_.is_on()) return;
  if (const auto node = select(call.service, 0)) return backends_[*node]->open_page(call);
  own_site().send(call.caller->site().id(),
                  [call] { call.caller->page_answered(call, domain::Outcome::kUnavailable); });
}

// A refused token call is not answered: its caller tries again after its time-out.
void AllSeeingBalancer::request_token(const TokenCall& call) {
  if (!power_.is_on()) return;
  TokenCall passed = call;
  if (Backend* backend = choose(Service::kToken, passed)) backend->request_token(passed);
}

}  // namespace parallax::steering
