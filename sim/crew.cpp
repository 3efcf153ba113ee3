#include "sim/crew.h"

#include <limits>
#include <system_error>
#include <utility>

namespace parallax::sim {

namespace {

constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();

// Windows follow each other within microseconds; a worker that has waited longer than that sleeps.
constexpr int kSpins = 2'000;

void pause(int spin) {
  if (spin % 64 == 63) {
    std::this_thread::yield();
  } else {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
}

}  // namespace

Crew::Crew(unsigned threads) {
  try {
    for (unsigned i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
  }
}

Crew::~Crew() {
  batch_.store(kEnd, std::memory_order_release);
  batch_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Crew::run(std::size_t tasks, const Task& task) {
  task_ = &task;
  tasks_ = tasks;
  next_.store(0, std::memory_order_relaxed);
  at_work_.store(workers_.size(), std::memory_order_relaxed);
  batch_.fetch_add(1, std::memory_order_release);
  batch_.notify_all();
  take_part();
  for (int spin = 0; at_work_.load(std::memory_order_acquire) != 0; ++spin) pause(spin);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Crew::take_part() {
  for (std::size_t i = next_.fetch_add(1, std::memory_order_relaxed); i < tasks_;
       i = next_.fetch_add(1, std::memory_order_relaxed)) {
    try {
      (*task_)(i);
    } catch (...) {
      const std::lock_guard lock{failing_};
      if (!failure_) failure_ = std::current_exception();
    }
  }
}

std::uint64_t Crew::wait_for_batch(std::uint64_t seen) const {
  for (int spin = 0; spin < kSpins; ++spin) {
    const std::uint64_t batch = batch_.load(std::memory_order_acquire);
    if (batch != seen) return batch;
    pause(spin);
  }
  batch_.wait(seen, std::memory_order_acquire);
  return batch_.load(std::memory_order_acquire);
}

void Crew::work() {
  for (std::uint64_t batch = wait_for_batch(0); batch != kEnd; batch = wait_for_batch(batch)) {
    take_part();
    at_work_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace parallax::sim
