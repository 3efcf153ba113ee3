#include "scenarios/suite/baseline.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <utility>

namespace parallax::scenarios::suite {
namespace {

bool says_the_same(schema::SuiteRecord a, const schema::SuiteRecord& b) {
  a.set_because(b.because());
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

}  // namespace

const schema::SuiteRecord* Baseline::newest(std::string_view scenario) const {
  const auto found = std::find_if(records_.rbegin(), records_.rend(), [scenario](const schema::SuiteRecord& record) {
    return record.scenario() == scenario;
  });
  return found == records_.rend() ? nullptr : &*found;
}

std::vector<schema::SuitePast> Baseline::history(std::string_view scenario) const {
  std::vector<schema::SuitePast> history;
  for (const schema::SuiteRecord& record : records_) {
    if (record.scenario() != scenario) continue;
    schema::SuitePast& past = history.emplace_back();
    past.set_because(record.because());
    past.set_verdict(record.verdict());
    *past.mutable_expectations() = record.expectations();
  }
  return history;
}

Baseline::Blessing Baseline::bless(schema::SuiteRecord record, std::string_view because) {
  const schema::SuiteRecord* const before = newest(record.scenario());
  if (before != nullptr && says_the_same(record, *before)) return Blessing::kAsBefore;
  for (schema::SuiteRecord& older : records_) {
    if (older.scenario() != record.scenario()) continue;
    for (schema::SuiteRun& run : *older.mutable_runs()) run.clear_checkpoints();
  }
  record.set_because(std::string{because});
  records_.push_back(std::move(record));
  return Blessing::kAppended;
}

}  // namespace parallax::scenarios::suite
