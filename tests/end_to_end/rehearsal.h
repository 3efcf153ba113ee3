// A scenario played once, with whatever a test may ask about it: the journal in its order, and what the audit found.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/audit/audit.h"
#include "models/domain/journal.h"
#include "models/propagation/schema/api_schema.h"
#include "models/world/layers.h"
#include "models/world/world.h"
#include "scenarios/compile.h"
#include "scenarios/load.h"
#include "scenarios/run.h"
#include "tests/end_to_end/bounded.h"

namespace parallax::test {

class Rehearsal {
 public:
  template <typename Body>
  struct Entry {
    sim::VirtualTime time;
    sim::SiteId site;
    Body body;
  };
  using Row = Entry<domain::RowChanged>;
  using Conflict = Entry<domain::RowConflict>;
  using StreamEvent = Entry<domain::StreamChanged>;

  Rehearsal(const scenarios::Loaded& loaded, std::uint64_t seed) {
    const world::WorldConfig config = scenarios::compile(scenarios::settle(loaded.scenario, seed).scenario, seed);
    world::World world{config};
    audit::Audit audit{world.audit_setup()};
    world.simulation().add_reader([&](std::span<const sim::Record> records) {
      audit.read(records);
      journal.insert(journal.end(), records.begin(), records.end());
    });
    world.run();
    end = world.simulation().now();
    findings = audit.finish(end);
    check_bounds(config, findings, world.node_names());
    nodes_ = world.node_names().size();
    for (std::size_t i = 0; i < config.sites.size(); ++i) {
      site_of_node_.insert(site_of_node_.end(), config.sites[i].nodes.size(), static_cast<sim::SiteId>(i));
    }
    for (const world::SiteConfig& site : config.sites) sites_.push_back(site.name);
    catalog = world.catalog();
  }

  std::vector<sim::Record> journal;
  audit::Findings findings;
  domain::Catalog catalog;
  sim::VirtualTime end;

  sim::SiteId site(std::string_view name) const {
    const auto found = std::find(sites_.begin(), sites_.end(), name);
    REQUIRE(found != sites_.end());
    return static_cast<sim::SiteId>(found - sites_.begin());
  }
  sim::SiteId site_of(domain::NodeId node) const { return site_of_node_[domain::index(node)]; }
  domain::LayerId database(std::string_view name) const { return world::database_layer(nodes_, site(name)); }

  template <typename Body>
  std::vector<Entry<Body>> all(domain::RecordKind kind) const {
    std::vector<Entry<Body>> entries;
    for (const sim::Record& record : journal) {
      if (domain::kind_of(record.body) == kind) {
        entries.push_back({record.time, record.id.site(), Body::unpack(record.body)});
      }
    }
    return entries;
  }
  std::vector<Row> rows() const { return all<domain::RowChanged>(domain::RecordKind::kRowChanged); }
  std::vector<Conflict> conflicts() const { return all<domain::RowConflict>(domain::RecordKind::kRowConflict); }
  std::vector<StreamEvent> stream_events() const {
    return all<domain::StreamChanged>(domain::RecordKind::kStreamChanged);
  }

  /// Rows of a table in a database at the end beyond those at the start.
  std::int64_t rows_added(std::string_view where, propagation::store::TableId table) const {
    std::int64_t added = 0;
    for (const Row& row : rows()) {
      if (row.body.database != database(where) || row.body.table != propagation::store::index(table)) continue;
      added += row.body.operation == domain::RowOperation::kInserted;
      added -= row.body.operation == domain::RowOperation::kDeleted;
    }
    return added;
  }

 private:
  std::vector<std::string> sites_;
  std::vector<sim::SiteId> site_of_node_;
  std::size_t nodes_{0};
};

inline Rehearsal rehearse(const scenarios::LoadOutcome& outcome, std::uint64_t seed) {
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  return {*outcome.loaded, seed};
}

inline Rehearsal rehearse_text(const std::string& text, std::uint64_t seed = 1) {
  return rehearse(scenarios::load_text("generated", text, {}), seed);
}

/// One of scenarios/library, by folder and name.
inline Rehearsal rehearse_library(const std::string& name, std::uint64_t seed = 1,
                                  const std::vector<std::string>& overrides = {}) {
  const std::filesystem::path source{PARALLAX_SOURCE_DIR};
  return rehearse(scenarios::load_file(source / "scenarios" / "library" / (name + ".txtpb"), overrides), seed);
}

/// One of scenarios/library/databases.
inline Rehearsal rehearse_rule(const std::string& name, std::uint64_t seed = 1,
                               const std::vector<std::string>& overrides = {}) {
  return rehearse_library("databases/" + name, seed, overrides);
}

}  // namespace parallax::test
