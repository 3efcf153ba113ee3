#include "sim/process.h"

#include "sim/site.h"

namespace parallax::sim {

using Promise = Process::promise_type;

// Destroying a frame takes it off the list.
ProcessList::~ProcessList() {
  while (first_ != nullptr) std::coroutine_handle<Promise>::from_promise(static_cast<Promise&>(*first_)).destroy();
}

void ProcessList::add(Link& link) {
  link.next = first_;
  if (first_ != nullptr) first_->previous = &link;
  first_ = &link;
  ++size_;
}

void ProcessList::remove(Link& link) {
  (link.previous == nullptr ? first_ : link.previous->next) = link.next;
  if (link.next != nullptr) link.next->previous = link.previous;
  --size_;
}

Promise::promise_type(AtSite at) : site_{at.site} { site_.processes.add(*this); }

Promise::~promise_type() { site_.processes.remove(*this); }

void* Promise::allocate(std::size_t bytes, Site& site) { return site.frames().allocate(bytes); }

void Promise::operator delete(void* frame, std::size_t bytes) { FramePool::free(frame, bytes); }

void DelayAwaiter::await_suspend(std::coroutine_handle<> process) const { site.wake_after(delay, process); }

}  // namespace parallax::sim
