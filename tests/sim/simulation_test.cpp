#include "sim/simulation.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <tuple>
#include <vector>

#include "chatter.h"

namespace parallax::sim {
namespace {

using testing::Chatter;
using testing::Said;

constexpr SiteId a{0};
constexpr SiteId b{1};
constexpr SiteId c{2};

VirtualTime at(Duration d) { return VirtualTime{} + d; }

LinkSpec link(SiteId from, SiteId to, Distribution delay) { return {from, to, std::move(delay)}; }
LinkSpec link(SiteId from, SiteId to, Duration delay) { return link(from, to, Distribution::constant(delay)); }

/// One line of a journal without its body: when, where, the how-many-th there, and why.
struct Line {
  Duration time;
  SiteId site;
  std::uint64_t number;
  RecordId cause;
  friend bool operator==(const Line&, const Line&) = default;
};
std::ostream& operator<<(std::ostream& out, const Line& line) {
  return out << line.time.ns << " ns at " << index(line.site) << ", record " << line.number << " by site "
             << index(line.cause.site()) << "'s " << line.cause.number();
}
using Lines = std::vector<Line>;

Lines lines_of(const std::vector<Record>& journal) {
  Lines lines;
  for (const Record& r : journal) lines.push_back({r.time - VirtualTime{}, r.id.site(), r.id.number(), r.cause});
  return lines;
}

/// Collects the journal.
std::vector<Record>& journal_of(Simulation& simulation, std::vector<Record>& journal) {
  simulation.add_reader(
      [&journal](std::span<const Record> records) { journal.insert(journal.end(), records.begin(), records.end()); });
  return journal;
}

/// Two sites that return each message at once.
struct Rally {
  Simulation simulation;
  std::vector<Record> journal;

  explicit Rally(Limits limits = {}, unsigned threads = 1)
      : simulation{{.seed = 1,
                    .sites = {"a", "b"},
                    .links = {link(a, b, milliseconds(10)), link(b, a, milliseconds(15))},
                    .outages = {},
                    .threads = threads,
                    .limits = limits}} {
    journal_of(simulation, journal);
    simulation.site(a).at(at(milliseconds(5)), [this] { play(a, {}); });
  }
  void play(SiteId self, RecordId cause) {
    const RecordId played = simulation.site(self).record({}, cause);
    const SiteId other = self == a ? b : a;
    simulation.site(self).send(other, [this, other, played] { play(other, played); });
  }
};

TEST_CASE("a rally with constant delays goes as worked out by hand") {
  Rally rally;
  rally.simulation.run(at(milliseconds(91)));
  // a plays at 5 ms, b 10 ms later at 15, a 15 ms later at 30, and so on: 5, 30, 55, 80 and 15, 40, 65, 90.
  CHECK(lines_of(rally.journal) == Lines{{milliseconds(5), a, 1, {}},
                                         {milliseconds(15), b, 1, RecordId::of(a, 1)},
                                         {milliseconds(30), a, 2, RecordId::of(b, 1)},
                                         {milliseconds(40), b, 2, RecordId::of(a, 2)},
                                         {milliseconds(55), a, 3, RecordId::of(b, 2)},
                                         {milliseconds(65), b, 3, RecordId::of(a, 3)},
                                         {milliseconds(80), a, 4, RecordId::of(b, 3)},
                                         {milliseconds(90), b, 4, RecordId::of(a, 4)}});
  CHECK(rally.simulation.events() == 8);
  CHECK(rally.simulation.site(a).now() == at(milliseconds(91)));
  CHECK(rally.simulation.site(b).now() == at(milliseconds(91)));
}

TEST_CASE("an event at the very end is not executed, but by the next run") {
  Rally rally;
  rally.simulation.run(at(milliseconds(90)));
  CHECK(rally.journal.size() == 7);  // b's fourth is due at 90 ms
  rally.simulation.run(at(milliseconds(90)) + nanoseconds(1));
  CHECK(rally.journal.size() == 8);
}

TEST_CASE("a run in pieces is the run in one") {
  Rally whole;
  whole.simulation.run(at(seconds(1)));
  for (const unsigned threads : {1U, 2U}) {
    Rally pieces{{}, threads};
    for (std::int64_t end = 7; end <= 1'000; end += 7) pieces.simulation.run(at(milliseconds(end)));
    pieces.simulation.run(at(seconds(1)));
    CHECK(lines_of(pieces.journal) == lines_of(whole.journal));
  }
}

TEST_CASE("records of one instant come in the order of their sites, and of their number there") {
  // b and c are far from a and from each other; all write at 1 s, in an order of scheduling that is not theirs.
  Simulation simulation{{.seed = 1,
                         .sites = {"a", "b", "c"},
                         .links = {link(a, b, milliseconds(10)), link(b, c, milliseconds(10))},
                         .outages = {}}};
  std::vector<Record> journal;
  journal_of(simulation, journal);
  for (const SiteId site : {c, a, b, c, a}) {
    simulation.site(site).at(at(seconds(1)), [&simulation, site] { simulation.site(site).record({}); });
  }
  simulation.site(c).at(at(milliseconds(999)), [&simulation] { simulation.site(c).record({}); });
  simulation.run(at(seconds(2)));
  CHECK(lines_of(journal) == Lines{{milliseconds(999), c, 1, {}},
                                   {seconds(1), a, 1, {}},
                                   {seconds(1), a, 2, {}},
                                   {seconds(1), b, 1, {}},
                                   {seconds(1), c, 2, {}},
                                   {seconds(1), c, 3, {}}});
}

TEST_CASE("sites under a microsecond apart are one logical process, others are not") {
  const auto share_a_process = [](Duration delay) {
    Simulation simulation{{.seed = 1, .sites = {"a", "b"}, .links = {link(a, b, delay)}, .outages = {}, .threads = 2}};
    return &simulation.process_of(a) == &simulation.process_of(b);
  };
  CHECK(share_a_process(Duration{}));
  CHECK(share_a_process(nanoseconds(999)));
  CHECK_FALSE(share_a_process(microseconds(1)));
}

TEST_CASE("with one thread all sites are one logical process") {
  Simulation simulation{{.seed = 1, .sites = {"a", "b"}, .links = {link(a, b, seconds(1))}, .outages = {}}};
  CHECK(&simulation.process_of(a) == &simulation.process_of(b));
}

TEST_CASE("the lookahead is the least delay between sites that are not near") {
  const auto lookahead = [](std::vector<LinkSpec> links) {
    return Simulation{{.seed = 1, .sites = {"a", "b", "c"}, .links = std::move(links), .outages = {}}}.lookahead();
  };
  const auto spread = Distribution::uniform(milliseconds(3), milliseconds(9));
  CHECK(lookahead({link(a, b, milliseconds(5)), link(b, c, spread)}) == milliseconds(3));
  CHECK(lookahead({link(a, b, nanoseconds(999)), link(b, c, milliseconds(5))}) == milliseconds(5));
  // Of two links between sites that are near by one of them the other does not count.
  CHECK(lookahead({link(a, b, nanoseconds(1)), link(b, a, milliseconds(2)), link(b, c, milliseconds(5))}) ==
        milliseconds(5));
  CHECK(lookahead({link(a, b, seconds(1))}) == milliseconds(100));
  CHECK(lookahead({}) == milliseconds(100));
}

TEST_CASE("nearness is passed on: a near b and b near c make one of three") {
  Simulation simulation{
      {.seed = 1,
       .sites = {"a", "b", "c", "far"},
       .links = {link(c, b, nanoseconds(1)), link(a, b, nanoseconds(1)), link(a, SiteId{3}, seconds(1))},
       .outages = {},
       .threads = 2}};
  CHECK(&simulation.process_of(a) == &simulation.process_of(b));
  CHECK(&simulation.process_of(a) == &simulation.process_of(c));
  CHECK(&simulation.process_of(a) != &simulation.process_of(SiteId{3}));
}

TEST_CASE("a message over a link without delay arrives in the same instant, after what is under way") {
  Simulation simulation{{.seed = 1, .sites = {"a", "b"}, .links = {link(a, b, Duration{})}, .outages = {}}};
  std::vector<int> order;
  simulation.site(a).at(at(seconds(1)), [&] {
    simulation.site(a).send(b, [&] {
      order.push_back(2);
      CHECK(simulation.site(b).now() == at(seconds(1)));
    });
    order.push_back(1);
  });
  simulation.run(at(seconds(2)));
  CHECK(order == std::vector<int>{1, 2});
}

TEST_CASE("a message to one's own site arrives in the same instant") {
  Simulation simulation{{.seed = 1, .sites = {"a"}, .links = {}, .outages = {}}};
  VirtualTime arrived = kNever;
  simulation.site(a).at(at(seconds(1)),
                        [&] { simulation.site(a).send(a, [&] { arrived = simulation.site(a).now(); }); });
  simulation.run(at(seconds(2)));
  CHECK(arrived == at(seconds(1)));
}

TEST_CASE("messages sent before the run and between two runs arrive") {
  for (const unsigned threads : {1U, 2U}) {
    Simulation simulation{
        {.seed = 1, .sites = {"a", "b"}, .links = {link(a, b, milliseconds(10))}, .outages = {}, .threads = threads}};
    std::vector<VirtualTime> arrived;
    const auto send = [&] { simulation.site(a).send(b, [&] { arrived.push_back(simulation.site(b).now()); }); };
    send();
    simulation.run(at(seconds(1)));
    send();
    simulation.run(at(milliseconds(1'005)));  // under way
    simulation.run(at(seconds(2)));
    CHECK(arrived == std::vector{at(milliseconds(10)), at(milliseconds(1'010))});
  }
}

TEST_CASE("a message sent before the run is in order with what is scheduled for later") {
  // b's own event lies after the message, but in the same window.
  Simulation simulation{{.seed = 1, .sites = {"a", "b"}, .links = {link(a, b, milliseconds(10))}, .outages = {}}};
  std::vector<int> order;
  simulation.site(b).at(at(milliseconds(12)), [&] { order.push_back(2); });
  simulation.site(a).send(b, [&] { order.push_back(1); });
  simulation.run(at(seconds(1)));
  CHECK(order == std::vector{1, 2});
}

TEST_CASE("what was recorded after the run is handed over on request, once") {
  Rally rally;
  rally.simulation.run(at(milliseconds(20)));
  CHECK(rally.journal.size() == 2);
  rally.simulation.site(b).record({});
  rally.simulation.flush_journal();
  rally.simulation.flush_journal();
  REQUIRE(rally.journal.size() == 3);
  CHECK(rally.journal.back().time == at(milliseconds(20)));
}

/// a to c through b, 10 ms each; one message at `send`.
struct Relay {
  Simulation simulation;
  bool accepted{false};
  VirtualTime arrived{kNever};

  Relay(Duration send, std::vector<LinkOutage> outages)
      : simulation{{.seed = 1,
                    .sites = {"a", "b", "c"},
                    .links = {link(a, b, milliseconds(10)), link(b, c, milliseconds(10))},
                    .outages = std::move(outages),
                    .faults = 2}} {
    simulation.site(a).at(at(send), [this] {
      accepted = simulation.site(a).send(c, [this] { arrived = simulation.site(c).now(); }).on_its_way;
    });
    simulation.run(at(seconds(1)));
  }
};

LinkOutage outage(LinkId link, Duration from, Duration until) { return {link, at(from), at(until), 1}; }

TEST_CASE("a message that entered a link before its outage arrives") {
  // It leaves a at 5 ms and is under way to b until 15 ms, then to c until 25 ms.
  const Relay first{milliseconds(5), {outage(LinkId{0}, milliseconds(5) + nanoseconds(1), milliseconds(500))}};
  CHECK(first.accepted);
  CHECK(first.arrived == at(milliseconds(25)));
  CHECK(first.simulation.touched() == std::vector<std::uint64_t>{0, 0});
  const Relay second{milliseconds(5), {outage(LinkId{1}, milliseconds(15) + nanoseconds(1), milliseconds(500))}};
  CHECK(second.arrived == at(milliseconds(25)));
}

TEST_CASE("a message that comes to a link during its outage is lost, and the fault is charged with it") {
  // The way is whole when it leaves at 5 ms; b's link is down when it comes there at 15 ms.
  const Relay on_the_way{milliseconds(5), {outage(LinkId{1}, milliseconds(15), milliseconds(500))}};
  CHECK_FALSE(on_the_way.accepted);
  CHECK(on_the_way.arrived == kNever);
  CHECK(on_the_way.simulation.touched() == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("where there is no way nothing is sent, and the fault that cut it is charged") {
  const Relay cut{milliseconds(5), {outage(LinkId{1}, milliseconds(5), milliseconds(500))}};
  CHECK_FALSE(cut.accepted);
  CHECK(cut.arrived == kNever);
  CHECK(cut.simulation.touched() == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("after an outage messages arrive again") {
  const Relay after{milliseconds(500), {outage(LinkId{1}, milliseconds(5), milliseconds(500))}};
  CHECK(after.accepted);
  CHECK(after.arrived == at(milliseconds(520)));
}

TEST_CASE("nothing is sent where no way ever was, and no fault is charged") {
  Simulation simulation{{.seed = 1,
                         .sites = {"a", "b"},
                         .links = {link(a, b, milliseconds(10))},
                         .outages = {outage(LinkId{0}, {}, seconds(1))},
                         .faults = 2}};
  bool accepted = true;
  simulation.site(b).at(at(milliseconds(1)),
                        [&] { accepted = simulation.site(b).send(a, [] { FAIL("arrived"); }).on_its_way; });
  simulation.run(at(seconds(2)));
  CHECK_FALSE(accepted);
  CHECK(simulation.touched() == std::vector<std::uint64_t>{0, 0});
}

TEST_CASE("a run ends with the window in which it reaches its limit of events") {
  Rally rally{{.events = 3}};
  // Windows of 10 ms from the next event: [5, 15), [15, 25), [30, 40). The third event is in the third.
  CHECK(rally.simulation.run(at(seconds(1))) == Ending::kEventLimit);
  CHECK(rally.simulation.events() == 3);
  CHECK(rally.simulation.now() == at(milliseconds(40)));
  CHECK(rally.simulation.site(b).now() == at(milliseconds(40)));
  CHECK(rally.journal.size() == 3);
}

TEST_CASE("a limit that is reached with the last event has ended nothing") {
  // By 91 ms there are 8 events.
  CHECK(Rally{{.events = 8}}.simulation.run(at(milliseconds(91))) == Ending::kComplete);
  CHECK(Rally{{.events = 7}}.simulation.run(at(milliseconds(91))) == Ending::kEventLimit);
}

TEST_CASE("a run that is told to stop does so at the end of a window, and not before it is told") {
  std::atomic<bool> stop{false};
  SimulationSpec spec{.seed = 1, .sites = {"a"}, .links = {}, .outages = {}};
  spec.stop = &stop;
  Simulation simulation{spec};
  Site& site = simulation.site(a);
  site.at(at(milliseconds(250)), [&stop] { stop = true; });
  site.at(at(seconds(1)), [] { FAIL("went on"); });
  CHECK(simulation.run(at(seconds(2))) == Ending::kStopped);
  CHECK(simulation.now() == at(milliseconds(350)));  // a window is 100 ms here
}

TEST_CASE("a run ends with the window after which it holds as many bytes as it may") {
  // All that is ever pending is one message: an event of 24 bytes and an action of 80.
  Rally within{{.bytes = 105}};
  CHECK(within.simulation.run(at(seconds(1))) == Ending::kComplete);
  Rally beyond{{.bytes = 104}};
  CHECK(beyond.simulation.run(at(seconds(1))) == Ending::kMemoryLimit);
  CHECK(beyond.simulation.now() == at(milliseconds(15)));
}

TEST_CASE("a process that waits counts with its event and a nominal frame") {
  const auto run = [](std::uint64_t bytes) {
    Simulation simulation{{.seed = 1, .sites = {"a"}, .links = {}, .outages = {}, .limits = {.bytes = bytes}}};
    struct Model {
      static Process wait(Site& site) {
        for (int i = 0; i < 3; ++i) co_await site.delay(milliseconds(150));  // in windows of 100 ms
      }
    };
    Model::wait(simulation.site(a));
    return simulation.run(at(milliseconds(500)));
  };
  CHECK(run(24 + 256) == Ending::kMemoryLimit);
  CHECK(run(24 + 256 + 1) == Ending::kComplete);
}

TEST_CASE("a run that a limit has ended can be taken up again, a window at a time") {
  Rally whole;
  whole.simulation.run(at(seconds(1)));
  Rally pieces{{.events = 1}};
  int runs = 1;
  while (pieces.simulation.run(at(seconds(1))) != Ending::kComplete) ++runs;
  CHECK(runs == 80);  // 1 s is 40 rounds of 25 ms, each of two events in windows of their own; the last completes
  CHECK(lines_of(pieces.journal) == lines_of(whole.journal));
}

/// Three sites that talk, with loss and an outage on the way.
SimulationSpec talkative(std::uint64_t seed) {
  const auto wan = Distribution::shifted_lognormal(milliseconds(4), milliseconds(9), milliseconds(2));
  return {.seed = seed,
          .sites = {"a", "b", "c"},
          .links = {{a, b, wan, 0.05},
                    {b, a, wan, 0.05},
                    {b, c, Distribution::constant(milliseconds(3)), 0},  // whole ms: arrivals coincide with talk
                    {c, b, Distribution::constant(milliseconds(3)), 0},
                    {a, c, Distribution::exponential(milliseconds(2)), 0}},  // near: least delay zero
          .outages = {{LinkId{2}, at(milliseconds(300)), at(milliseconds(600)), 0}},
          .faults = 1};
}

/// Its journal; `extend` may add to the world what should not matter.
template <typename Extend>
std::vector<Record> talk(std::uint64_t seed, const Extend& extend) {
  SimulationSpec spec = talkative(seed);
  extend(spec);
  Simulation simulation{spec};
  Chatter chatter{simulation, {.talkers = 3, .until = at(seconds(1))}};
  simulation.run(at(seconds(2)));
  CHECK(chatter.journal.size() > 1'000);
  return chatter.journal;
}
std::vector<Record> talk(std::uint64_t seed) {
  return talk(seed, [](SimulationSpec&) {});
}

bool same(const std::vector<Record>& x, const std::vector<Record>& y) {
  const auto fields = [](const Record& r) { return std::tie(r.time, r.id, r.cause, r.body); };
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [&](const Record& r, const Record& s) { return fields(r) == fields(s); });
}

TEST_CASE("the same seed gives the same journal, another seed another") {
  CHECK(same(talk(1), talk(1)));
  CHECK_FALSE(same(talk(1), talk(2)));
}

TEST_CASE("a journal is handed over in its order, each site's numbers without a gap") {
  const std::vector<Record> journal = talk(1);
  CHECK(std::is_sorted(journal.begin(), journal.end(), journal_order));
  std::vector<std::uint64_t> last(3);
  for (const Record& record : journal) {
    if (record.id.number() != ++last.at(index(record.id.site()))) FAIL("gap before " << record.id.number());
  }
}

TEST_CASE("a site that does nothing changes no record of the others") {
  const auto idle = [](SimulationSpec& spec) {
    spec.sites.push_back("idle");
    spec.links.push_back(link(SiteId{3}, a, milliseconds(500)));
    spec.links.push_back(link(b, SiteId{3}, milliseconds(500)));
  };
  CHECK(same(talk(1, idle), talk(1)));
}

TEST_CASE("the length of windows does not show in the journal") {
  // Two more sites, a microsecond from each other and far from all: windows shrink from 2 ms to 1 us.
  const auto short_windows = [](SimulationSpec& spec) {
    spec.sites.insert(spec.sites.end(), {"far", "farther"});
    spec.links.push_back(link(SiteId{3}, SiteId{4}, microseconds(1)));
    spec.threads = 2;
  };
  CHECK(same(talk(1, short_windows), talk(1)));
}

TEST_CASE("sites that share a logical process do not show in the journal") {
  // Everyone is near to a hub that leads nowhere, so all are one process and no way changes.
  const auto one_process = [](SimulationSpec& spec) {
    spec.sites.push_back("hub");
    for (const SiteId site : {a, b, c}) spec.links.push_back(link(site, SiteId{3}, Duration{}));
    spec.threads = 2;
  };
  CHECK(same(talk(1, one_process), talk(1)));
}

TEST_CASE("the names of sites, not their company, choose their random numbers") {
  const auto renamed = [](SimulationSpec& spec) { spec.sites[2] = "z"; };
  CHECK_FALSE(same(talk(1, renamed), talk(1)));
}

TEST_CASE("a whole world's journal never changes") {
  Simulation simulation{talkative(1)};
  Chatter chatter{simulation, {.talkers = 3, .until = at(seconds(1))}};
  simulation.run(at(seconds(2)));
  // Equal for g++ and clang++, at -O0 and -O3. It moves with the streams, the tables, the order of events and Chatter.
  CHECK(to_hex(chatter.fingerprint()) == "16ed38214b71bdbf211a08c795d0b2d4");
}

}  // namespace
}  // namespace parallax::sim
