// How a gateway asks key managers of its own site about an opaque token, where such questions take workers there: the
// one of its own node if it has one, else those of the site that are ready, in turn. It is heard when a worker has done
// its work; then the database is asked. Unheard is who finds no room, has waited for too long, or waits at a node that
// is lost; and who finds none that is ready.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/steering/call.h"

namespace parallax::runtime {

class ValidationTurn;

class Validator {
 public:
  /// Ends the turn, at once or later, or never if the run ends before.
  virtual void validate(ValidationTurn& turn) = 0;

 protected:
  ~Validator() = default;
};

/// What a process of a gateway waits for.
class ValidationTurn {
 public:
  enum class End : std::uint8_t { kHeard, kUnheard };

  /// Null: nobody is there to be asked.
  explicit ValidationTurn(Validator* asked) : asked_{asked} {}
  ValidationTurn(const ValidationTurn&) = delete;
  ValidationTurn& operator=(const ValidationTurn&) = delete;

  bool await_ready() const { return asked_ == nullptr; }
  void await_suspend(std::coroutine_handle<> process) {
    process_ = process;
    asked_->validate(*this);
  }
  End await_resume() const { return end_; }

  /// The process goes on.
  void end(End how) {
    end_ = how;
    process_.resume();
  }

 private:
  friend class ValidationTurns;

  Validator* asked_;
  std::coroutine_handle<> process_;
  End end_{End::kUnheard};
  ValidationTurn* previous_{nullptr};
  ValidationTurn* next_{nullptr};
};

/// Those that a key manager has in hand.
class ValidationTurns {
 public:
  void add(ValidationTurn& turn) {
    turn.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &turn;
    first_ = &turn;
  }

  void remove(ValidationTurn& turn) {
    if (turn.next_ != nullptr) turn.next_->previous_ = turn.previous_;
    (turn.previous_ == nullptr ? first_ : turn.previous_->next_) = turn.next_;
  }

  /// The last that came first.
  void end_all(ValidationTurn::End how) {
    while (first_ != nullptr) {
      ValidationTurn& turn = *first_;
      remove(turn);
      turn.end(how);
    }
  }

 private:
  ValidationTurn* first_{nullptr};
};

/// A gateway's choice among the key managers of its site.
class Validators {
 public:
  struct One {
    const steering::Backend* node;
    Validator* validator;
  };

  /// `own`: the one of the gateway's node; null: it has none.
  Validators(Validator* own, std::vector<One> others) : own_{own}, others_{std::move(others)} {}

  Validator* next() {
    if (own_ != nullptr) return own_;
    for (std::size_t i = 0; i < others_.size(); ++i) {
      const One& one = others_[turn_++ % others_.size()];
      if (one.node->is_ready()) return one.validator;
    }
    return nullptr;
  }

 private:
  Validator* own_;
  std::vector<One> others_;
  std::size_t turn_{0};
};

}  // namespace parallax::runtime
