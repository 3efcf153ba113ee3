// Threads that execute the tasks of a batch together with their caller, and wait for the next batch in between.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace parallax::sim {

class Crew {
 public:
  /// `threads` counts the caller. Where the system gives no more threads, fewer do the same work. Requires: at least 1.
  explicit Crew(unsigned threads);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  unsigned threads() const { return static_cast<unsigned>(workers_.size()) + 1; }

  /// Executes task(0) .. task(tasks - 1), each once, by whoever is free, and returns when all are done. The first
  /// exception of a task is thrown on after that.
  using Task = std::function<void(std::size_t)>;
  void run(std::size_t tasks, const Task& task);

 private:
  void work();
  void take_part();
  std::uint64_t wait_for_batch(std::uint64_t seen) const;

  const Task* task_{nullptr};
  std::size_t tasks_{0};
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> batch_{0};  ///< counts batches; the greatest value tells the workers to end
  std::atomic<std::size_t> at_work_{0};
  std::mutex failing_;
  std::exception_ptr failure_;
  std::vector<std::thread> workers_;
};

}  // namespace parallax::sim
