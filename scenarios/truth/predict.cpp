#include "scenarios/truth/predict.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "scenarios/truth/journal_reading.h"
#include "scenarios/truth/testbed.h"

namespace parallax::scenarios::truth {

namespace {

using Values = std::vector<double>;

constexpr std::chrono::milliseconds kPatience{100};

struct Task {
  const PlannedSetting* setting;
  std::size_t number;  ///< of the setting
  std::uint32_t run;   ///< of it, from 0
};

std::vector<Task> tasks_of(const Plan& plan) {
  std::vector<Task> tasks;
  std::size_t number = 0;
  for (const PlannedGroup& group : plan.groups) {
    for (const PlannedSetting& setting : group.settings) {
      for (std::uint32_t run = 0; run < setting.seeds * setting.experiments; ++run) {
        tasks.push_back({&setting, number, run});
      }
      ++number;
    }
  }
  return tasks;
}

std::vector<Values> run(const Task& task) {
  const std::uint64_t seed = task.run + 1;
  if (const auto* scenario = std::get_if<schema::Scenario>(&task.setting->model)) {
    return run_scenario(*scenario, task.setting->readings, seed);
  }
  std::vector<std::string> quantities;
  for (const schema::JournalReading& reading : task.setting->readings) quantities.push_back(reading.quantity());
  return run_testbed(std::get<schema::Testbed>(task.setting->model), quantities, seed);
}

// Workers take tasks in turn; the caller's thread waits and reports, so that its callback may throw.
class Crew {
 public:
  Crew(const std::vector<Task>& tasks, unsigned jobs) : tasks_{tasks}, results_(tasks.size()) {
    const auto count = std::min<std::size_t>(std::max(1U, jobs), tasks.size());
    try {
      for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      if (threads_.empty() && count > 0) throw;
    }
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() {
    next_ = tasks_.size();
    for (std::thread& thread : threads_) thread.join();
  }

  std::vector<std::vector<Values>> wait(const PredictOptions& options) {
    while (done_ < tasks_.size() && !has_failed_) {
      std::this_thread::sleep_for(kPatience);
      if (options.progress) options.progress(static_cast<unsigned>(done_), static_cast<unsigned>(tasks_.size()));
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    if (failure_) std::rethrow_exception(failure_);
    return std::move(results_);
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < tasks_.size(); i = next_++) {
      try {
        results_[i] = run(tasks_[i]);
      } catch (...) {
        const std::lock_guard lock{mutex_};
        if (!failure_) failure_ = std::current_exception();
        has_failed_ = true;
        next_ = tasks_.size();
      }
      ++done_;
    }
  }

  const std::vector<Task>& tasks_;
  std::vector<std::vector<Values>> results_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> done_{0};
  std::atomic<bool> has_failed_{false};
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::vector<std::vector<Experiments>> predict(const Plan& plan, const PredictOptions& options) {
  const std::vector<Task> tasks = tasks_of(plan);
  const auto runs = Crew{tasks, options.jobs}.wait(options);
  std::vector<std::vector<Experiments>> by_setting;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const PlannedSetting& setting = *tasks[i].setting;
    if (tasks[i].number == by_setting.size()) {
      by_setting.emplace_back(setting.rows.size(), Experiments(setting.experiments));
    }
    for (std::size_t row = 0; row < setting.rows.size(); ++row) {
      Values& values = by_setting.back()[row][tasks[i].run / setting.seeds];
      values.insert(values.end(), runs[i][row].begin(), runs[i][row].end());
    }
  }
  return by_setting;
}

}  // namespace parallax::scenarios::truth
