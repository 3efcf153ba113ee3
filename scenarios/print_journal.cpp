#include "models/world/world.h"
#include "scenarios/compile.h"
#include "scenarios/journal_text.h"
#include "scenarios/run.h"

namespace parallax::scenarios {

void print_journal(const schema::Scenario& scenario, std::uint64_t seed, const JournalStretch& stretch,
                   const std::function<void(std::string_view)>& sink) {
  world::WorldConfig config = compile(settle(scenario, seed).scenario, seed);
  config.execution.until = stretch.until;
  world::World world{config};
  std::vector<std::string> sites;
  for (const auto& site : config.sites) sites.push_back(site.name);
  const JournalNames names{sites, world.node_names()};
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    std::string lines;
    for (const sim::Record& record : journal) {
      if (record.time >= stretch.from && record.time < stretch.until) lines += journal_line(record, names);
    }
    sink(lines);
  });
  world.run();
}

}  // namespace parallax::scenarios
