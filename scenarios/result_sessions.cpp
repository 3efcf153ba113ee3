// Of a result: guarantees that sessions were not given, each with its smallest witness, and refusals of fresh tokens.
#include <fmt/format.h>

#include <string>

#include "scenarios/result_tables.h"
#include "scenarios/session_words.h"

namespace parallax::scenarios {

namespace {

using audit::SessionOperation;
using audit::SessionWitness;

std::string_view step_kind(SessionOperation::Kind kind) {
  switch (kind) {
    case SessionOperation::Kind::kWrote:
      return "wrote";
    case SessionOperation::Kind::kRead:
      return "read";
    case SessionOperation::Kind::kApplied:
      return "applied";
  }
  return {};
}

std::string session_name(const SessionWitness& witness) {
  if (witness.token) return object_name(domain::ObjectRef::of(*witness.token));
  return fmt::format("application {}", domain::index(witness.application));
}

// Versions of the same object are told apart.
domain::Version other_version(const SessionWitness& witness, const SessionOperation& operation) {
  for (const SessionOperation& other : witness.operations) {
    if (&other != &operation && other.object == operation.object && other.version != operation.version) {
      return other.version;
    }
  }
  return operation.version;
}

void fill_steps(const SessionWitness& witness, const SeedRun& run, schema::GuaranteeSeen& out) {
  const SessionOperation& first = witness.operations.front();
  const std::string lacking = version_words(first.version, other_version(witness, first), run);
  for (const SessionOperation& operation : witness.operations) {
    schema::SessionStep& step = *out.add_witness();
    const std::string version = version_words(operation.version, other_version(witness, operation), run);
    step.set_does(std::string{step_kind(operation.kind)});
    step.set_time_ns(operation.time.ns);
    step.set_place(place_words(operation, run));
    step.set_object(object_name(operation.object));
    step.set_version(version);
    step.set_text(step_words(operation, version, first, lacking));
  }
}

// "09:03.120 eu/gw1 let token 17 through on version 3 of it; 0.8 s later us/gw1 refused token 17 on version 0 of it".
std::string sentence(const schema::GuaranteeSeen& seen) {
  std::string text;
  sim::VirtualTime before{};
  for (const schema::SessionStep& step : seen.witness()) {
    const sim::VirtualTime time{step.time_ns()};
    const std::string when = text.empty() ? instant_words(time) : later_words(time - before);
    text += fmt::format("{}{} {} {}", text.empty() ? "" : "; ", when, step.place(), step.text());
    before = time;
  }
  return text;
}

void add_guarantees(const SeedRun& run, schema::Result& result) {
  for (const audit::Guarantee guarantee : audit::kGuarantees) {
    const audit::GuaranteeFinding& found = run.findings.sessions.of(guarantee);
    if (!found.smallest) continue;
    schema::GuaranteeSeen& out = *result.add_guarantees();
    out.set_seed(run.seed);
    out.set_guarantee(std::string{audit::name_of(guarantee)});
    out.set_broken(found.broken);
    out.set_looked_at(found.looked_at);
    out.set_session(session_name(*found.smallest));
    fill_steps(*found.smallest, run, out);
    out.set_text(sentence(out));
  }
}

void add_uses(const std::vector<SeedRun>& runs, audit::Used used, const char* where, schema::Result& result) {
  for (std::size_t bucket = 0; bucket < audit::kGapBuckets; ++bucket) {
    audit::GapCount all;
    for (const SeedRun& run : runs) {
      const audit::GapCount& count = run.findings.sessions.gaps[static_cast<std::size_t>(used)][bucket];
      all.asked += count.asked;
      all.refused += count.refused;
    }
    if (all.asked == 0) continue;
    schema::TokenUse& out = *result.add_token_uses();
    out.set_where(where);
    out.set_begin_ns(audit::gap_begin_ns(bucket));
    if (bucket + 1 < audit::kGapBuckets) out.set_end_ns(audit::gap_begin_ns(bucket + 1));
    out.set_asked(all.asked);
    out.set_refused(all.refused);
  }
}

}  // namespace

void add_session_tables(const std::vector<SeedRun>& runs, schema::Result& result) {
  for (const SeedRun& run : runs) add_guarantees(run, result);
  add_uses(runs, audit::Used::kWhereIssued, "same_site", result);
  add_uses(runs, audit::Used::kElsewhere, "other_site", result);
}

}  // namespace parallax::scenarios
