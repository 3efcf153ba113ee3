#include "scenarios/workers.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace parallax::scenarios {
namespace {

// How long an interrupted user waits at most, beside a window of the run.
constexpr std::chrono::milliseconds kPatience{100};

// The caller's thread does no work, so that its callback may throw.
class Workers {
 public:
  Workers(std::size_t count, unsigned jobs, const Piece& piece) : count_{count}, piece_{piece} {
    // Where the system gives no more threads, fewer do the same work.
    try {
      for (std::size_t i = 0; i < std::min<std::size_t>(std::max(1U, jobs), count); ++i) {
        threads_.emplace_back([this] { work(); });
      }
    } catch (const std::system_error&) {
      if (threads_.empty()) throw;
    }
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() {
    next_ = count_;
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

  void wait(const std::function<void(unsigned done, unsigned total)>& progress) {
    for (std::size_t done = 0; done < count_;) {
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, kPatience, [&] { return done_ > done || failure_; });
      if (failure_) std::rethrow_exception(failure_);
      done = done_;
      lock.unlock();
      if (progress) progress(static_cast<unsigned>(done), static_cast<unsigned>(count_));
    }
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < count_; i = next_++) {
      std::exception_ptr failure;
      try {
        piece_(i, stop_);
      } catch (...) {
        failure = std::current_exception();
      }
      const std::lock_guard lock{mutex_};
      ++done_;
      if (failure && !failure_) failure_ = failure;
      changed_.notify_one();
    }
  }

  std::size_t count_;
  const Piece& piece_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t done_{0};
  std::exception_ptr failure_;
};

}  // namespace

void share_out(std::size_t count, unsigned jobs, const Piece& work,
               const std::function<void(unsigned done, unsigned total)>& progress) {
  Workers{count, jobs, work}.wait(progress);
}

}  // namespace parallax::scenarios
