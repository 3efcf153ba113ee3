// A statement on its way to a database of another site, and its answer on the way back.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "models/propagation/store/store.h"

namespace parallax::propagation {

class Database;

template <typename Statement>
using AnswerTo = std::invoke_result_t<Statement&, Database&>;

/// Whether a statement may commit: then its answer says how far the database's log reaches behind that; 0: it did not.
template <typename Statement>
inline constexpr bool kWrites = requires(AnswerTo<Statement> answer) {
  answer.committed;
};

template <typename Statement>
store::Lsn place_of_commit(const AnswerTo<Statement>& answer) {
  if constexpr (kWrites<Statement>) {
    return answer.committed;
  } else {
    return 0;
  }
}

/// Asked for at one site and run at another: whoever made it does not look at it between.
class StatementCall {
 public:
  virtual ~StatementCall() = default;

  virtual bool writes() const = 0;

  /// At the database. Returns the place in its log behind what was committed; 0: nothing was.
  virtual store::Lsn run(Database& at) = 0;

  /// Back where it was made, once: with the answer, or without, as the connection is gone.
  virtual void answered() = 0;
  virtual void failed() = 0;
};

template <typename Statement, typename Finish>
class StatementCallOf final : public StatementCall {
 public:
  StatementCallOf(Statement statement, Finish finish) : statement_{std::move(statement)}, finish_{std::move(finish)} {}

  bool writes() const override { return kWrites<Statement>; }
  store::Lsn run(Database& at) override {
    answer_.emplace(statement_(at));
    return place_of_commit<Statement>(*answer_);
  }
  void answered() override { finish_(std::move(answer_)); }
  void failed() override { finish_(std::nullopt); }

 private:
  Statement statement_;
  Finish finish_;
  std::optional<AnswerTo<Statement>> answer_;
};

}  // namespace parallax::propagation
