// What runs on a host beside what the host is for, and shares its fate.
#pragma once

#include <functional>

namespace parallax::runtime {

struct Resident {
  std::function<void()> lost;      ///< the host has lost power or process, and its power knows
  std::function<void()> restored;  ///< it has started
};

}  // namespace parallax::runtime
