// What a node does: everything, or one of the product's components alone.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace parallax::runtime {

enum class Part : std::uint8_t {
  kGateway,
  kKeyManager,
  kTrafficManager,
  kControlPlane,  ///< publisher and developer portal
};

class PartSet {
 public:
  constexpr PartSet(std::initializer_list<Part> parts) {
    for (const Part part : parts) add(part);
  }
  static constexpr PartSet all() {
    return {Part::kGateway, Part::kKeyManager, Part::kTrafficManager, Part::kControlPlane};
  }
  constexpr void add(Part part) { bits_ = static_cast<std::uint8_t>(bits_ | bit(part)); }
  constexpr bool has(Part part) const { return (bits_ & bit(part)) != 0; }

 private:
  static constexpr std::uint8_t bit(Part part) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(part)); }
  std::uint8_t bits_{0};
};

}  // namespace parallax::runtime
