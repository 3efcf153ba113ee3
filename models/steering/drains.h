// What operators have taken out of use, though it works: nodes of a balancer, data centers of a host name. Several
// orders may hold for one target; it is back when all have ended.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace parallax::steering {

class Drains {
 public:
  void begin(std::size_t target, std::uint32_t fault) { orders_.push_back({target, fault}); }
  void end(std::size_t target, std::uint32_t fault) { std::erase(orders_, Order{target, fault}); }

  bool any() const { return !orders_.empty(); }
  bool holds(std::size_t target) const {
    return std::any_of(orders_.begin(), orders_.end(), [target](const Order& one) { return one.target == target; });
  }

  /// With the number of each order that holds for a target.
  template <typename Touch>
  void for_each_of(std::size_t target, Touch&& touch) const {
    for (const Order& one : orders_) {
      if (one.target == target) touch(one.fault);
    }
  }
  /// Of each order.
  template <typename Touch>
  void for_each(Touch&& touch) const {
    for (const Order& one : orders_) touch(one.fault);
  }

 private:
  struct Order {
    std::size_t target;
    std::uint32_t fault;
    friend bool operator==(const Order&, const Order&) = default;
  };
  std::vector<Order> orders_;
};

}  // namespace parallax::steering
