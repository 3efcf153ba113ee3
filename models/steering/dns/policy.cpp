#include "models/steering/dns/policy.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace parallax::steering::dns {

namespace {

// Stable, so that equally distant targets are tried as they are listed.
Order nearest_first(const std::vector<sim::Duration>& delays) {
  Order order(delays.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return delays[a] < delays[b]; });
  return order;
}

}  // namespace

Policy::Policy(PolicySpec spec) : spec_{std::move(spec)}, as_listed_(spec_.targets.size()) {
  assert(spec_.addresses > 0 && spec_.addresses <= Answer::kMost);
  std::iota(as_listed_.begin(), as_listed_.end(), 0U);
  if (spec_.routing == Routing::kGeo) by_location_ = spec_.geo;
  if (spec_.routing != Routing::kLatency) return;
  for (const auto& delays : spec_.latency) by_location_.push_back(nearest_first(delays));
}

bool Policy::is_up(std::uint32_t target, const std::vector<std::uint8_t>& is_healthy) const {
  return is_healthy[sim::index(spec_.targets[target].address)] != 0;
}

const Order& Policy::order_for(sim::SiteId location) const {
  if (spec_.routing == Routing::kFailover) return as_listed_;
  const std::size_t place = sim::index(location);
  if (place < by_location_.size() && !by_location_[place].empty()) return by_location_[place];
  return spec_.routing == Routing::kGeo ? spec_.geo_default : as_listed_;
}

// One after the other, each by its share of the weight that is left; what has none comes last, as listed.
Order Policy::draw_order(const Order& listed, const std::vector<std::uint8_t>& is_healthy, sim::Stream& draws) const {
  Order left;
  Order weightless;
  const bool any =
      std::any_of(listed.begin(), listed.end(), [&](std::uint32_t target) { return is_up(target, is_healthy); });
  for (const std::uint32_t target : listed) {
    if (any && !is_up(target, is_healthy)) continue;
    (spec_.targets[target].weight > 0 ? left : weightless).push_back(target);
  }
  // With nothing but zeros all are alike (Route 53: "routed to all resources with equal probability").
  const std::uint64_t least = left.empty() ? 1 : 0;
  if (left.empty()) left.swap(weightless);
  const auto weight = [&](std::uint32_t target) {
    return std::max<std::uint64_t>(spec_.targets[target].weight, least);
  };
  Order order;
  while (!left.empty() && order.size() < spec_.addresses) {
    const auto weight_of = [&](std::uint64_t sum, std::uint32_t target) { return sum + weight(target); };
    std::uint64_t draw = draws.below(std::accumulate(left.begin(), left.end(), std::uint64_t{0}, weight_of));
    auto chosen = left.begin();
    while (draw >= weight(*chosen)) draw -= weight(*chosen++);
    order.push_back(*chosen);
    left.erase(chosen);
  }
  return order;
}

Order Policy::listed(Order order, const std::vector<std::uint8_t>& is_listed) const {
  const auto is_out = [&](std::uint32_t target) { return is_listed[sim::index(spec_.targets[target].address)] == 0; };
  if (!std::all_of(order.begin(), order.end(), is_out)) std::erase_if(order, is_out);
  return order;
}

Answer Policy::answer(sim::SiteId location, const std::vector<std::uint8_t>& is_healthy,
                      const std::vector<std::uint8_t>& is_listed, sim::Stream& draws) const {
  Answer answer;
  answer.code = Code::kNoData;
  answer.ttl = spec_.ttl;
  const bool is_weighted = spec_.routing == Routing::kWeighted;
  const Order order = is_weighted ? draw_order(listed(as_listed_, is_listed), is_healthy, draws)
                                  : listed(order_for(location), is_listed);
  for (const std::uint32_t target : order) {
    if (answer.count == spec_.addresses) break;
    if (is_up(target, is_healthy)) answer.add(spec_.targets[target].address);
  }
  if (answer.has_address() || order.empty() || spec_.none_healthy == NoneHealthy::kEmptyAnswer) return answer;
  if (spec_.none_healthy == NoneHealthy::kLastResort) {
    answer.add(spec_.targets[order.back()].address);
    return answer;
  }
  for (const std::uint32_t target : order) {
    if (answer.count < spec_.addresses) answer.add(spec_.targets[target].address);
  }
  return answer;
}

}  // namespace parallax::steering::dns
