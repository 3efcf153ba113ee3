#include "tests/models/support/run.h"

#include "models/audit/audit.h"
#include "models/world/world.h"

namespace parallax::test {

Run run(const world::WorldConfig& config) {
  Run run;
  run.config = config;
  world::World world{config};
  audit::Audit audit{world.audit_setup()};
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    audit.read(journal);
    run.journal.insert(run.journal.end(), journal.begin(), journal.end());
  });
  world.run();
  run.catalog = world.catalog();
  run.findings = audit.finish(run.end());
  return run;
}

audit::Findings findings_of(const world::WorldConfig& config) {
  world::World world{config};
  audit::Audit audit{world.audit_setup()};
  world.simulation().add_reader([&](std::span<const sim::Record> journal) { audit.read(journal); });
  world.run();
  return audit.finish(sim::VirtualTime{} + config.duration);
}

}  // namespace parallax::test
