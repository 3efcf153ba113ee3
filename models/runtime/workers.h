// The limit of concurrency of a process: calls take one of a number of workers, wait in the order in which they came
// where none is free, and are refused where the queue is full or they have waited for too long. It turns a surge into
// time: B calls at once are over after ceil(B/c) service times, and while further ones come at a rate l the backlog
// drains in B / (c/s - l), or never.
//
// A worker is held for the service time alone, not for the time of a backend: the pass-through transport hands a
// request on and does not block (Apache Synapse, PassThroughHttpSender).
//
// Defaults: WSO2's documentation of the HTTP pass-through transport (passthru-http.properties, API Manager 4.1, "Tuning
// the HTTP transport"): worker_pool_size_core 400, worker_pool_size_max 400, worker_pool_queue_length -1, an unbounded
// queue. Nobody leaves that queue before his turn.
//
// A call is handed on when its service is over. Loss of power takes those at work and those that wait, unanswered.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/runtime/spec.h"
#include "models/runtime/workers_book.h"
#include "sim/distribution.h"
#include "sim/power.h"
#include "sim/random.h"
#include "sim/site.h"
#include "sim/time.h"

namespace parallax::runtime {

template <typename Call>
class Workers {
  static_assert(std::is_trivially_copyable_v<Call>);

 public:
  using Handler = std::function<void(const Call&)>;

  /// `purpose` names the stream of service times of `path`.
  Workers(sim::Site& site, const sim::Power& power, std::string_view path, std::string_view purpose, WorkersSpec spec,
          Handler serve, Handler refuse)
      : site_{site},
        power_{power},
        spec_{std::move(spec)},
        serve_{std::move(serve)},
        refuse_{std::move(refuse)},
        service_stream_{site.stream(path, purpose)},
        queue_(kLeastRoom),
        book_{site, spec_.count} {
    assert(spec_.count > 0);
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Requires: power.
  void enter(const Call& call) {
    book_.arrived();
    if (busy_ < spec_.count) return work_on(call);
    if (spec_.queue && waiting_ >= *spec_.queue) {
      book_.refused();
      return refuse_(call);
    }
    book_.waited();
    push({call, site_.now()});
    watch();
  }

  /// The power has failed.
  void lose() {
    if (waiting_ > 0) note_wait(front());
    book_.lost(busy_ + waiting_);
    busy_ = 0;
    waiting_ = 0;
    book_.level(busy_, waiting_);
  }

  std::size_t waiting() const { return waiting_; }
  std::uint32_t busy() const { return busy_; }

  /// As of now: who is still waiting counts with his wait so far.
  WorkersFigures figures() const {
    WorkersFigures now = book_.figures();
    if (waiting_ > 0) now.longest_wait = book_.longest_with(front().since);
    return now;
  }

  /// Its figures go to the journal, as those of this node. Before the run.
  void write_books(domain::NodeId node, domain::WorkersRole role) { book_.write_to(site_, node, role); }
  /// Once, at the end of the run.
  void close() { book_.close(figures().longest_wait); }

 private:
  struct Waiting {
    Call call;
    sim::VirtualTime since;
  };

  static constexpr std::size_t kLeastRoom = 64;

  void work_on(const Call& call) {
    ++busy_;
    book_.level(busy_, waiting_);
    site_.after(spec_.service.sample(service_stream_), [this, call, life = power_.life()] {
      if (!power_.outlived(life)) finish(call);
    });
  }

  void finish(const Call& call) {
    --busy_;
    book_.served();
    book_.level(busy_, waiting_);
    if (waiting_ > 0) {
      note_wait(front());
      work_on(pop().call);
    }
    serve_(call);
  }

  // All wait equally long at the most, so that the first in the queue is the first to give up: one alarm is enough.
  void watch() {
    if (!spec_.longest_wait || is_watched_ || waiting_ == 0) return;
    is_watched_ = true;
    site_.at(first_too_late(front()), [this] {
      is_watched_ = false;
      give_up();
      watch();
    });
  }

  void give_up() {
    while (waiting_ > 0 && site_.now() >= first_too_late(front())) {
      note_wait(front());
      const Waiting late = pop();
      book_.given_up();
      book_.level(busy_, waiting_);
      refuse_(late.call);
    }
  }

  // Whose turn comes at the very end of the longest wait is served.
  sim::VirtualTime first_too_late(const Waiting& one) const {
    return one.since + *spec_.longest_wait + sim::Duration{1};
  }

  void note_wait(const Waiting& one) { book_.wait_ended(one.since); }

  // A ring, which grows to the longest queue of the run and then allocates no more. Its size is a power of 2.
  const Waiting& front() const { return queue_[first_]; }

  Waiting pop() {
    const Waiting one = queue_[first_];
    first_ = (first_ + 1) & (queue_.size() - 1);
    --waiting_;
    return one;
  }

  void push(const Waiting& one) {
    if (waiting_ == queue_.size()) {
      std::rotate(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(first_), queue_.end());
      first_ = 0;
      site_.account(static_cast<std::int64_t>(queue_.size() * sizeof(Waiting)));
      queue_.resize(2 * queue_.size());
    }
    queue_[(first_ + waiting_) & (queue_.size() - 1)] = one;
    ++waiting_;
    book_.level(busy_, waiting_);
  }

  sim::Site& site_;
  const sim::Power& power_;
  WorkersSpec spec_;
  Handler serve_;
  Handler refuse_;
  sim::Stream service_stream_;
  std::vector<Waiting> queue_;
  std::size_t first_{0};
  std::size_t waiting_{0};
  std::uint32_t busy_{0};
  bool is_watched_{false};
  WorkersBook book_;
};

}  // namespace parallax::runtime
