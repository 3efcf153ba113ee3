// Traces of runs, held against the journals that they are of.
#include "scenarios/trace.h"

#include <catch2/catch.hpp>
#include <set>

#include "models/world/world.h"
#include "scenarios/compile.h"
#include "scenarios/wording.h"
#include "tests/scenarios/sample.h"
#include "tests/scenarios/trace_reader.h"

namespace parallax::scenarios {
namespace {

// Two data centers whose databases follow each other; one is lost for a minute, and the way to it is cut for another.
// Names are whatever people write.
constexpr std::string_view kTwo = R"(
name: "two"
duration: "5m"
sites { name: "<b>dc" nodes: ["a&b", "b"] gateway { token_cache { ttl: "60s" } } startup_time: "10s" }
sites { name: "eu \327\251\342\200\256" nodes: "\360\237\224\245" startup_time: "10s" }
regions { name: "clients" prefers: ["<b>dc", "eu \327\251\342\200\256"] }
links { from: "<b>dc" to: "eu \327\251\342\200\256" delay { constant: "30ms" } }
links { from: "clients" to: "<b>dc" delay { constant: "20ms" } }
links { from: "clients" to: "eu \327\251\342\200\256" delay { constant: "40ms" } }
replications { from: "<b>dc" to: "eu \327\251\342\200\256" ship_interval: "1s" apply_interval: "1s" }
catalog { tokens: 50 apis: 5 }
workload {
  populations { name: "users & <co>" region: "clients" rate: "50/s" timeout: "5s" }
  writes { name: "revoke" site: "<b>dc" revoke_tokens { rate: "6/m" } }
  writes { name: "subscribe" site: "<b>dc" block_subscriptions { rate: "6/m" } }
}
faults { name: "<script>" at: "2m" lasts: "1m" site_down { site: "<b>dc" } }
faults { name: "cut" at: "4m" lasts: "10s" repeats { every: "20s" times: 2 } link_down { from: "<b>dc" to: "eu \327\251\342\200\256" } }
)";

constexpr std::uint64_t kSeed = 4;

schema::Scenario scenario() {
  const LoadOutcome outcome = load(kTwo);
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded);
  return outcome.loaded->scenario;
}

struct Traced {
  std::string bytes;
  SeedRun run;
};

Traced trace_of(const schema::Scenario& scenario, RunOptions options = {}) {
  Traced traced;
  if (options.seeds == std::vector<std::uint64_t>{1}) options.seeds = {kSeed};
  options.trace = [&](std::string_view piece) { traced.bytes += piece; };
  traced.run = run_seeds(scenario, options).front();
  return traced;
}

const Traced& traced() {
  static const Traced kTraced = trace_of(scenario());
  return kTraced;
}

const ReadTrace& trace() {
  static const ReadTrace kTrace = read_trace(traced().bytes);
  return kTrace;
}

const std::vector<sim::Record>& journal() {
  static const std::vector<sim::Record> kJournal = [] {
    std::vector<sim::Record> records;
    world::World world{compile(scenario(), kSeed)};
    world.simulation().add_reader(
        [&](std::span<const sim::Record> some) { records.insert(records.end(), some.begin(), some.end()); });
    world.run();
    return records;
  }();
  return kJournal;
}

std::size_t records_of(domain::RecordKind kind) {
  return static_cast<std::size_t>(std::count_if(journal().begin(), journal().end(), [&](const sim::Record& record) {
    return domain::kind_of(record.body) == kind;
  }));
}

std::vector<ReadEvent> events_of(std::string_view category) {
  std::vector<ReadEvent> events;
  for (const ReadEvent& event : trace().events) {
    if (event.category == category && event.type != ReadType::kEnd) events.push_back(event);
  }
  return events;
}

TEST_CASE("slices end in the order in which Perfetto closes them, and no track goes back in time") {
  std::map<std::uint64_t, std::size_t> open;
  std::map<std::uint64_t, std::uint64_t> last;
  std::uint64_t now = 0;
  for (const ReadEvent& event : trace().events) {
    REQUIRE(trace().tracks.contains(event.track));
    REQUIRE(event.time >= now);
    now = event.time;
    REQUIRE(trace().tracks.at(event.track).is_counter == (event.type == ReadType::kCounter));
    if (event.type == ReadType::kBegin) ++open[event.track];
    if (event.type == ReadType::kEnd) {
      REQUIRE(open[event.track] > 0);
      --open[event.track];
    }
  }
  for (const auto& [track, count] : open) CHECK(count == 0);
  CHECK(now == static_cast<std::uint64_t>(traced().run.end.ns));
}

TEST_CASE("every row belongs to a process, and sites, nodes and populations have theirs") {
  std::set<std::string> places;
  for (const auto& [id, track] : trace().tracks) {
    if (track.parent != 0) REQUIRE(trace().tracks.at(track.parent).parent == 0);
    CHECK(find_invalid_utf8(track.name) == std::string_view::npos);
    places.insert(trace().place(id));
  }
  for (const char* place :
       {"<b>dc: a&b", "<b>dc: b", "<b>dc: database", "<b>dc: requests/s", "eu \u05e9\u202e: database",
        "eu \u05e9\u202e: \U0001F525: not obeyed yet", "clients: users & <co>: answered/s",
        "clients: users & <co>: failed/s", "faults: <script>", "faults: cut", "seed 4: about"}) {
    INFO(place);
    CHECK(places.contains(place));
  }
}

TEST_CASE("each arrow leads from one event to one that is not earlier, in the file neither") {
  std::map<std::uint64_t, std::vector<const ReadEvent*>> flows;
  for (const ReadEvent& event : trace().events) {
    for (const std::uint64_t flow : event.flows) flows[flow].push_back(&event);
  }
  CHECK(flows.size() > 100);
  for (const auto& [flow, ends] : flows) {
    REQUIRE(flow != 0);
    REQUIRE(ends.size() == 2);
    CHECK(ends[0]->time <= ends[1]->time);
    CHECK(ends[1]->category != "flow");
  }
}

// All changes of this run are shown, so an arrow leads to each record of a copy or a hop whose cause is of a change:
// caused by one, or about an object that has changed.
TEST_CASE("arrows are the journal's causes, one for one") {
  using domain::RecordKind;
  std::set<std::uint64_t> of_changes;
  std::set<std::uint32_t> changed;
  std::multiset<std::uint64_t> expected;  // by the instant at which the arrow ends
  const auto step = [&](const sim::Record& record, domain::ObjectRef object, domain::ObjectRef companion) {
    const bool is_caused = of_changes.contains(record.cause.packed);
    if (is_caused) expected.insert(static_cast<std::uint64_t>(record.time.ns));
    if (is_caused || changed.contains(object.packed) || changed.contains(companion.packed)) {
      of_changes.insert(record.id.packed);
    }
  };
  for (const sim::Record& record : journal()) {
    const RecordKind kind = domain::kind_of(record.body);
    if (kind == RecordKind::kChangeInvoked) {
      of_changes.insert(record.id.packed);
      changed.insert(domain::ChangeInvoked::unpack(record.body).object.packed);
    } else if (kind == RecordKind::kChangeAcknowledged) {
      of_changes.insert(record.id.packed);
    } else if (kind == RecordKind::kEntryPut) {
      const auto put = domain::EntryPut::unpack(record.body);
      step(record, put.object, put.companion.object);
    } else if (kind == RecordKind::kEntryDropped) {
      const auto dropped = domain::EntryDropped::unpack(record.body);
      step(record, dropped.object, dropped.companion);
    } else if (kind == RecordKind::kHop) {
      step(record, domain::Hop::unpack(record.body).object, domain::ObjectRef::nothing());
    }
  }
  // An arrow ends at a slice, which begins with it and ends at the record's instant; or at an instant.
  std::multiset<std::uint64_t> shown;
  std::map<std::uint64_t, std::vector<bool>> open;  // by track: whether an arrow led there
  std::set<std::uint64_t> begun;
  for (const ReadEvent& event : trace().events) {
    bool is_led_to = false;
    for (const std::uint64_t flow : event.flows) is_led_to |= !begun.insert(flow).second;
    if (event.type == ReadType::kBegin) open[event.track].push_back(is_led_to);
    if (event.type == ReadType::kInstant && is_led_to) shown.insert(event.time);
    if (event.type != ReadType::kEnd) continue;
    if (open[event.track].back()) shown.insert(event.time);
    open[event.track].pop_back();
  }
  CHECK(expected.size() >= 100);
  CHECK(shown == expected);
}

TEST_CASE("changes, wrong decisions and windows are as many as the run has, where none is left out") {
  const audit::Findings& findings = traced().run.findings;
  CHECK(events_of("change").size() == records_of(domain::RecordKind::kChangeInvoked));
  CHECK(events_of("change").size() > 40);
  std::map<std::string, std::size_t> endings;
  for (const ReadEvent& change : events_of("change")) ++endings[change.notes.at("ending")];
  CHECK(endings["acknowledged"] == records_of(domain::RecordKind::kChangeAcknowledged));
  const auto is_long = [](const audit::WindowFinding& window) { return window.length.ns > 0; };
  CHECK(events_of("window").size() ==
        static_cast<std::size_t>(std::count_if(findings.windows.begin(), findings.windows.end(), is_long)));
  CHECK(events_of("decision").size() == findings.listed.size());
  CHECK_FALSE(findings.listed.empty());
  REQUIRE(events_of("about").size() == 1);
  CHECK(events_of("about")[0].notes.at("steps left out") == "0");
}

TEST_CASE("a change begins and ends at the nanoseconds of its records, on its writer's row") {
  const std::vector<ReadEvent> changes = events_of("change");
  auto shown = changes.begin();
  for (const sim::Record& record : journal()) {
    if (domain::kind_of(record.body) != domain::RecordKind::kChangeInvoked) continue;
    REQUIRE(shown != changes.end());
    CHECK(shown->time == static_cast<std::uint64_t>(record.time.ns));
    const auto change = domain::ChangeInvoked::unpack(record.body);
    const std::string& writer = traced().run.node_names[domain::index(change.writer)];
    const std::string place = trace().place(shown->track);
    CHECK(place.substr(place.find(": ") + 2) == writer.substr(writer.rfind('/') + 1));
    ++shown;
  }
  CHECK(shown == changes.end());
}

// A counter holds its value until the next: the sum over all seconds is the number of decisions.
TEST_CASE("counters add up to the journal's requests") {
  const auto sum_of = [](std::string_view name) {
    std::uint64_t sum = 0;
    std::map<std::uint64_t, ReadEvent> last;
    for (const ReadEvent& event : trace().events) {
      if (event.type != ReadType::kCounter || !trace().place(event.track).ends_with(name)) continue;
      auto [before, is_first] = last.try_emplace(event.track, event);
      if (is_first) continue;
      sum += static_cast<std::uint64_t>(before->second.value) * ((event.time - before->second.time) / 1'000'000'000);
      before->second = event;
    }
    return sum;
  };
  CHECK(sum_of(": requests/s") == records_of(domain::RecordKind::kRequestDecided));
  CHECK(sum_of(": answered/s") + sum_of(": failed/s") == records_of(domain::RecordKind::kRequestFinished));
  CHECK(sum_of(": failed/s") > 0);
  CHECK(sum_of(": refused/s") > 0);
}

// The first from 2 min on, the second at 4 min and 20 s later.
TEST_CASE("faults are on when they were on, and a lost data center is down and starts") {
  std::vector<std::pair<std::string, std::uint64_t>> faults;
  for (const ReadEvent& fault : events_of("fault")) faults.emplace_back(fault.name, fault.time);
  CHECK(faults == std::vector<std::pair<std::string, std::uint64_t>>{
                      {"<script>", 120'000'000'000}, {"cut", 240'000'000'000}, {"cut", 260'000'000'000}});
  std::vector<std::pair<std::string, std::uint64_t>> outages;
  for (const ReadEvent& outage : events_of("outage")) outages.emplace_back(outage.name, outage.time);
  REQUIRE(outages.size() >= 2);
  CHECK(outages[0] == std::pair<std::string, std::uint64_t>{"<b>dc down", 120'000'000'000});
  CHECK(outages[1] == std::pair<std::string, std::uint64_t>{"<b>dc starting", 180'000'000'000});
}

TEST_CASE("a trace has the same bytes whoever makes it, and making it changes nothing") {
  RunOptions options;
  options.seeds = {kSeed, 5};
  options.jobs = 2;
  options.threads = 2;
  const Traced again = trace_of(scenario(), options);
  CHECK(again.bytes == traced().bytes);
  RunOptions without;
  without.seeds = {kSeed};
  CHECK(run_seeds(scenario(), without).front().fingerprint == traced().run.fingerprint);
}

TEST_CASE("a run that a limit ends has a trace up to there") {
  RunOptions options;
  options.limits.virtual_time = sim::seconds(150);
  const Traced limited = trace_of(scenario(), options);
  const ReadTrace read = read_trace(limited.bytes);
  REQUIRE_FALSE(read.events.empty());
  CHECK(read.events.back().time == static_cast<std::uint64_t>(limited.run.end.ns));
}

}  // namespace
}  // namespace parallax::scenarios
