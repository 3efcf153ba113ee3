#include "models/propagation/counters/store.h"

namespace parallax::propagation::counters {

void AskingLimiter::connect(sim::ConnectionEnd& here, sim::ConnectionEnd& at_store) {
  end_ = &here;
  at_store_ = &at_store;
}

void AskingLimiter::opened() {
  for (const auto& [key, request] : std::exchange(waiting_, {})) send(key, request);
}

void AskingLimiter::closed() {
  const Answer answer = spec_.without_store == WithoutStore::kAdmitted ? Answer::kAdmitted : Answer::kRefused;
  for (const std::uint64_t request : std::exchange(asked_, {})) asker_.answered(request, answer);
}

void AskingLimiter::ask(ThrottleKey key, std::uint64_t request) {
  site_.after(spec_.way_to_store, [this, key, request] { send(key, request); });
}

// The store's end sends the answer; if that is no longer open the asker's end will close too.
void AskingLimiter::send(ThrottleKey key, std::uint64_t request) {
  if (!end_->is_open()) return waiting_.push_back({key, request});
  asked_.push_back(request);
  end_->send([this, key] {
    const Answer answer = store_.decide(key);
    if (at_store_->is_open()) at_store_->send([this, answer] { receive(answer); });
  });
}

void AskingLimiter::receive(Answer answer) {
  const std::uint64_t request = asked_.front();
  asked_.pop_front();
  site_.after(spec_.way_to_store, [this, request, answer] { asker_.answered(request, answer); });
}

}  // namespace parallax::propagation::counters
