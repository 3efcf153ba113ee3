#include "scenarios/workers.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace parallax::scenarios {
namespace {

// How long an interrupted user waits at most, beside a window of the run.
constexpr std::chrono::milliseconds kPatience{100};

// The caller's thread does no work, so that its callback may throw.
//
// Pieces are taken in order, so when one fails all before it have been taken. Those go on to their end, and only those
// after it are stopped: the failure that is told is that of the least piece, whichever came first.
class Workers {
 public:
  Workers(std::size_t count, unsigned jobs, const WorkPiece& piece) : count_{count}, piece_{piece} {
    const auto wanted = std::min<std::size_t>(std::max(1U, jobs), count);
    // A thread that has begun must find its place: nothing after it may move or throw for want of memory.
    for (std::size_t i = 0; i < wanted; ++i) workers_.push_back(std::make_unique<Worker>());
    threads_.reserve(wanted);
    // Where the system gives no more threads, fewer do the same work.
    try {
      for (const auto& worker : workers_) threads_.emplace_back([this, &worker = *worker] { work(worker); });
    } catch (const std::system_error&) {
      if (threads_.empty()) throw;
    }
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() {
    {
      const std::lock_guard lock{mutex_};
      next_ = count_;
      for (const auto& worker : workers_) worker->stop = true;
    }
    for (std::thread& thread : threads_) thread.join();
  }

  void wait(const std::function<void(unsigned done, unsigned total)>& progress) {
    for (std::size_t done = 0; done < count_;) {
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, kPatience, [&] { return done_ > done || has_failed(); });
      if (has_failed()) std::rethrow_exception(failure_);
      done = done_;
      lock.unlock();
      if (progress) progress(static_cast<unsigned>(done), static_cast<unsigned>(count_));
    }
  }

 private:
  static constexpr std::size_t kIdle = std::numeric_limits<std::size_t>::max();

  struct Worker {
    std::size_t piece{kIdle};
    std::atomic<bool> stop{false};
  };

  bool take(Worker& worker) {
    const std::lock_guard lock{mutex_};
    worker.piece = next_ < count_ ? next_++ : kIdle;
    return worker.piece != kIdle;
  }

  void work(Worker& worker) {
    while (take(worker)) {
      std::exception_ptr failure;
      try {
        piece_(worker.piece, worker.stop);
      } catch (...) {
        failure = std::current_exception();
      }
      const std::lock_guard lock{mutex_};
      ++done_;
      if (failure && worker.piece < failed_) fail(worker.piece, failure);
      worker.piece = kIdle;
      changed_.notify_one();
    }
  }

  void fail(std::size_t piece, const std::exception_ptr& failure) {
    failed_ = piece;
    failure_ = failure;
    next_ = count_;
    for (const auto& worker : workers_) {
      if (worker->piece != kIdle && worker->piece > piece) worker->stop = true;
    }
  }

  /// And no piece before it may fail yet.
  bool has_failed() const {
    return failure_ && std::none_of(workers_.begin(), workers_.end(),
                                    [this](const auto& worker) { return worker->piece < failed_; });
  }

  std::size_t count_;
  const WorkPiece& piece_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_{0};
  std::size_t done_{0};
  std::size_t failed_{kIdle};
  std::exception_ptr failure_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
};

}  // namespace

void share_out(std::size_t count, unsigned jobs, const WorkPiece& work,
               const std::function<void(unsigned done, unsigned total)>& progress) {
  Workers{count, jobs, work}.wait(progress);
}

}  // namespace parallax::scenarios
