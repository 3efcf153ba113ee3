#include "sim/journal_reader.h"

#include <system_error>
#include <utility>

namespace parallax::sim {

JournalReader::JournalReader(Where where) {
  if (where == Where::kHere) return;
  try {
    thread_ = std::thread{[this] { work(); }};
  } catch (const std::system_error&) {  // where the system gives no thread, this one does the work
  }
}

JournalReader::~JournalReader() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return state_ == State::kIdle; });
    state_ = State::kEnd;
  }
  changed_.notify_all();
  thread_.join();
}

void JournalReader::wait_until_idle(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return state_ == State::kIdle; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void JournalReader::read(std::vector<Record>& journal) {
  if (!thread_.joinable()) {
    std::swap(stretch_, journal);
    journal.clear();
    return call_readers();
  }
  {
    std::unique_lock lock{mutex_};
    wait_until_idle(lock);
    std::swap(stretch_, journal);
    state_ = State::kReading;
  }
  changed_.notify_all();
  journal.clear();
}

void JournalReader::wait() {
  std::unique_lock lock{mutex_};
  wait_until_idle(lock);
}

void JournalReader::settle() noexcept {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return state_ == State::kIdle; });
  failure_ = nullptr;
}

void JournalReader::call_readers() {
  for (const Reader& reader : readers_) reader(stretch_);
}

void JournalReader::work() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return state_ != State::kIdle; });
    if (state_ == State::kEnd) return;
    lock.unlock();
    std::exception_ptr failure;
    try {
      call_readers();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failure_ = failure;
    state_ = State::kIdle;
    changed_.notify_all();
  }
}

}  // namespace parallax::sim
