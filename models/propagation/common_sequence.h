// One sequence for all data centers, in one place: each insert elsewhere fetches its number over the network first. A
// request that is lost is sent again; the number that it may have cost is a gap.
#pragma once

#include <coroutine>
#include <cstdint>
#include <vector>

#include "models/propagation/store/schema.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation {

class Database;

class CommonSequence {
 public:
  static constexpr sim::Duration kAskAgain = sim::seconds(1);  ///< without an answer: our assumption

  /// `home` has the sequence. At `site`.
  CommonSequence(sim::Site& site, Database& home, const sim::Power& home_power)
      : site_{site}, home_{home}, home_power_{home_power} {}

  /// co_await sequence.next(table), at `site`: the next number. For as long as it takes.
  auto next(store::TableId table) { return Awaiter{*this, table}; }

 private:
  struct Awaiter {
    CommonSequence& sequence;
    store::TableId table;
    store::Value number{0};
    std::coroutine_handle<> process{};

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      process = handle;
      sequence.ask(*this);
    }
    store::Value await_resume() const { return number; }
  };
  struct Asking {
    std::uint64_t ticket;
    Awaiter* awaiter;
  };

  void ask(Awaiter& awaiter);
  void send(std::uint64_t ticket, store::TableId table);
  void answered(std::uint64_t ticket, store::Value number);

  sim::Site& site_;
  Database& home_;
  const sim::Power& home_power_;
  std::uint64_t tickets_{0};
  std::vector<Asking> asking_;
};

}  // namespace parallax::propagation
