#include "models/logic/throttling/quota_counter.h"

namespace parallax::logic {

std::optional<QuotaCounter::Decision> QuotaCounter::count(domain::SubscriptionId key, const domain::Limit& limit,
                                                          sim::VirtualTime event, sim::VirtualTime now) {
  Count& count = counts_[domain::index(key)];
  const sim::VirtualTime window_start = sim::floor_to(now, limit.window);
  if (event < window_start) return std::nullopt;
  if (count.window_start != window_start) count = {window_start, 0};
  ++count.requests;
  if (count.requests < limit.requests) return std::nullopt;
  return Decision{window_start + limit.window,
                  count.requests == limit.requests ? Decision::News::kFirst : Decision::News::kRepeated};
}

}  // namespace parallax::logic
