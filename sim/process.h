// A process: a model written as straight-line code, a C++20 coroutine that waits in virtual time.
//
//   sim::Process publish_by_hand(sim::Site& site, ...) {
//     deploy(first);
//     co_await site.delay(minutes(2));
//     deploy(second);
//   }
//
// The first parameter names the site it lives in (after the object, for a member function). It starts at once and
// ends by itself; one that still waits when its site is destroyed is destroyed with it.
#pragma once

#include <coroutine>
#include <exception>
#include <type_traits>
#include <vector>

#include "sim/time.h"

namespace parallax::sim {

class Site;

/// The coroutines of a site that have not ended.
class ProcessList {
 public:
  ProcessList() = default;
  ProcessList(const ProcessList&) = delete;
  ProcessList& operator=(const ProcessList&) = delete;
  ~ProcessList();

  void add(std::coroutine_handle<> process) { live_.push_back(process); }
  void remove(std::coroutine_handle<> process);

 private:
  std::vector<std::coroutine_handle<>> live_;
};

class Process {
 public:
  class promise_type {
   public:
    template <typename... Rest>
    explicit promise_type(Site& site, Rest&...) : site_{site} {
      enlist();
    }
    // Not for a function that knows two sites: it lives at the first.
    template <typename Self, typename... Rest>
    requires(!std::is_same_v<std::remove_cv_t<Self>, Site>) promise_type(Self&, Site& site, Rest&...) : site_{site} {
      enlist();
    }
    promise_type(const promise_type&) = delete;
    promise_type& operator=(const promise_type&) = delete;
    ~promise_type();

    Process get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    [[noreturn]] void unhandled_exception() { std::terminate(); }

   private:
    void enlist();
    Site& site_;
  };
};

/// Resumes the process after `delay`, as an event of its site.
struct DelayAwaiter {
  Site& site;
  Duration delay;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> process) const;
  void await_resume() const noexcept {}
};

}  // namespace parallax::sim
