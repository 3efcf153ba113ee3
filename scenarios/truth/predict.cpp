#include "scenarios/truth/predict.h"

#include "scenarios/truth/journal_reading.h"
#include "scenarios/truth/testbed.h"
#include "scenarios/workers.h"

namespace parallax::scenarios::truth {

namespace {

using Values = std::vector<double>;

struct Task {
  std::size_t batch;
  std::uint64_t run;  ///< of the batch's setting, from 0
};

std::vector<Task> tasks_of(std::span<const Batch> batches) {
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const std::uint64_t seeds = batches[i].setting->seeds;
    for (std::uint64_t run = seeds * batches[i].first; run < seeds * batches[i].end; ++run) tasks.push_back({i, run});
  }
  return tasks;
}

std::vector<Values> run(const PlannedSetting& setting, std::uint64_t seed) {
  if (const auto* scenario = std::get_if<schema::Scenario>(&setting.model)) {
    return run_scenario(*scenario, setting.readings, seed);
  }
  std::vector<std::string> quantities;
  for (const schema::JournalReading& reading : setting.readings) quantities.push_back(reading.quantity());
  return run_testbed(std::get<schema::Testbed>(setting.model), quantities, seed);
}

}  // namespace

std::vector<std::vector<Experiments>> predict(std::span<const Batch> batches, const PredictOptions& options) {
  const std::vector<Task> tasks = tasks_of(batches);
  std::vector<std::vector<Values>> runs(tasks.size());
  const WorkPiece one = [&](std::size_t i, const std::atomic<bool>&) {
    runs[i] = run(*batches[tasks[i].batch].setting, tasks[i].run + 1);
  };
  share_out(tasks.size(), options.jobs, one, options.progress);
  std::vector<std::vector<Experiments>> by_batch;
  for (const Batch& batch : batches) {
    by_batch.emplace_back(batch.setting->rows.size(), Experiments(batch.end - batch.first));
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const Batch& batch = batches[tasks[i].batch];
    for (std::size_t row = 0; row < batch.setting->rows.size(); ++row) {
      Values& values = by_batch[tasks[i].batch][row][tasks[i].run / batch.setting->seeds - batch.first];
      values.insert(values.end(), runs[i][row].begin(), runs[i][row].end());
    }
  }
  return by_batch;
}

}  // namespace parallax::scenarios::truth
