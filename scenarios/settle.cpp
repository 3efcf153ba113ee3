#include "scenarios/settle.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "scenarios/checked_text.h"
#include "scenarios/compile.h"
#include "scenarios/compile_delays.h"
#include "scenarios/condition.h"
#include "sim/random.h"

namespace parallax::scenarios {

namespace {

using sim::Duration;
using sim::VirtualTime;

/// Something that waits, and what becomes of it.
struct Question {
  const schema::Condition* condition;
  VirtualTime from;
  VirtualTime deadline;  ///< it waits no longer
  int fault;             ///< its place; or
  int runbook;           ///< -1: it is a fault's
};

/// The first of them that is over, because what it waits for has come or because it waits no longer.
struct Answer {
  std::size_t question;
  VirtualTime at;
  bool has_come;
};

class Settling {
 public:
  Settling(const schema::Scenario& scenario, std::uint64_t seed, const Player& play)
      : original_{scenario},
        world_{compile(scenario, seed)},
        seed_{seed},
        play_{play},
        end_{duration(scenario.duration())},
        settled_{scenario, {}},
        effects_{settled_.scenario, end_} {
    for (const schema::Runbook& runbook : scenario.runbooks()) {
      settled_.runbooks.push_back(
          {runbook.name(), std::vector<StepTimes>(static_cast<std::size_t>(runbook.steps_size()))});
      next_step_.push_back(-1);
    }
  }

  Settled settle() && {
    for (int i = 0; i < original_.faults_size(); ++i) {
      const schema::Fault& fault = original_.faults(i);
      if (fault.has_when()) questions_.push_back({&fault.when(), {}, run_end(), i, -1});
    }
    for (int i = 0; i < original_.runbooks_size(); ++i) start(i);
    while (!questions_.empty()) {
      const std::optional<Answer> first = find_first();
      if (!first) break;
      const Question question = questions_[first->question];
      questions_.erase(questions_.begin() + static_cast<std::ptrdiff_t>(first->question));
      if (question.runbook < 0) {
        settle_fault(question, *first);
      } else {
        settle_step(question, *first);
      }
    }
    return std::move(settled_);
  }

 private:
  VirtualTime run_end() const { return VirtualTime{} + end_; }

  // What follows an event comes after it: a fault in the same instant would be first, and undo its own cause.
  static VirtualTime following(const schema::Condition& condition, VirtualTime came) {
    const Duration after = condition.after().empty() ? Duration{} : duration(condition.after());
    return came + (condition.has_replication_lag() ? after : std::max(after, Duration{1}));
  }

  // A deadline at the end of the run is none: then nothing more happens.
  std::optional<Answer> find_first() {
    std::vector<ConditionWatch> watches;
    VirtualTime last = run_end();
    for (const Question& question : questions_) {
      watches.emplace_back(*question.condition, world_, question.from);
      last = std::min(last, question.deadline);
    }
    const VirtualTime ended = play_(settled_.scenario, [&](std::span<const sim::Record> journal) {
      for (const sim::Record& record : journal) {
        if (record.time > last) return Seen::kEnough;
        for (ConditionWatch& watch : watches) {
          watch.read(record);
          if (watch.came()) return Seen::kEnough;
        }
      }
      return Seen::kNotEnough;
    });
    std::optional<Answer> first;
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      watches[i].finish(std::min(ended, last));
      const std::optional<Answer> answer = answer_of(i, watches[i].came(), ended);
      if (answer && (!first || answer->at < first->at)) first = answer;
    }
    return first;
  }

  // Who waits for something and some time after it gives up if that time is not over by the deadline.
  std::optional<Answer> answer_of(std::size_t number, std::optional<VirtualTime> came, VirtualTime ended) const {
    const Question& question = questions_[number];
    if (came && following(*question.condition, *came) <= question.deadline) return Answer{number, *came, true};
    const bool is_over = came || question.deadline <= ended;
    if (is_over && question.deadline < run_end()) return Answer{number, question.deadline, false};
    return came ? std::optional{Answer{number, *came, true}} : std::nullopt;
  }

  void settle_fault(const Question& question, const Answer& answer) {
    const VirtualTime at = following(*question.condition, answer.at);
    if (!answer.has_come || at >= run_end()) return;
    schema::Fault& fault = *settled_.scenario.mutable_faults(question.fault);
    fault.clear_when();
    fault.set_at(std::to_string(at.ns) + "ns");
  }

  void start(int number) {
    const schema::Runbook& runbook = original_.runbooks(number);
    if (runbook.has_when()) {
      questions_.push_back({&runbook.when(), {}, run_end(), 0, number});
    } else {
      go_on(number, VirtualTime{} + duration(runbook.at()));
    }
  }

  void settle_step(const Question& question, const Answer& answer) {
    const schema::Runbook& runbook = original_.runbooks(question.runbook);
    const int number = next_step_[static_cast<std::size_t>(question.runbook)];
    const VirtualTime now = answer.has_come ? following(*question.condition, answer.at) : answer.at;
    if (number < 0) return go_on(question.runbook, now);
    const schema::Step& step = runbook.steps(number);
    StepTimes& times = times_of(question.runbook, number);
    times.gave_up = !answer.has_come;
    if (!answer.has_come && step.in_vain() == "abort") return;
    if (const auto done = do_step(question.runbook, now)) go_on(question.runbook, *done);
  }

  StepTimes& times_of(int runbook, int step) {
    return settled_.runbooks[static_cast<std::size_t>(runbook)].steps[static_cast<std::size_t>(step)];
  }

  /// The next step begins at `now`, and those after it, up to one that has to wait.
  void go_on(int number, VirtualTime now) {
    for (std::optional<VirtualTime> done = now; done;) done = next_step(number, *done);
  }

  std::optional<VirtualTime> next_step(int number, VirtualTime now) {
    const schema::Runbook& runbook = original_.runbooks(number);
    const int next = ++next_step_[static_cast<std::size_t>(number)];
    if (next == runbook.steps_size() || now >= run_end()) return std::nullopt;
    const schema::Step& step = runbook.steps(next);
    times_of(number, next).begun = now;
    if (!step.has_waits_for()) return do_step(number, now);
    const VirtualTime deadline = step.at_most().empty() ? run_end() : now + duration(step.at_most());
    questions_.push_back({&step.waits_for(), now, std::min(deadline, run_end()), 0, number});
    return std::nullopt;
  }

  /// It need not wait any more. Returns when it is done; nothing if the run ends before.
  std::optional<VirtualTime> do_step(int number, VirtualTime now) {
    const schema::Runbook& runbook = original_.runbooks(number);
    const int place = next_step_[static_cast<std::size_t>(number)];
    const schema::Step& step = runbook.steps(place);
    if (now >= run_end()) return std::nullopt;
    StepTimes& times = times_of(number, place);
    times.ready = now;
    sim::Stream stream{seed_, "runbook " + runbook.name(), "step " + step.name()};
    const VirtualTime done = now + distribution_of(step.takes()).sample(stream);
    if (done >= run_end()) return std::nullopt;
    times.done = done;
    effects_.add(number, place, done);
    return done;
  }

  const schema::Scenario& original_;
  world::WorldConfig world_;  ///< for its names and numbers
  std::uint64_t seed_;
  const Player& play_;
  Duration end_;
  Settled settled_;
  Effects effects_;
  std::vector<Question> questions_;
  std::vector<int> next_step_;  ///< by runbook; -1: it waits for its start
};

}  // namespace

bool waits_for_something(const schema::Scenario& scenario) {
  const auto& faults = scenario.faults();
  return scenario.runbooks_size() > 0 ||
         std::any_of(faults.begin(), faults.end(), [](const schema::Fault& fault) { return fault.has_when(); });
}

Settled settle(const schema::Scenario& scenario, std::uint64_t seed, const Player& play) {
  if (!waits_for_something(scenario)) return {scenario, {}};
  return Settling{scenario, seed, play}.settle();
}

}  // namespace parallax::scenarios
