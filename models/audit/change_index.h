// Which acknowledged changes there are of an object.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/audit/fetch.h"
#include "models/domain/ids.h"

namespace parallax::audit {

class ChangeIndex {
 public:
  /// `change`: its number in order of acknowledgement.
  void add(domain::ObjectRef object, std::size_t change) {
    auto& places = places_[static_cast<std::size_t>(object.kind())];
    if (object.id() >= places.size()) places.resize(object.id() + std::size_t{1});
    std::uint32_t& place = places[object.id()];
    if (place == 0) {
      place = static_cast<std::uint32_t>(lists_.size());
      lists_.emplace_back();
    }
    lists_[place].push_back(change);
  }

  /// It is going to be asked of this object.
  void fetch(domain::ObjectRef object) const {
    const auto& places = places_[static_cast<std::size_t>(object.kind())];
    if (object.id() < places.size()) fetch_lines(places[object.id()]);
  }

  /// In the order in which they were added; mostly none, which is known by one look.
  const std::vector<std::size_t>& of(domain::ObjectRef object) const {
    const auto& places = places_[static_cast<std::size_t>(object.kind())];
    return lists_[object.id() < places.size() ? places[object.id()] : 0];
  }

 private:
  std::array<std::vector<std::uint32_t>, domain::kObjectKinds> places_;  ///< by kind and id: in lists_
  std::vector<std::vector<std::size_t>> lists_{{}};                      ///< the first is that of who has none
};

}  // namespace parallax::audit
