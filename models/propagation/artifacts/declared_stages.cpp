#include "models/propagation/artifacts/declared_stages.h"

#include <algorithm>

#include "models/propagation/artifacts/stages.h"

namespace parallax::propagation::artifacts {

using domain::DeclaredStage;
using domain::DeclaredStages;
using domain::Stage;
using domain::WaySpan;

namespace {

WaySpan times(const WaySpan& way, std::uint32_t count) {
  WaySpan sum;
  for (std::uint32_t i = 0; i < count; ++i) sum = sum + way;
  return sum;
}

// The longest wait for the next look of who looks at every tick but while it has a question open.
DeclaredStage wait_for_look(Stage wait, sim::Duration period, const DeclaredStage& question) {
  if (!question.greatest) return domain::stage_up_to(wait, period);
  return domain::stage_up_to(wait, *question.greatest <= period ? period : period + *question.greatest);
}

}  // namespace

DeclaredStage declared_question(const RequestSpec& spec, const WaySpan& round_trip) {
  const WaySpan all = times(round_trip, spec.connection.handshake_round_trips + 1);
  DeclaredStage question = stage_over(kTransfer, all, {}, spec.service_time);
  // What a mount keeps open has not to be opened; and what is asked for has been there since the source answered.
  question.least = spec.connecting == Connecting::kKept ? sim::Duration{} : round_trip.least;
  if (spec.timeout.ns > 0 && question.greatest && *question.greatest >= spec.timeout) {
    return {kTransfer, question.least, std::nullopt, "an answer may take longer than the time-out"};
  }
  return question;
}

DeclaredStage declared_event_wait(const PullSpec& spec) {
  return {kEventWait, spec.event_waiting, spec.event_waiting, {}, true};
}

DeclaredStage declared_redeployment(const PullSpec& spec) { return domain::stage_up_to(kPuttingUp, spec.redeploy_gap); }

DeclaredStages declared_look(Stage wait, sim::Duration period, const RequestSpec& spec, const WaySpan& round_trip) {
  DeclaredStage question = declared_question(spec, round_trip);
  question.least = {};  // the question may be on its way when the file comes
  return {wait_for_look(wait, period, question), question};
}

// A run that finds the one before it at work leaves the commit to the next.
DeclaredStages declared_commit(const SvnTaskSpec& task, sim::Duration check_in, const RequestSpec& spec,
                               const WaySpan& round_trip) {
  DeclaredStage question = declared_question(spec, round_trip);
  question.least = {};  // what is edited while it looks through the working copy is taken along
  if (!question.greatest) return {question};
  const sim::Duration at_work = *question.greatest + check_in;
  return {{kCommitWait, {}, task.interval * std::int64_t{2} + at_work}, {kTransfer, {}, at_work}};
}

DeclaredStages declared_update(const SvnTaskSpec& task, const RequestSpec& spec, const WaySpan& round_trip) {
  const std::int64_t interval = task.interval.ns;
  const std::int64_t without_word = sim::seconds(std::int64_t{task.greatest_without_word}).ns;
  const sim::Duration longest{((without_word + interval - 1) / interval + 1) * interval};
  return declared_look(kPollWait, longest, spec, round_trip);
}

DeclaredStages declared_update_told(const SvnTaskSpec& task, sim::Duration message, const RequestSpec& spec,
                                    const WaySpan& round_trip) {
  DeclaredStages stages{domain::stage_up_to(Stage::kClusterMessage, message)};
  for (const DeclaredStage& stage : declared_look(kPollWait, task.interval, spec, round_trip)) stages.push_back(stage);
  return stages;
}

DeclaredStages declared_stages(const FileReplicaSpec& spec, const WaySpan& way) {
  sim::Duration least{};
  sim::Duration greatest{};
  for (const Path path : spec.files) {
    const auto& delay = spec.delay[static_cast<std::size_t>(path)];
    if (!delay) return {domain::stage_without_end(kTransfer, "a folder that it needs is not shared")};
    least = std::max(least, delay->least());
    greatest = std::max(greatest, delay->greatest());
  }
  return {stage_over(kTransfer, way, least, greatest), domain::stage_up_to(kPollWait, spec.scan_interval)};
}

DeclaredStages declared_stages(const ManualSpec& spec, std::size_t place, const WaySpan& way) {
  if (spec.forgets > 0) return {domain::stage_without_end(Stage::kOperator, "a person may forget a gateway")};
  const auto turns = static_cast<std::int64_t>(place + 1);
  return {{Stage::kOperator, spec.delay_per_node.least() * turns, spec.delay_per_node.greatest() * turns},
          stage_over(kTransfer, way)};
}

DeclaredStages declared_calls(const CallSpec& spec, const std::vector<WaySpan>& round_trips_before,
                              const WaySpan& round_trip) {
  const std::uint32_t round_trips = spec.connection.handshake_round_trips + 1;
  WaySpan all = times(round_trip, round_trips);
  for (const WaySpan& before : round_trips_before) all = all + times(before, round_trips);
  DeclaredStage calls = stage_over(kTransfer, all);
  calls.least = {};
  calls.queues = true;
  return {calls};
}

}  // namespace parallax::propagation::artifacts
