#include "scenarios/suite/record.h"

#include <algorithm>

#include "scenarios/suite/holding.h"

namespace parallax::scenarios::suite {
namespace {

void add_expectation(const schema::Result& result, const schema::ExpectationOutcome& outcome,
                     schema::SuiteRecord& record) {
  schema::SuiteExpectation& kept = *record.add_expectations();
  kept.set_metric(outcome.metric());
  kept.set_operator_(outcome.operator_());
  if (outcome.has_limit()) kept.set_limit(outcome.limit());
  kept.set_verdict(outcome.verdict());
  kept.set_text(outcome.text());
  kept.set_known_miss(outcome.known_miss());
  const auto whole = std::find_if(result.metrics().begin(), result.metrics().end(), [&](const schema::Metric& metric) {
    return metric.name() == outcome.metric() && metric.writer().empty() && metric.observer().empty();
  });
  if (whole != result.metrics().end() && whole->has_estimate()) kept.set_value(whole->estimate());
}

void add_run(const schema::Run& run, schema::SuiteRecord& record) {
  schema::SuiteRun& kept = *record.add_runs();
  kept.set_seed(run.seed());
  kept.set_fingerprint(run.fingerprint());
  for (const schema::SiteFingerprint& site : run.sites()) {
    schema::SuiteSite& kept_site = *kept.add_sites();
    kept_site.set_site(site.site());
    kept_site.set_fingerprint(site.fingerprint());
  }
  kept.set_checkpoints(run.checkpoints());
}

}  // namespace

schema::SuiteRecord record_of(const schema::Result& result, const std::string& config) {
  schema::SuiteRecord record;
  record.set_schema(kRecordSchema);
  record.set_version(result.version());
  record.set_scenario(result.scenario());
  record.set_config(config);
  record.set_seeds(result.seeds());
  record.set_verdict(std::string{verdict_of(result)});
  *record.mutable_reasons() = result.reasons();
  record.set_fingerprint(result.fingerprint());
  for (const schema::ExpectationOutcome& outcome : result.expectations()) add_expectation(result, outcome, record);
  for (const schema::Run& run : result.runs()) add_run(run, record);
  return record;
}

std::uint64_t virtual_seconds(const schema::SuiteRecord& record) {
  std::uint64_t seconds = 0;
  for (const schema::SuiteRun& run : record.runs()) seconds += run.checkpoints().size() / kCheckpointDigits;
  return seconds;
}

}  // namespace parallax::scenarios::suite
