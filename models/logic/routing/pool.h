// Items under dense 32-bit ids, those of discarded items used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace parallax::logic::routing {

template <typename Item>
class Pool {
 public:
  std::uint32_t add(Item&& item) {
    if (free_.empty()) {
      items_.push_back(std::move(item));
      free_.reserve(items_.capacity());  // so that discard cannot fail
      return static_cast<std::uint32_t>(items_.size() - 1);
    }
    const std::uint32_t id = free_.back();
    items_[id] = std::move(item);
    free_.pop_back();
    return id;
  }

  void discard(std::uint32_t id) {
    items_[id] = Item{};
    free_.push_back(id);
  }

  Item& operator[](std::uint32_t id) { return items_[id]; }
  const Item& operator[](std::uint32_t id) const { return items_[id]; }
  std::size_t size() const { return items_.size() - free_.size(); }

 private:
  std::vector<Item> items_;
  std::vector<std::uint32_t> free_;
};

}  // namespace parallax::logic::routing
