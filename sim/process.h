// A process: a model written as straight-line code, a C++20 coroutine that waits in virtual time.
//
//   sim::Process publish_by_hand(sim::Site& site, ...) {
//     deploy(first);
//     co_await site.delay(minutes(2));
//     deploy(second);
//   }
//
// The first parameter names the site it lives in (after the object, for a member function). It starts at once and
// ends by itself; one that still waits when its site is destroyed is destroyed with it. Its frame comes from the pool
// of its logical process, and waiting is an event that holds nothing but the frame's address: neither allocates once
// the pool is warm.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <type_traits>

#include "sim/time.h"

namespace parallax::sim {

class Site;

/// The coroutines of a site that have not ended, linked through their promises.
class ProcessList {
 public:
  struct Link {
    Link* previous{nullptr};
    Link* next{nullptr};
  };

  ProcessList() = default;
  ProcessList(const ProcessList&) = delete;
  ProcessList& operator=(const ProcessList&) = delete;
  ~ProcessList();

  void add(Link& link);
  void remove(Link& link);
  std::size_t size() const { return size_; }

 private:
  Link* first_{nullptr};
  std::size_t size_{0};
};

class Process {
 public:
  class promise_type : public ProcessList::Link {
   public:
    template <typename... Rest>
    explicit promise_type(Site& site, Rest&...) : promise_type{AtSite{site}} {}
    // Not for a function that knows two sites: it lives at the first.
    template <typename Self, typename... Rest>
    requires(!std::is_same_v<std::remove_cv_t<Self>, Site>) promise_type(Self&, Site& site, Rest&...)
        : promise_type{AtSite{site}} {}
    promise_type(const promise_type&) = delete;
    promise_type& operator=(const promise_type&) = delete;
    ~promise_type();

    template <typename... Rest>
    static void* operator new(std::size_t bytes, Site& site, Rest&...) {
      return allocate(bytes, site);
    }
    template <typename Self, typename... Rest>
    requires(!std::is_same_v<std::remove_cv_t<Self>, Site>) static void* operator new(std::size_t bytes, Self&,
                                                                                      Site& site, Rest&...) {
      return allocate(bytes, site);
    }
    static void operator delete(void* frame, std::size_t bytes);

    Process get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    [[noreturn]] void unhandled_exception() { std::terminate(); }

   private:
    struct AtSite {
      Site& site;
    };
    explicit promise_type(AtSite at);
    static void* allocate(std::size_t bytes, Site& site);

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
