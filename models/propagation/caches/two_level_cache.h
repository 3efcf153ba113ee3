// A node's cache of two levels: its own memory in front of the map that it shares with the other members of its cluster
// (carbon-kernel CacheImpl). What is not here is asked for at the owner; what is not there either the host loads from
// its source, and puts:
//
//   if (const Copy* hit = cache.find(key)) ...
//   const Answer answer = co_await cache.fetch(key);
//   if (!answer.copy) co_await cache.store(key, copy, read);
//
// Members hear of what others put and remove: whoever holds such an entry takes the new one, or drops it.
//
// How old the copies are: in carbon-kernel an entry takes its age along, so that none is served for longer than the
// time to live and a sweep after it was loaded. In a Hazelcast near cache a copy ages from its arrival, and the times
// to live of the two levels add up.
#pragma once

#include <coroutine>
#include <cstdint>
#include <optional>

#include "models/propagation/caches/local_cache.h"
#include "models/propagation/caches/side.h"
#include "models/propagation/caches/spec.h"

namespace parallax::propagation::caches {

class TwoLevelCache final : private MapEar {
 public:
  /// `side`: null: a node by itself, whose cache has one level.
  TwoLevelCache(LocalCache& local, Side* side, MemberId member, const TwoLevelSpec& spec);
  TwoLevelCache(const TwoLevelCache&) = delete;
  TwoLevelCache& operator=(const TwoLevelCache&) = delete;

  LocalCache& local() { return local_; }
  const Copy* find(const Key& key) { return local_.find(key); }

  /// Asks the owner; what it finds is here from then on.
  class Fetch;
  [[nodiscard]] Fetch fetch(const Key& key);

  /// What the source said at `read`: here at once, and in the shared map when it is done.
  class Store;
  [[nodiscard]] Store store(const Key& key, const Copy& copy, sim::VirtualTime read);
  /// The same without waiting for the map.
  void store_without_waiting(const Key& key, const Copy& copy, sim::VirtualTime read);

  /// It is not to be used any more, here or at other members. Requires: `cause` was recorded now.
  void invalidate(const Key& key, domain::Version replaced_by, sim::RecordId cause);

 private:
  Copy put_here(const Key& key, Copy copy, sim::VirtualTime read);
  void take(const Key& key, const Answer& answer);
  void put_copy(const Key& key, const Copy& copy, const Origin& origin);
  void expired(const LocalCache::Expired& entry);
  void changed(const Message& event) override;

  LocalCache& local_;
  Side* side_;
  MemberId member_;
  TwoLevelSpec spec_;
};

/// Answers at once, with nothing, where there is no cluster.
class TwoLevelCache::Store {
 public:
  explicit Store(std::optional<Side::Call> call) : call_{call} {}
  bool await_ready() const { return !call_; }
  void await_suspend(std::coroutine_handle<> process) { call_->await_suspend(process); }
  Answer await_resume() const { return call_ ? call_->await_resume() : Answer{}; }

 private:
  std::optional<Side::Call> call_;
};

class TwoLevelCache::Fetch {
 public:
  Fetch(TwoLevelCache& cache, const Key& key, const Store& call) : cache_{cache}, key_{key}, call_{call} {}
  bool await_ready() const { return call_.await_ready(); }
  void await_suspend(std::coroutine_handle<> process) { call_.await_suspend(process); }
  Answer await_resume() {
    const Answer answer = call_.await_resume();
    cache_.take(key_, answer);
    return answer;
  }

 private:
  TwoLevelCache& cache_;
  Key key_;
  Store call_;
};

}  // namespace parallax::propagation::caches
