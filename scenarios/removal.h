// `remove: "sites[us-west]"`: what a scenario does not want of the one that it extends.
#pragma once

#include <set>
#include <tuple>

#include "scenarios/fields.h"
#include "scenarios/parse.h"

namespace parallax::scenarios {

/// Values of one draft that are passed over, by message, field number and index; kWhole: the field as a whole.
class Omitted {
 public:
  static constexpr int kWhole = -1;

  void add(const Message& message, int field_number, int index = kWhole) {
    values_.emplace(&message, field_number, index);
  }
  bool has(const Message& message, int field_number, int index = kWhole) const {
    return values_.contains({&message, field_number, index});
  }

 private:
  std::set<std::tuple<const Message*, int, int>> values_;
};

/// What the paths of `draft` name in `base`; a path that leads to nothing there becomes a problem of the draft.
Omitted removals_of(Draft& draft, const Draft& base);

}  // namespace parallax::scenarios
