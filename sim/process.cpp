#include "sim/process.h"

#include <algorithm>
#include <utility>

#include "sim/site.h"

namespace parallax::sim {

ProcessList::~ProcessList() {
  // Destroying a frame takes it off the list, so walk a copy.
  for (const auto process : std::exchange(live_, {})) process.destroy();
}

void ProcessList::remove(std::coroutine_handle<> process) {
  const auto found = std::find(live_.begin(), live_.end(), process);
  if (found != live_.end()) live_.erase(found);
}

void Process::promise_type::enlist() { site_.processes.add(std::coroutine_handle<promise_type>::from_promise(*this)); }

Process::promise_type::~promise_type() {
  site_.processes.remove(std::coroutine_handle<promise_type>::from_promise(*this));
}

void DelayAwaiter::await_suspend(std::coroutine_handle<> process) const {
  site.after(delay, [process] { process.resume(); });
}

}  // namespace parallax::sim
