// "standalone_pair: 12/30 seeds, 41 s left" on a terminal, nothing anywhere else.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace parallax::cli {

class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();  ///< wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(unsigned done, unsigned total, std::string_view of = "seeds");

 private:
  std::string what_;
  enum class Where { terminal, nowhere } where_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace parallax::cli
