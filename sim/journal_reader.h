// Hands stretches of the journal to those who read it: at once, or on a thread of its own, one stretch behind the run.
// Readers see the journal alone, so that it does not show which.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "sim/record.h"

namespace parallax::sim {

class JournalReader {
 public:
  using Reader = std::function<void(std::span<const Record>)>;
  enum class Where { kHere, kOwnThread };

  explicit JournalReader(Where where);
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;
  ~JournalReader();

  /// Before the first stretch.
  void add(Reader reader) { readers_.push_back(std::move(reader)); }

  /// Takes the records and leaves none, but room for as many as some earlier stretch had. Waits for the stretch before
  /// this one. Throws what a reader has thrown, at it or at that one.
  void read(std::vector<Record>& journal);

  /// Returns when everything has been read. Throws what a reader has thrown.
  void wait();

  /// The same, but forgets what a reader has thrown.
  void settle() noexcept;

 private:
  void work();
  void wait_until_idle(std::unique_lock<std::mutex>& lock);
  void call_readers();

  std::vector<Reader> readers_;
  std::vector<Record> stretch_;
  enum class State { kIdle, kReading, kEnd } state_{State::kIdle};
  std::exception_ptr failure_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace parallax::sim
