#include "scenarios/truth/journal_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "models/audit/audit.h"
#include "models/domain/journal.h"
#include "models/world/world.h"
#include "scenarios/check_word.h"
#include "scenarios/compile.h"
#include "scenarios/fault_times.h"
#include "scenarios/run.h"
#include "scenarios/units.h"

namespace parallax::scenarios::truth {

namespace {

using Values = std::vector<double>;
using domain::RecordKind;

const std::array<std::string, 6> kReadings{"window",       "visible_after_heal", "last_failing_call",
                                           "failed_calls", "back_in_service",    "moved"};

double milliseconds(sim::Duration length) { return static_cast<double>(length.ns) / 1e6; }

bool is_of_windows(const schema::JournalReading& reading) {
  return reading.of() == "window" || reading.of() == "visible_after_heal";
}

/// A run, as far as readings look at it.
struct Played {
  struct Call {
    sim::VirtualTime sent;
    sim::VirtualTime finished;
    domain::TokenId token;
    domain::SiteId called;
    bool is_answered;
  };
  struct Decision {
    sim::VirtualTime time;
    domain::NodeId node;
  };

  std::map<std::string, sim::Spell> faults;  ///< the first time each is on
  std::vector<std::string> site_names;
  std::vector<std::string> node_names;
  std::vector<domain::SiteId> site_of_node;
  std::vector<audit::WindowFinding> windows;
  std::vector<Call> calls;
  std::vector<Decision> decisions;

  void read(const sim::Record& record) {
    if (domain::kind_of(record.body) == RecordKind::kRequestFinished) {
      const auto call = domain::RequestFinished::unpack(record.body);
      const bool is_answered =
          call.ending == domain::Ending::kAnswered && call.outcome != domain::Outcome::kUnavailable;
      calls.push_back({call.sent, record.time, call.token, call.called, is_answered});
    }
    if (domain::kind_of(record.body) == RecordKind::kRequestDecided) {
      decisions.push_back({record.time, domain::RequestDecided::unpack(record.body).node});
    }
  }
};

// Clients are watched while the fault lasts that moves them; what comes then nobody asks for.
sim::VirtualTime end_of(const google::protobuf::RepeatedPtrField<schema::JournalReading>& readings,
                        const std::map<std::string, sim::Spell>& faults) {
  sim::VirtualTime end{};
  for (const schema::JournalReading& reading : readings) {
    const auto fault = faults.find(reading.fault());
    if (reading.of() != "moved" || fault == faults.end()) return sim::kNever;
    end = std::max(end, fault->second.until);
  }
  return end;
}

Played play(const schema::Scenario& given, const google::protobuf::RepeatedPtrField<schema::JournalReading>& readings,
            std::uint64_t seed) {
  const schema::Scenario scenario = settle(given, seed).scenario;
  world::WorldConfig config = compile(scenario, seed);
  Played played;
  for (const schema::Fault& fault : scenario.faults()) {
    const std::vector<sim::Spell> spells = spells_of(fault, config.duration, seed);
    if (!spells.empty()) played.faults.emplace(fault.name(), spells.front());
  }
  config.execution.until = end_of(readings, played.faults);
  world::World world{config};
  for (const world::SiteConfig& site : config.sites) played.site_names.push_back(site.name);
  played.node_names = world.node_names();
  for (const audit::Observer& node : world.audit_setup().observers) played.site_of_node.push_back(node.site);
  // What nobody asks for need not be found.
  std::optional<audit::Audit> audit;
  if (std::any_of(readings.begin(), readings.end(), is_of_windows)) audit.emplace(world.audit_setup());
  const bool looks_at_calls = !std::all_of(readings.begin(), readings.end(), is_of_windows);
  world.simulation().add_reader([&](std::span<const sim::Record> journal) {
    if (audit) audit->read(journal);
    if (!looks_at_calls) return;
    for (const sim::Record& record : journal) played.read(record);
  });
  world.run();
  if (audit) played.windows = audit->finish(world.simulation().now()).windows;
  return played;
}

// --- Readings. A fault that never came gives nothing.

Values windows_of(const Played& played, const schema::JournalReading& reading) {
  const auto fault = played.faults.find(reading.fault());
  if (!reading.fault().empty() && fault == played.faults.end()) return {};
  Values values;
  for (const audit::WindowFinding& window : played.windows) {
    if (domain::name_of(window.change) != reading.change() || window.ending == audit::Ending::kMoot) continue;
    if (played.site_names[domain::index(played.site_of_node[domain::index(window.observer)])] != reading.observer()) {
      continue;
    }
    const bool is_within =
        reading.fault().empty() || (window.start >= fault->second.from && window.start < fault->second.until);
    if (!is_within) continue;
    values.push_back(reading.of() == "window" ? milliseconds(window.length)
                                              : milliseconds(window.start + window.length - fault->second.until));
  }
  return values;
}

// Those that the fault met under way are not counted: nobody who measures can tell what has become of them.
Values failing(const Played& played, const schema::JournalReading& reading, const sim::Spell& fault) {
  double calls = 0;
  sim::Duration last{};
  for (const Played::Call& call : played.calls) {
    if (call.is_answered || call.sent < fault.from) continue;
    ++calls;
    last = std::max(last, call.sent - fault.from);
  }
  return {reading.of() == "failed_calls" ? calls : milliseconds(last)};
}

Values back_in_service(const Played& played, const schema::JournalReading& reading, const sim::Spell& fault) {
  for (const Played::Decision& decision : played.decisions) {
    if (decision.time < fault.until || played.node_names[domain::index(decision.node)] != reading.node()) continue;
    return {milliseconds(decision.time - fault.until)};
  }
  return {};
}

// Each client's first call there, in the order of the clients.
Values moved(const Played& played, const schema::JournalReading& reading, const sim::Spell& fault) {
  std::map<domain::TokenId, double> first;
  for (const Played::Call& call : played.calls) {
    if (call.finished < fault.from || !call.is_answered) continue;
    if (played.site_names[domain::index(call.called)] != reading.node()) continue;
    first.try_emplace(call.token, milliseconds(call.finished - fault.from));
  }
  Values values;
  for (const auto& [client, after] : first) values.push_back(after);
  return values;
}

Values values_of(const Played& played, const schema::JournalReading& reading) {
  if (is_of_windows(reading)) return windows_of(played, reading);
  const auto fault = played.faults.find(reading.fault());
  if (fault == played.faults.end()) return {};
  if (reading.of() == "back_in_service") return back_in_service(played, reading, fault->second);
  if (reading.of() == "moved") return moved(played, reading, fault->second);
  return failing(played, reading, fault->second);
}

std::vector<std::string> names_of(const schema::Scenario& scenario, const schema::JournalReading& reading) {
  std::vector<std::string> names;
  for (const schema::Site& site : scenario.sites()) {
    if (reading.of() != "back_in_service") names.push_back(site.name());
    if (reading.of() != "back_in_service") continue;
    for (const std::string& node : site.nodes()) names.push_back(site.name() + "/" + node);
  }
  return names;
}

std::vector<std::string> change_words() {
  std::vector<std::string> words;
  for (const domain::ChangeKind kind : domain::kChangeKinds) words.emplace_back(domain::name_of(kind));
  return words;
}

}  // namespace

void check_reading(const schema::JournalReading& reading, const schema::Scenario& scenario, const Places& places,
                   std::vector<Problem>& problems) {
  Reporter reporter{places, problems};
  const auto need = [&](const char* field, const std::string& text, std::span<const std::string> words) {
    if (text.empty()) {
      reporter.report(reading, field, fmt::format("{} is missing; expected one of {}", field, listing(words)));
    }
    check_word(reading, field, text, words, reporter);
  };
  need("of", reading.of(), kReadings);
  std::vector<std::string> faults;
  for (const schema::Fault& fault : scenario.faults()) faults.push_back(fault.name());
  if (reading.of() == "window") {
    check_word(reading, "fault", reading.fault(), faults, reporter);
  } else {
    need("fault", reading.fault(), faults);
  }
  if (is_of_windows(reading)) {
    need("change", reading.change(), change_words());
    need("observer", reading.observer(), names_of(scenario, reading));
  }
  if (reading.of() == "back_in_service" || reading.of() == "moved") {
    need("node", reading.node(), names_of(scenario, reading));
  }
}

std::vector<Values> run_scenario(const schema::Scenario& scenario,
                                 const google::protobuf::RepeatedPtrField<schema::JournalReading>& readings,
                                 std::uint64_t seed) {
  const Played played = play(scenario, readings, seed);
  std::vector<Values> all;
  for (const schema::JournalReading& reading : readings) all.push_back(values_of(played, reading));
  return all;
}

}  // namespace parallax::scenarios::truth
