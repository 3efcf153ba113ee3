// At most so many requests in a window that begins with the first of them: burst and hard limits (wso2-synapse
// throttle core). Unlike a quota's, the window is not aligned to the epoch, and its count is taken before the answer,
// so within one node it is exact.
//
// Of several gateways each may count for itself, so that together they admit gateways x limit (wso2/product-apim#4884),
// or they share the count:
//   kGlobal  each counts the total that it last learned and its own requests since, and reports those every sync
//            period. Over-admission in a window: at most what the other gateways admit between two of their reports.
//   kHybrid  each counts for itself up to (limit - X %) / gateways; from then on it asks the shared counter for each
//            request. The first to get there tells the others to do so too (Configure Distributed Burst Control), and
//            if that took no time the limit would hold exactly.
//
// A slot is half a cache line and is found by a dense index: a look-up among 10^6 subscriptions touches one line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/logic/caches/huge_pages.h"
#include "models/logic/throttling/policy.h"
#include "models/logic/throttling/shared_counter.h"
#include "models/logic/throttling/throttle_key.h"
#include "sim/time.h"

namespace parallax::logic::throttling {

enum class LimitScope : std::uint8_t { kNode, kGlobal, kHybrid };

struct AnchoredLimiterOptions {
  LimitScope scope{LimitScope::kNode};
  WhenSharedDown when_shared_down{WhenSharedDown::kLocal};
  sim::Duration sync_period{sim::milliseconds(50)};  ///< of kGlobal; how often the host calls synchronise
  std::uint32_t reserve_percent{20};                 ///< X of kHybrid, 0 to 100; the documentation's sample has 30
  std::uint32_t gateways{1};                         ///< of kHybrid, >= 1; the product counts them every 10 s
};

class AnchoredLimiter {
 public:
  /// Requires: `shared` is null for kNode only, and outlives this.
  AnchoredLimiter(const AnchoredLimiterOptions& options, SharedCounter* shared) : options_{options}, shared_{shared} {}

  struct Verdict {
    bool is_admitted{true};
    bool has_asked_shared{false};   ///< the host charges the call's delay, if it models one
    bool went_synchronous{false};   ///< the host tells the other gateways: go_synchronous
    sim::VirtualTime window_end{};  ///< when a refused caller may try again
  };

  /// Counts the request if it is admitted. `key` names the slot's counter to other nodes; its tier may change, and then
  /// the count begins anew. Requires: limit.requests > 0.
  Verdict admit(std::uint32_t slot, ThrottleKey key, Burst limit, sim::VirtualTime now);

  /// Another gateway has used up its share of the limit.
  void go_synchronous(std::uint32_t slot, ThrottleKey key, Burst limit, sim::VirtualTime now);

  /// Reports what was admitted since the last call and learns the totals. For kGlobal, every sync period.
  void synchronise();

  void set_gateways(std::uint32_t gateways) { options_.gateways = gateways; }
  const AnchoredLimiterOptions& options() const { return options_; }

  void prefetch(std::uint32_t slot) const {
    if (slot < slots_.size()) __builtin_prefetch(&slots_[slot], 1);
  }
  /// Makes slots 0 to `slots` - 1, which admit would otherwise do when it meets them.
  void reserve(std::uint32_t slots) { slots_.resize(std::max<std::size_t>(slots, slots_.size())); }

  /// The slot's window is over and reported: its index may serve another key.
  bool is_idle(std::uint32_t slot, sim::VirtualTime now) const {
    return slot >= slots_.size() || (now >= slots_[slot].end && slots_[slot].report == kNone);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffff'ffff;

  struct alignas(32) Slot {
    sim::VirtualTime end{std::numeric_limits<std::int64_t>::min()};
    std::uint32_t count{0};       ///< own requests; once others' are known, of all nodes
    std::uint32_t report{kNone};  ///< index in reports_
    std::uint32_t tag{0};         ///< tells the tiers of one subscription apart
    bool is_synchronous{false};   ///< kHybrid: the shared counter is asked for each request
  };

  struct Report {
    ThrottleKey key;
    Window window;
    std::uint32_t slot;
    std::uint32_t delta;
  };

  void open(Slot& slot, ThrottleKey key, Burst limit, sim::VirtualTime now);
  Verdict count(Slot& slot, Burst limit);
  Verdict count_global(std::uint32_t index, ThrottleKey key, Burst limit);
  Verdict count_hybrid(Slot& slot, ThrottleKey key, Burst limit);
  Verdict ask(Slot& slot, ThrottleKey key, Burst limit);
  static void take_over(Slot& slot, const SharedCount& shared);

  AnchoredLimiterOptions options_;
  SharedCounter* shared_;
  bool is_shared_down_{false};
  std::vector<Slot, caches::HugePageAllocator<Slot>> slots_;
  std::vector<Report> reports_;
};

}  // namespace parallax::logic::throttling
