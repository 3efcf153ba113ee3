// One window in words: who wrote what, who went by the old state, and what that time was spent on, hop by hop; and what
// it would be with another configuration.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/result.pb.h"

namespace parallax::reports {

/// `others`: the same change as other observers see it.
std::string journey(const schema::Result& result, const schema::Window& window,
                    const std::vector<schema::Window>& others);

/// A window with the class that it belongs to, in one run; null where there is none.
struct Seen {
  const schema::Window* window;
  const schema::WindowClass* of_class;
};

/// Requires: `before.window`.
std::string what_if(const schema::Result& result, const std::vector<std::string>& overrides, const Seen& before,
                    const Seen& after);

}  // namespace parallax::reports
