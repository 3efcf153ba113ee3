// Small records: two seeds of three virtual seconds at two sites.
#pragma once

#include <string>

#include "scenarios/suite/record.h"

namespace parallax::scenarios::suite::test {

inline void add_run(std::uint64_t seed, schema::SuiteRecord& record) {
  schema::SuiteRun& run = *record.add_runs();
  run.set_seed(seed);
  run.set_fingerprint("f" + std::to_string(seed));
  for (const char* name : {"eu", "us"}) {
    schema::SuiteSite& site = *run.add_sites();
    site.set_site(name);
    site.set_fingerprint(name + std::to_string(seed));
  }
  run.set_checkpoints("aaaaaaaabbbbbbbbcccccccc");
}

inline void expect(const std::string& metric, const std::string& verdict, schema::SuiteRecord& record) {
  schema::SuiteExpectation& expectation = *record.add_expectations();
  expectation.set_metric(metric);
  expectation.set_operator_("at_most");
  expectation.set_limit(60);
  expectation.set_value(verdict == "fail" ? 75 : 30);
  expectation.set_verdict(verdict);
  expectation.set_text(verdict + ": " + metric + " at most 1m, found something");
}

inline schema::SuiteRecord record(const std::string& verdict) {
  schema::SuiteRecord record;
  record.set_schema(kRecordSchema);
  record.set_version("0.1.0");
  record.set_scenario("pair");
  record.set_config("c0ffee");
  record.set_seeds(2);
  record.set_verdict(verdict);
  record.set_fingerprint("f");
  if (verdict == "fail") expect("window.token_revoked.max", "fail", record);
  if (verdict == "inconclusive") record.add_reasons("vacuous");
  add_run(1, record);
  add_run(2, record);
  return record;
}

/// The second seed goes another way from its second second on, at the second site.
inline schema::SuiteRecord moved(schema::SuiteRecord record) {
  schema::SuiteRun& run = *record.mutable_runs(1);
  run.set_fingerprint("other");
  run.mutable_sites(1)->set_fingerprint("other");
  run.set_checkpoints("aaaaaaaaddddddddeeeeeeee");
  return record;
}

}  // namespace parallax::scenarios::suite::test
