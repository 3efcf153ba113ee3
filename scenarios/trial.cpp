#include "scenarios/trial.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "scenarios/extend.h"
#include "scenarios/fields.h"
#include "scenarios/parse.h"
#include "scenarios/scenario_text.h"
#include "scenarios/shelf.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

bool is_of_trial(const FieldDescriptor& field) {
  return field.number() == schema::Scenario::kExpectationsFieldNumber ||
         std::find(kTrialFields.begin(), kTrialFields.end(), field.name()) != kTrialFields.end();
}

std::vector<const FieldDescriptor*> given_fields(const schema::Scenario& scenario) {
  std::vector<const FieldDescriptor*> fields;
  scenario.GetReflection()->ListFields(scenario, &fields);
  return fields;
}

void refuse_deployment(Draft& draft) {
  const schema::Scenario& scenario = *draft.scenario;
  for (const FieldDescriptor* field : given_fields(scenario)) {
    if (is_of_trial(*field)) continue;
    draft.problems.push_back(
        draft.places.problem(draft.places.nearest(scenario, field->number(), 0),
                             fmt::format("found {}; expected {}, expectations: a trial says nothing of a deployment",
                                         quoted(field->name()), fmt::join(kTrialFields, ", "))));
  }
  if (draft.extent == Draft::Extent::whole && !scenario.has_workload()) {
    draft.problems.push_back(draft.places.problem({}, "found no workload; expected one: it is what a trial is about"));
  }
}

// The trial's messages move as they are, since their places are known by address; what they replace goes the other way
// and lives as long as the draft does, so that nothing else comes to stand at its addresses.
void put_to_trial(Draft trial, Draft& design) {
  const std::vector<const FieldDescriptor*> fields = given_fields(*trial.scenario);
  design.scenario->GetReflection()->SwapFields(design.scenario.get(), trial.scenario.get(), fields);
  design.places.take_over(trial.places, *trial.scenario, *design.scenario, fields);
  design.replaced = std::move(trial.scenario);
}

LoadOutcome load_one(const std::string& file, const Trial& trial, std::span<const std::string> overrides) {
  const ScenarioText read = read_scenario_text(file);
  if (!read.error.empty()) return {std::nullopt, {{file, 1, 1, read.error}}};
  Draft draft = extended(parse_text(file, read.text), file, Disk{});
  if (draft.extent == Draft::Extent::whole) put_to_trial(parse_text(trial.file, trial.text), draft);
  return finish_loading(std::move(draft), overrides);
}

// Which designs have this problem.
struct Shared {
  Problem problem;
  std::vector<std::string> files;
};

std::string with_designs(const Shared& shared, std::size_t designs) {
  if (shared.files.size() == designs) return shared.problem.message;
  return fmt::format("{}; so it is in {}", shared.problem.message, fmt::join(shared.files, ", "));
}

}  // namespace

TrialOutcome read_trial(const std::filesystem::path& path) {
  ScenarioText read = read_scenario_text(path);
  if (!read.error.empty()) return {std::nullopt, {{path.string(), 1, 1, read.error}}};
  Draft draft = parse_text(path.string(), read.text);
  refuse_deployment(draft);
  if (!draft.problems.empty()) return {std::nullopt, std::move(draft.problems)};
  return {Trial{path.string(), std::move(read.text)}, {}};
}

DesignsOutcome load_in_trial(std::span<const std::string> files, const Trial& trial,
                             std::span<const std::string> overrides) {
  DesignsOutcome outcome;
  std::vector<Shared> of_trial;
  for (const std::string& file : files) {
    LoadOutcome one = load_one(file, trial, overrides);
    if (one.loaded) outcome.loaded.push_back(std::move(*one.loaded));
    for (Problem& problem : one.problems) {
      if (problem.file != trial.file) {
        outcome.problems.push_back(std::move(problem));
        continue;
      }
      const auto same = std::find_if(of_trial.begin(), of_trial.end(),
                                     [&](const Shared& shared) { return shared.problem == problem; });
      Shared& shared = same == of_trial.end() ? of_trial.emplace_back(Shared{std::move(problem), {}}) : *same;
      shared.files.push_back(file);
    }
  }
  for (const Shared& shared : of_trial) {
    outcome.problems.push_back(
        {shared.problem.file, shared.problem.line, shared.problem.column, with_designs(shared, files.size())});
  }
  if (!outcome.problems.empty()) outcome.loaded.clear();
  return outcome;
}

}  // namespace parallax::scenarios
