// How a node asks a database. A statement is a callable that runs at the database, in one piece; it takes what it needs
// along and brings its answer back:
//
//   const auto row = co_await access.read([id](Database& there) { return there.token(id); });
//   if (!row) co_return;  // the node has lost its power, or the database cannot be reached
//
// The answer to a write has a member `committed`; it is held back until that is safe at all synchronous replicas.
//
// A database of the node's own site is `access_time` away, one way; that network does not fail by itself. One of
// another site is asked over a pool of connections (connection_pool.h).
//
// Stages: database_read and database_write [twice the access time, the same] at the same site.
#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "models/propagation/access/connection_pool.h"
#include "models/propagation/access/statement_call.h"
#include "models/propagation/database.h"
#include "sim/power.h"
#include "sim/process.h"
#include "sim/site.h"

namespace parallax::propagation {

class DatabaseAccess {
 public:
  /// From `site`, whose nodes live as long as `power` lasts. `pool`: null where the database is at the same site.
  /// Tokens issued from here take their numbers from `tokens`.
  DatabaseAccess(sim::Site& site, const sim::Power& power, Database& database, TokenNumbers tokens,
                 ConnectionPool* pool = nullptr)
      : site_{site}, power_{power}, database_{database}, tokens_{tokens}, pool_{pool} {}
  DatabaseAccess(const DatabaseAccess&) = delete;
  DatabaseAccess& operator=(const DatabaseAccess&) = delete;

  bool is_remote() const { return pool_ != nullptr; }
  const domain::Catalog& catalog() const { return database_.catalog(); }

  /// The database itself: at its own site only, or before the run.
  Database& database() { return database_; }

  /// Where new keys come from instead of the database's own sequences; null: from those.
  CommonSequence* common_sequence() { return database_.common_sequence(); }

  /// A token number that no row has, here or elsewhere. Never reused, not even when the disk is lost: whoever was
  /// given one keeps it.
  domain::TokenId reserve_token() {
    return static_cast<domain::TokenId>(tokens_.start + tokens_.increment * reserved_++);
  }

  template <typename Statement>
  auto read(Statement statement) {
    return Run<Statement>{*this, std::move(statement)};
  }

  template <typename Statement>
  requires(kWrites<Statement>) auto write(Statement statement) { return Run<Statement>{*this, std::move(statement)}; }

 private:
  template <typename Statement>
  class Run;

  sim::Site& site_;
  const sim::Power& power_;
  Database& database_;
  TokenNumbers tokens_;
  std::uint32_t reserved_{0};
  ConnectionPool* pool_;
};

template <typename Statement>
class DatabaseAccess::Run {
 public:
  using Answer = AnswerTo<Statement>;

  Run(DatabaseAccess& access, Statement statement) : access_{access}, statement_{std::move(statement)} {}

  bool await_ready() const { return false; }

  void await_suspend(std::coroutine_handle<> process) {
    process_ = process;
    if (access_.is_remote()) {
      auto finish = [this](std::optional<Answer> answer) {
        answer_ = std::move(answer);
        process_.resume();
      };
      using Call = StatementCallOf<Statement, decltype(finish)>;
      access_.pool_->submit(std::make_unique<Call>(std::move(statement_), std::move(finish)));
      return;
    }
    go_there(access_.site_);
  }

  std::optional<Answer> await_resume() { return std::move(answer_); }

 private:
  sim::Process go_there(sim::Site& site) {
    const std::uint32_t life = access_.power_.life();
    Database& there = access_.database_;
    co_await site.delay(there.access_time());
    if (!access_.power_.outlived(life)) {
      there.count_statement();
      answer_.emplace(statement_(there));
      const store::Lsn committed = place_of_commit<Statement>(*answer_);
      if (committed > 0) co_await there.replica().safe(committed);
      co_await site.delay(there.access_time());
    }
    process_.resume();
  }

  DatabaseAccess& access_;
  Statement statement_;
  std::optional<Answer> answer_;
  std::coroutine_handle<> process_;
};

}  // namespace parallax::propagation
