// Runs a world to its end and keeps what came out.
#pragma once

#include <span>
#include <vector>

#include "models/audit/findings.h"
#include "models/domain/catalog.h"
#include "models/domain/journal.h"
#include "models/world/config.h"
#include "sim/record.h"

namespace parallax::test {

struct Run {
  world::WorldConfig config;
  domain::Catalog catalog;
  std::vector<sim::Record> journal;
  audit::Findings findings;

  sim::VirtualTime end() const { return sim::VirtualTime{} + config.duration; }
};

Run run(const world::WorldConfig& config);

/// The same without keeping the journal, for runs of which only the findings are wanted.
audit::Findings findings_of(const world::WorldConfig& config);

/// Calls `visit(record, body)` with each record of `Struct`'s kind, in journal order.
template <typename Struct, typename Visitor>
void for_each(std::span<const sim::Record> journal, domain::RecordKind kind, Visitor&& visit) {
  for (const sim::Record& record : journal) {
    if (domain::kind_of(record.body) == kind) visit(record, Struct::unpack(record.body));
  }
}

template <typename Visitor>
void for_each_decision(const Run& run, Visitor&& visit) {
  for_each<domain::RequestDecided>(run.journal, domain::RecordKind::kRequestDecided, visit);
}

}  // namespace parallax::test
