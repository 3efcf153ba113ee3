#include "scenarios/trace.h"

#include "models/domain/journal.h"
#include "scenarios/trace_drawing.h"

namespace parallax::scenarios {

using domain::Outcome;
using domain::RecordKind;

namespace {

void count_in(TraceCounts& counts, std::size_t interval) {
  if (counts.size() <= interval) counts.resize(interval + 1);
  ++counts[interval];
}

}  // namespace

sim::Duration Trace::interval_of(sim::Duration run) {
  sim::Duration interval = sim::seconds(1);
  while (run.ns / interval.ns >= kMostIntervals) interval = {interval.ns * 2};
  return interval;
}

Trace::Trace(audit::Setup setup, sim::Duration run)
    : setup_{std::move(setup)}, run_{run}, interval_{interval_of(run)}, selection_{run} {
  books_.requests.resize(setup_.sites);
  books_.refused.resize(setup_.sites);
  books_.answered.resize(setup_.region_of_population.size());
  books_.failed.resize(setup_.region_of_population.size());
}

void Trace::read(std::span<const sim::Record> journal) {
  for (const sim::Record& record : journal) read(record);
}

void Trace::read(const sim::Record& record) {
  switch (domain::kind_of(record.body)) {
    case RecordKind::kRequestDecided: {
      const auto decided = domain::RequestDecided::unpack(record.body);
      const std::size_t site = sim::index(record.id.site());
      const bool is_refused = decided.outcome != Outcome::kAdmitted && decided.outcome != Outcome::kPreflight;
      count_in(books_.requests[site], interval(record.time));
      if (is_refused) count_in(books_.refused[site], interval(record.time));
      return;
    }
    case RecordKind::kRequestFinished: {
      const auto finished = domain::RequestFinished::unpack(record.body);
      auto& counts = finished.ending == domain::Ending::kAnswered ? books_.answered : books_.failed;
      return count_in(counts[domain::index(finished.population)], interval(record.time));
    }
    case RecordKind::kSiteChanged:
    case RecordKind::kNodeChanged:
    case RecordKind::kResolverMoved:
    case RecordKind::kRowConflict:
    case RecordKind::kStreamChanged:
      if (books_.moments.size() < kMostMoments) {
        books_.moments.push_back(record);
      } else {
        ++books_.moments_left_out;
      }
      return;
    default:
      return selection_.read(record);
  }
}

void Trace::write(const SeedRun& run, std::span<const std::string> populations, const TraceFile::Sink& sink) const {
  TraceFile file{sink};
  TraceDrawing{setup_, run, populations, file}.draw(selection_, books_, {run_, interval_});
}

}  // namespace parallax::scenarios
