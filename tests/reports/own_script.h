// A page runs the script that it was built with, and none that came with its words.
#pragma once

#include <string>

namespace parallax::reports::test {

inline bool runs_only_its_own_script(const std::string& page) {
  const std::size_t own = page.find("<script");
  return own != std::string::npos && own < page.find("<body>") && page.find("<script", own + 1) == std::string::npos;
}

}  // namespace parallax::reports::test
