// Limits against the single copy: it counts the requests really admitted, at the instant of decision, on its own
// window edges; so the wrong allows of a limit window are its over-admission. A limit that is changed holds from then
// on, in the window at hand too.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <vector>

#include "models/audit/fetch.h"
#include "models/audit/findings.h"
#include "models/audit/quotas.h"
#include "models/audit/setup.h"
#include "models/audit/sliding_window.h"
#include "models/domain/ids.h"

namespace parallax::audit {

class Limits {
 public:
  /// `quotas` outlives this.
  Limits(const Setup& setup, const Quotas& quotas);

  /// Of what the single copy has admitted in this window. Requires: the subscription is limited.
  enum class Left : std::uint8_t {
    kSome,
    kSomeOrNone,  ///< the limit is being changed
    kNone,
  };
  Left left(domain::SubscriptionId subscription, sim::VirtualTime now);

  /// Whether a limit of so many requests would have been reached in this window.
  bool has_admitted(domain::SubscriptionId subscription, std::uint64_t requests, sim::VirtualTime now) {
    return window_at(subscription, now).admitted >= requests;
  }

  /// What is allowed in this window, at the most.
  std::uint64_t greatest(domain::SubscriptionId subscription, sim::VirtualTime now) const {
    return limit_of(subscription, now).greatest;
  }

  /// Why `node` does not know what the single copy knows, at this instant.
  domain::Stage cause_at(domain::NodeId node, domain::SubscriptionId subscription, sim::VirtualTime now);

  enum class Admission : std::uint8_t { kAdmitted, kRefused };
  void count(domain::NodeId node, domain::SubscriptionId subscription, sim::VirtualTime now, Admission admission);

  /// It is going to be asked of this subscription.
  void fetch(domain::SubscriptionId subscription) const { fetch_lines(accounts_[domain::index(subscription)]); }

  /// `end` is that of the run.
  void finish(Findings& findings, sim::VirtualTime end = sim::kNever);

 private:
  struct NodeTally {
    domain::NodeId node;
    std::uint64_t admitted{0};
    std::uint64_t refused{0};
  };
  /// Nodes whose traffic managers count the same nodes: what these counters see.
  enum class GroupId : std::uint16_t {};
  struct GroupTally {
    GroupId group;
    std::uint64_t seen{0};
    sim::VirtualTime reached{sim::kNever};  ///< when this reached the limit
  };
  /// Holds only those who had to do with it; a list is searched from its start, since it is short.
  struct Window {
    sim::VirtualTime start{sim::kNever};  ///< kNever: none is open
    sim::VirtualTime end{sim::kNever};
    std::uint64_t demand{0};
    std::uint64_t admitted{0};
    std::uint64_t over{0};   ///< of these, after the limit
    std::uint64_t limit{0};  ///< the greatest that was in force
    std::uint64_t flips{0};
    Admission last{Admission::kAdmitted};
    boost::container::small_vector<NodeTally, 4> nodes{};
    boost::container::small_vector<GroupTally, 2> groups{};
  };

  sim::Duration width_of(domain::SubscriptionId subscription) const {
    return setup_.catalog->tier_of(subscription).limit->window;
  }
  Quotas::Range limit_of(domain::SubscriptionId subscription, sim::VirtualTime now) const {
    return quotas_.in_force(setup_.catalog->subscriptions[domain::index(subscription)].tier, now);
  }
  /// What the single copy would have let through; where nobody went over, the limit.
  static std::uint64_t in_order(const Window& window) {
    return window.over > 0 ? window.admitted - window.over : window.limit;
  }
  struct Account {
    Window window;
    SlidingWindow span;
  };
  Window& window_at(domain::SubscriptionId subscription, sim::VirtualTime now) {
    Window& window = accounts_[domain::index(subscription)].window;
    return window.start <= now && now < window.end ? window : next_window(subscription, now);
  }
  Window& next_window(domain::SubscriptionId subscription, sim::VirtualTime now);
  void form_groups();
  void close(domain::SubscriptionId subscription, const Window& window);
  TierWindows& windows_of_tier(domain::SubscriptionId subscription) {
    return windows_[domain::index(setup_.catalog->subscriptions[domain::index(subscription)].tier)];
  }
  LimitFinding finding(domain::SubscriptionId subscription, const Window& window) const;

  const Setup& setup_;
  const Quotas& quotas_;
  std::vector<GroupId> group_of_;                      ///< by node: whose counts it obeys
  std::vector<std::vector<GroupId>> groups_counting_;  ///< by node: who counts it
  std::vector<Account> accounts_;                      ///< by subscription
  LimitTotals totals_;
  std::vector<TierWindows> windows_;  ///< by tier
  std::vector<LimitFinding> worst_;   ///< most over first
};

}  // namespace parallax::audit
