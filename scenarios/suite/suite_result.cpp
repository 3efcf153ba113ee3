#include "scenarios/suite/suite_result.h"

#include <utility>

namespace parallax::scenarios::suite {
namespace {

void add_row(const Row& row, schema::SuiteResult& message) {
  schema::SuiteRow& out = *message.add_rows();
  out.set_scenario(row.scenario);
  out.set_title(row.title);
  out.set_command(row.command);
  if (row.now) *out.mutable_now() = *row.now;
  if (row.before) *out.mutable_before() = *row.before;
  out.set_again(row.again);
  out.set_sentence(row.sentence);
  out.mutable_reasons()->Add(row.reasons.begin(), row.reasons.end());
  out.set_fault(row.fault);
  out.set_report(row.report);
  out.set_asked(row.asked);
  out.mutable_history()->Add(row.history.begin(), row.history.end());
}

Row row_of(const schema::SuiteRow& message) {
  Row row;
  row.scenario = message.scenario();
  row.title = message.title();
  row.command = message.command();
  row.again = message.again();
  row.sentence = message.sentence();
  row.reasons.assign(message.reasons().begin(), message.reasons().end());
  row.fault = message.fault();
  row.report = message.report();
  row.asked = message.asked();
  row.history.assign(message.history().begin(), message.history().end());
  if (!message.has_now()) {
    row.state = State::kFault;
    return row;
  }
  compare(message.has_before() ? &message.before() : nullptr, message.now(), row);
  return row;
}

}  // namespace

schema::SuiteResult message_of(const Suite& suite, const std::string& version) {
  schema::SuiteResult message;
  message.set_schema(kResultSchema);
  message.set_version(version);
  message.set_command(suite.command);
  message.set_selected(suite.selected);
  message.set_strict(suite.inconclusive == Suite::Inconclusive::kCountsAsFailure);
  for (const Row& row : suite.rows) add_row(row, message);
  return message;
}

Suite suite_of(const schema::SuiteResult& message) {
  Suite suite;
  suite.command = message.command();
  suite.selected = message.selected();
  if (message.strict()) suite.inconclusive = Suite::Inconclusive::kCountsAsFailure;
  for (const schema::SuiteRow& row : message.rows()) suite.rows.push_back(row_of(row));
  return suite;
}

}  // namespace parallax::scenarios::suite
