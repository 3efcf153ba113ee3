// Whether the hosts of a site run, and which of their lives this is: what was under way in an earlier one must not go
// on after a restart.
#pragma once

#include <cstdint>

namespace parallax::sim {

class Power {
 public:
  bool is_on() const { return is_on_; }

  /// A token for work that begins now: it is stale once the power has failed.
  std::uint32_t life() const { return life_; }
  bool outlived(std::uint32_t life) const { return life != life_; }

  void fail() {
    is_on_ = false;
    ++life_;
  }
  void restore() { is_on_ = true; }

 private:
  bool is_on_{true};
  std::uint32_t life_{0};
};

}  // namespace parallax::sim
