// A bounded memory of the events that have come: newer builds of carbon-apimgt skip those whose id they have seen, for
// several brokers may send each other the same one (wso2/api-manager 4441).
#pragma once

#include <boost/circular_buffer.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>

namespace parallax::propagation::broker {

class RecentIds {
 public:
  /// 0: remembers none.
  explicit RecentIds(std::size_t capacity) : order_{capacity} {}

  /// Whether `id` is among the last ones that were new; it is remembered if not.
  bool is_repeated(std::uint64_t id) {
    if (order_.capacity() == 0) return false;
    if (known_.contains(id)) return true;
    if (order_.full()) known_.erase(order_.front());
    order_.push_back(id);
    known_.insert(id);
    return false;
  }
  void clear() {
    order_.clear();
    known_.clear();
  }

 private:
  boost::circular_buffer<std::uint64_t> order_;
  boost::unordered_flat_set<std::uint64_t> known_;  ///< never iterated
};

}  // namespace parallax::propagation::broker
