// A process that stands still for a while and keeps its memory: a long garbage collection, SIGSTOP, a host whose
// processors are given to others. What comes for it meanwhile is kept, in order, and handled in the instant in which it
// goes on. Its kernel lives: connections are accepted, and what is sent over them is acknowledged.
#pragma once

#include <coroutine>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "sim/time.h"

namespace parallax::sim {

class Standstill {
 public:
  bool is_on() const { return !faults_.empty(); }

  /// The fault that began first of those that are on. Requires: is_on().
  std::uint32_t fault() const { return faults_.front(); }

  void begin(std::uint32_t fault) { faults_.push_back(fault); }

  /// Goes on if it was the last, with what has been kept.
  void end(std::uint32_t fault) {
    std::erase(faults_, fault);
    while (!is_on() && !kept_.empty()) {
      const std::function<void()> next = std::move(kept_.front());
      kept_.pop_front();
      next();
    }
  }

  /// Now, or when it goes on.
  template <typename Callable>
  void run(Callable&& what) {
    is_on() ? keep(std::forward<Callable>(what)) : what();
  }

  /// Requires: is_on().
  void keep(std::function<void()> what) {
    const std::uint32_t by = fault();
    if (touched_.size() <= by) touched_.resize(by + 1);
    ++touched_[by];
    kept_.push_back(std::move(what));
  }

  /// co_await standstill.over(): at once if it is not on.
  auto over() { return Awaiter{*this}; }

  /// Adds what it has kept to the sums by fault number.
  void add_kept(std::vector<std::uint64_t>& by_fault) const {
    for (std::size_t fault = 0; fault < touched_.size(); ++fault) by_fault[fault] += touched_[fault];
  }

 private:
  struct Awaiter {
    Standstill& standstill;
    bool await_ready() const { return !standstill.is_on(); }
    void await_suspend(std::coroutine_handle<> process) {
      standstill.keep([process] { process.resume(); });
    }
    void await_resume() const {}
  };

  std::vector<std::uint32_t> faults_;  ///< that are on, in the order in which they began
  std::deque<std::function<void()>> kept_;
  std::vector<std::uint64_t> touched_;  ///< by fault
};

}  // namespace parallax::sim
