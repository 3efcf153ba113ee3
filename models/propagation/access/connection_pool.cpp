#include "models/propagation/access/connection_pool.h"

#include <algorithm>
#include <utility>

#include "models/propagation/database.h"

namespace parallax::propagation {

/// One connection. What it carries is at the database between the last packet there and the answer, and is looked at
/// by nobody else then; if the connection breaks meanwhile it is put aside, for the database may still be at work.
class ConnectionPool::Slot {
 public:
  Slot(ConnectionPool& pool, Database& database, const sim::Power& database_power, const std::string& name)
      : pool_{pool},
        database_{database},
        database_power_{database_power},
        connection_{
            pool.site_,
            database.replica().site(),
            name,
            {.connect_timeout = pool.spec_.connect_timeout, .handshake_round_trips = pool.spec_.handshake_round_trips},
            at_client_,
            at_database_} {}

  sim::Connection& connection() { return connection_; }

  void take(std::unique_ptr<StatementCall> call) {
    call_ = std::move(call);
    round_trips_before_ = call_->writes() ? 1 : 0;
    if (!connection_.client().is_open()) return connection_.client().connect();
    if (pool_.site_.now() - used_ > pool_.spec_.validation_interval) ++round_trips_before_;
    go_on();
  }

  /// What it carries will not be answered.
  void fail() {
    if (call_ == nullptr) return;
    std::unique_ptr<StatementCall> call = std::move(call_);
    StatementCall* const failed = call.get();
    if (is_sent_) abandoned_.push_back(std::move(call));
    is_sent_ = false;
    ++era_;
    pool_.freed(*this);
    failed->failed();
  }

 private:
  class AtClient final : public sim::ConnectionListener {
   public:
    explicit AtClient(Slot& slot) : slot_{slot} {}
    void opened() override { slot_.go_on(); }
    void closed(sim::Closed) override { slot_.fail(); }

   private:
    Slot& slot_;
  };
  class AtDatabase final : public sim::ConnectionListener {
   public:
    void opened() override {}
    void closed(sim::Closed) override {}
  };

  // What a statement has to say before the packet that decides: the validation query, and what comes before a COMMIT.
  void go_on() {
    if (round_trips_before_ == 0) return send();
    --round_trips_before_;
    connection_.client().send([this, era = era_] {
      answer([this, era] {
        if (era == era_) go_on();
      });
    });
  }

  void send() {
    is_sent_ = true;
    connection_.client().send([this, call = call_.get(), era = era_] {
      if (!database_power_.is_on()) return;
      if (pool_.is_served_ && !pool_.is_served_()) return refuse(era);
      execute(database_.replica().site(), call, era);
    });
  }

  // At the database's site from here on.
  sim::Process execute(sim::Site& site, StatementCall* call, std::uint32_t era) {
    const sim::Duration service = pool_.spec_.service_time;
    if (service.ns > 0) co_await site.delay(service);
    database_.count_statement();
    const store::Lsn committed = call->run(database_);
    if (committed > 0) co_await database_.replica().safe(committed);
    if (service.ns > 0) co_await site.delay(service);
    answer([this, era] {
      if (era == era_) finish();
    });
  }

  // Whoever balances the calls there has nobody to pass this one on to, and says so.
  void refuse(std::uint32_t era) {
    answer([this, era] {
      if (era != era_) return;
      is_sent_ = false;
      fail();
    });
  }

  void answer(const sim::Action& action) {
    if (connection_.server().is_open()) connection_.server().send(action);
  }

  // And back at the client's.
  void finish() {
    used_ = pool_.site_.now();
    is_sent_ = false;
    ++era_;
    const std::unique_ptr<StatementCall> call = std::move(call_);
    pool_.freed(*this);
    call->answered();
  }

  ConnectionPool& pool_;
  Database& database_;
  const sim::Power& database_power_;
  AtClient at_client_{*this};
  AtDatabase at_database_;
  sim::Connection connection_;
  std::unique_ptr<StatementCall> call_;
  std::uint32_t round_trips_before_{0};
  bool is_sent_{false};
  std::uint32_t era_{0};  ///< counted up when what was under way is over
  sim::VirtualTime used_;
  std::vector<std::unique_ptr<StatementCall>> abandoned_;
};

ConnectionPool::ConnectionPool(sim::Site& site, const sim::Power& power, Database& database,
                               const sim::Power& database_power, const std::string& name,
                               const ConnectionPoolSpec& spec)
    : site_{site}, power_{power}, spec_{spec} {
  for (std::uint32_t i = 0; i < spec.connections; ++i) {
    slots_.push_back(std::make_unique<Slot>(*this, database, database_power, name + " " + std::to_string(i)));
  }
  for (auto slot = slots_.rbegin(); slot != slots_.rend(); ++slot) free_.push_back(slot->get());
}

ConnectionPool::~ConnectionPool() = default;

void ConnectionPool::submit(std::unique_ptr<StatementCall> call) {
  ++calls_;
  if (!power_.is_on()) return call->failed();
  if (!free_.empty()) {
    Slot* slot = free_.back();
    free_.pop_back();
    return slot->take(std::move(call));
  }
  ++waited_;
  waiting_.push_back({++tickets_, site_.now(), std::move(call)});
  site_.after(spec_.longest_wait, [this, ticket = tickets_] { give_up(ticket); });
}

void ConnectionPool::freed(Slot& slot) {
  if (waiting_.empty()) return free_.push_back(&slot);
  note_wait(waiting_.front());
  std::unique_ptr<StatementCall> next = std::move(waiting_.front().call);
  waiting_.pop_front();
  slot.take(std::move(next));
}

void ConnectionPool::give_up(std::uint64_t ticket) {
  if (waiting_.empty() || ticket < waiting_.front().ticket) return;
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [ticket](const Waiting& waiting) { return waiting.ticket == ticket; });
  if (found == waiting_.end()) return;
  ++given_up_;
  note_wait(*found);
  const std::unique_ptr<StatementCall> call = std::move(found->call);
  waiting_.erase(found);
  call->failed();
}

void ConnectionPool::lost() {
  std::deque<Waiting> waiting;
  waiting.swap(waiting_);
  if (!waiting.empty()) note_wait(waiting.front());
  for (const auto& slot : slots_) slot->connection().client().lose();
  for (const Waiting& one : waiting) one.call->failed();
  for (const auto& slot : slots_) slot->fail();
}

void ConnectionPool::note_wait(const Waiting& one) { longest_wait_ = std::max(longest_wait_, site_.now() - one.since); }

// Who still waits counts with his wait so far.
void ConnectionPool::close(domain::PoolTarget target) {
  if (waited_ == 0) return;
  if (!waiting_.empty()) note_wait(waiting_.front());
  site_.record(domain::PoolClosed{site_.id(), target, calls_, waited_, given_up_, longest_wait_}.pack());
}

void ConnectionPool::restored() {
  for (const auto& slot : slots_) slot->connection().client().restore();
}

void ConnectionPool::database_lost() {
  for (const auto& slot : slots_) slot->connection().server().lose();
}

void ConnectionPool::database_restored() {
  for (const auto& slot : slots_) slot->connection().server().restore();
}

}  // namespace parallax::propagation
