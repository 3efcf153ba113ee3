// Disks that are full, checks that are wrong, processes that stand still, several nodes at once: whole deployments,
// against schedules worked out by hand.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/end_to_end/library.h"
#include "tests/end_to_end/touched.h"

namespace parallax::test {
namespace {

using domain::ChangeKind;
using domain::Outcome;
using domain::RecordKind;
using domain::RequestFinished;
using domain::SiteChange;
using domain::Stage;
using sim::milliseconds;
using sim::minutes;
using sim::seconds;

sim::VirtualTime at(sim::Duration since_start) { return sim::VirtualTime{} + since_start; }

// --- Full disks

/// Tokens are revoked at dc, whose rows go to other.
std::string replicated(const std::string& faults, const std::string& profile = "postgresql_logical") {
  return R"(
name: "replicated"
duration: "10m"
sites { name: "dc" nodes: "a" key_manager { token_validity: "3650d" } }
sites { name: "other" nodes: "b" key_manager { token_validity: "3650d" } }
regions { name: "users" prefers: "other" }
links { from: "users" to: "other" delay { constant: "5ms" } }
links { from: "dc" to: "other" delay { constant: "30ms" } }
replications { from: "dc" to: "other" profile: ")" +
         profile + R"(" }
catalog { apis: 2 applications: 10 tokens: 2000 }
workload {
  populations { name: "people" region: "users" rate: "5/s" }
  writes { name: "revocations" site: "dc" from: "30s" until: "9m" revoke_tokens { rate: "2/s" } }
}
)" + faults;
}

/// When rows that were written at dc came to be at other.
std::vector<sim::VirtualTime> applied_at_other(const Rehearsal& played) {
  std::vector<sim::VirtualTime> when;
  for (const Rehearsal::Row& row : played.rows()) {
    if (row.body.database == played.database("other") && row.body.origin == played.site("dc")) when.push_back(row.time);
  }
  return when;
}

std::size_t within(const std::vector<sim::VirtualTime>& when, sim::VirtualTime from, sim::VirtualTime until) {
  return static_cast<std::size_t>(
      std::count_if(when.begin(), when.end(), [&](sim::VirtualTime t) { return t >= from && t < until; }));
}

std::size_t refused_writes(const Rehearsal& played, sim::VirtualTime from, sim::VirtualTime until) {
  std::size_t count = 0;
  for (const auto& gone : played.all<domain::ChangeAbandoned>(RecordKind::kChangeAbandoned)) {
    count += gone.body.why == domain::Abandoned::kRefused && gone.time >= from && gone.time < until;
  }
  return count;
}

/// Answers that were no good.
std::size_t failed_calls(const Rehearsal& played) {
  const auto calls = played.all<RequestFinished>(RecordKind::kRequestFinished);
  return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), [](const auto& call) {
    return call.body.ending != domain::Ending::kAnswered || call.body.outcome == Outcome::kUnavailable;
  }));
}

}  // namespace

// The first row that comes at or after 120 s ends the apply, which is started again at once, as it has run for long:
// its connection opens after 5 round trips of 60 ms, it says from where it wants to go on (30 ms), what there is leaves
// 0.45 ms later at the earliest and takes 30 ms: it fails for the second time 360.45 ms after the first, and from then
// on every 5 s and 360.45 ms, as long as the disk is full. The first try after 240 s finds room for all of it.
TEST_CASE("a replica without room applies nothing, tries again every five seconds and then has it all") {
  const std::string text = replicated(R"(faults { name: "full" at: "2m" lasts: "2m" disk_full { site: "other" } })");
  const Rehearsal played = rehearse_text(text);
  const std::vector<sim::VirtualTime> applied = applied_at_other(played);
  CHECK(within(applied, at(seconds(30)), at(minutes(2))) > 300);
  CHECK(within(applied, at(minutes(2)), at(minutes(4))) == 0);
  const auto first = *std::lower_bound(applied.begin(), applied.end(), at(minutes(4)));
  CHECK(first < at(minutes(4) + seconds(6)));
  CHECK(within(applied, first, first + milliseconds(30)) > 400);  // of 2 x 2 x 120 rows
  CHECK(within(applied, at(minutes(4) + seconds(10)), at(minutes(9))) > 1'000);
  // Tries in vain: one within a second or two of 120 s, and then one every 5.36 s from 0.36 s after it to 240 s, which
  // is 22 times 5.36 s and a part: 1 + 23.
  CHECK(touched_in(text) == std::vector<std::uint64_t>{24});
  // Nothing is lost, nothing is in conflict, and reads went on.
  CHECK(played.conflicts().empty());
  CHECK(failed_calls(played) == 0);
  sim::Duration by_disk{};
  for (const audit::WindowFinding& window : windows_of(played, ChangeKind::kTokenRevoked)) {
    by_disk = std::max(by_disk, spent_on(window, Stage::kDiskFull));
  }
  CHECK(by_disk > seconds(110));
  CHECK(by_disk < seconds(126));
}

// A trail is on a disk of its own: what has come waits there, and the replicat looks again every two minutes.
TEST_CASE("a trail keeps what a full database does not take") {
  const std::string text =
      replicated(R"(faults { name: "full" at: "2m" lasts: "90s" disk_full { site: "other" } })", "goldengate");
  const Rehearsal played = rehearse_text(text);
  const std::vector<sim::VirtualTime> applied = applied_at_other(played);
  CHECK(within(applied, at(minutes(2)), at(seconds(210))) == 0);
  CHECK(within(applied, at(seconds(210)), at(seconds(245))) > 200);
  CHECK(touched_in(text) == std::vector<std::uint64_t>{1});
  CHECK(played.conflicts().empty());
}

// 2 revocations a second for two minutes: each is refused, and each counts.
TEST_CASE("a database without room refuses every write of its own clients and answers every read") {
  const std::string text = replicated(R"(faults { name: "full" at: "2m" lasts: "2m" disk_full { site: "dc" } })");
  const Rehearsal played = rehearse_text(text);
  const std::size_t refused = refused_writes(played, at(minutes(2)), at(minutes(4)));
  CHECK(refused > 180);
  CHECK(refused == refused_writes(played, {}, played.end));
  CHECK(touched_in(text) == std::vector<std::uint64_t>{refused});
  for (const auto& told : played.all<domain::ChangeAcknowledged>(RecordKind::kChangeAcknowledged)) {
    if (told.body.change != ChangeKind::kTokenRevoked) continue;
    CHECK_FALSE((told.time > at(minutes(2) + milliseconds(10)) && told.time < at(minutes(4))));
  }
}

TEST_CASE("disks that are full for other reasons at once are full until the last of them ends") {
  const std::string text = replicated(R"(faults { name: "one" at: "2m" lasts: "1m" disk_full { site: "dc" } }
faults { name: "two" at: "150s" lasts: "90s" disk_full { site: "dc" } }
)");
  const Rehearsal played = rehearse_text(text);
  const std::vector<std::uint64_t> touched = touched_in(text);
  CHECK(touched[0] == refused_writes(played, at(minutes(2)), at(minutes(3))));
  CHECK(touched[1] == refused_writes(played, at(minutes(3)), at(minutes(4))));
  CHECK(touched[0] + touched[1] == refused_writes(played, {}, played.end));
  const std::string moment = replicated(R"(faults { name: "f" at: "2m" lasts: "1ns" disk_full { site: "dc" } })");
  CHECK(touched_in(moment) == std::vector<std::uint64_t>{0});
  const std::string whole = replicated(R"(faults { name: "f" at: "0s" lasts: "10m" disk_full { site: "dc" } })");
  CHECK(rehearse_text(whole).all<domain::ChangeAcknowledged>(RecordKind::kChangeAcknowledged).empty());
}

namespace {

// --- Wrong checks

/// A DNS provider's checks from so many regions, every 30 s, three in a row.
std::string watched(std::size_t vantage_points, const std::string& faults) {
  std::string regions;
  std::string checks;
  for (std::size_t i = 0; i < vantage_points; ++i) {
    const std::string name = "\"from-" + std::to_string(i) + "\"";
    regions += "regions { name: " + name + " prefers: \"dc\" prefers: \"other\" }\n";
    for (const std::string site : {"dc", "other"}) {
      regions += "links { from: " + name + " to: \"" + site + "\" delay { constant: \"5ms\" } }\n";
    }
    checks += "from: " + name + " ";
  }
  for (std::size_t i = 1; i < vantage_points; ++i) {
    regions += "links { from: \"from-0\" to: \"from-" + std::to_string(i) + "\" delay { constant: \"5ms\" } }\n";
  }
  return "name: \"watched\"\nduration: \"40m\"\nsites { name: \"dc\" nodes: \"a\" key_manager { token_validity: "
         "\"3650d\" } }\n"
         "sites { name: \"other\" nodes: \"b\" key_manager { token_validity: \"3650d\" } }\nlinks { from: \"dc\" to: "
         "\"other\" delay { constant: \"5ms\" } }\n"
         "replications { from: \"dc\" to: \"other\" }\n" +
         regions + "zone { authorities: \"from-0\" checks { " + checks +
         "} }\ncatalog { apis: 2 applications: 10 tokens: 20 }\n"
         "workload { populations { name: \"people\" region: \"from-0\" rate: \"5/s\" } }\n" +
         faults;
}

std::string wrong_at(std::size_t vantage, const std::string& says, const std::string& rest = "") {
  const std::string number = std::to_string(vantage);
  return "faults { name: \"wrong-" + number + "\" at: \"10m\" lasts: \"10m\" checks_wrong { at: \"from-" + number +
         "\" says: \"" + says + "\" " + rest + "} }\n";
}

struct Marks {
  std::vector<sim::VirtualTime> down;
  std::vector<sim::VirtualTime> up;
};

Marks marks_of(const Rehearsal& played, std::string_view site) {
  Marks marks;
  for (const auto& change : played.all<domain::SiteChanged>(RecordKind::kSiteChanged)) {
    if (change.body.site != played.site(site)) continue;
    if (change.body.change == SiteChange::kMarkedDown) marks.down.push_back(change.time);
    if (change.body.change == SiteChange::kMarkedUp) marks.up.push_back(change.time);
  }
  return marks;
}

}  // namespace

// A check every 30 s at a phase of its own; the third that is wrong comes 60 to 90 s after 10 min, the third that is
// right again 60 to 90 s after 20 min. In ten minutes each checker makes 20 checks, of which each is turned round.
TEST_CASE("the only vantage point takes a healthy site out of the answers, after its threshold, and brings it back") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const std::string text = watched(1, wrong_at(0, "unhealthy", "about: \"dc\""));
    const Rehearsal played = rehearse_text(text, seed);
    const Marks dc = marks_of(played, "dc");
    REQUIRE(dc.down.size() == 1);
    REQUIRE(dc.up.size() == 1);
    CHECK(dc.down[0] >= at(minutes(10) + seconds(60)));
    CHECK(dc.down[0] <= at(minutes(10) + seconds(90) + milliseconds(100)));
    CHECK(dc.up[0] - dc.down[0] == minutes(10));
    CHECK(marks_of(played, "other").down.empty());
    CHECK(touched_in(text, seed) == std::vector<std::uint64_t>{20});
  }
}

// 18 % of five is less than one: four of five that say up leave it up, and so does a single one; none does not.
TEST_CASE("with a quorum of vantage points those that are wrong have to be nearly all") {
  for (const std::size_t wrong : {1U, 4U, 5U}) {
    std::string faults;
    for (std::size_t i = 0; i < wrong; ++i) faults += wrong_at(i, "unhealthy", "about: \"dc\"");
    const std::string text = watched(5, faults);
    CHECK(marks_of(rehearse_text(text), "dc").down.size() == (wrong == 5 ? 1 : 0));
    for (const std::uint64_t touched : touched_in(text)) CHECK(touched == 20);
  }
}

// Its users wait for nobody until the site is back: no check has told.
TEST_CASE("a vantage point that finds everything healthy hides an outage") {
  const std::string down = R"(faults { name: "down" at: "12m" lasts: "5m" site_down { site: "dc" } }
)";
  const Rehearsal seen = rehearse_text(watched(1, down));
  const Rehearsal hidden = rehearse_text(watched(1, wrong_at(0, "healthy") + down));
  CHECK(marks_of(seen, "dc").down.size() == 1);
  CHECK(marks_of(hidden, "dc").down.empty());
  CHECK(failed_calls(hidden) > failed_calls(seen) + 300);
  // A check takes 4 s to fail, one every 30 s: 10 or 11 of 5 min and a minute's start.
  const std::uint64_t touched = touched_in(watched(1, wrong_at(0, "healthy") + down))[0];
  CHECK(touched >= 10);
  CHECK(touched <= 13);
  CHECK(touched_in(watched(1, wrong_at(0, "healthy"))) == std::vector<std::uint64_t>{0});
}

namespace {

/// Two nodes behind a balancer that looks at them every 2 s, three times.
std::string balanced(const std::string& faults, const std::string& profile = "load_balancer { profile: \"haproxy\" }") {
  return R"(
name: "balanced"
duration: "5m"
sites { name: "dc" nodes: "a" nodes: "b" key_manager { token_validity: "3650d" } gateway { token_cache { enabled: false } } )" +
         profile + R"( }
regions { name: "users" prefers: "dc" }
links { from: "users" to: "dc" delay { constant: "5ms" } }
catalog { apis: 2 applications: 10 tokens: 20 }
workload { populations { name: "people" region: "users" rate: "20/s" timeout: "40s" } }
)" + faults;
}

std::vector<sim::VirtualTime> decided_by(const Rehearsal& played, std::uint32_t node) {
  std::vector<sim::VirtualTime> when;
  for (const auto& decided : played.all<domain::RequestDecided>(RecordKind::kRequestDecided)) {
    if (domain::index(decided.body.node) == node) when.push_back(decided.time);
  }
  return when;
}

}  // namespace

// Three checks after 60 s node a is out, three... two good ones (rise 2) after 120 s it is in again; 30 checks in 60 s.
TEST_CASE("a balancer whose checks of one node are wrong does without it") {
  const std::string text = balanced(
      R"(faults { name: "wrong" at: "1m" lasts: "1m" checks_wrong { at: "dc" says: "unhealthy" about: "a" } })");
  const Rehearsal played = rehearse_text(text);
  const auto a = decided_by(played, 0);
  CHECK(within(a, at(seconds(30)), at(seconds(60))) > 200);
  CHECK(within(a, at(seconds(60) + seconds(6)), at(seconds(122))) == 0);
  CHECK(within(a, at(seconds(130)), at(seconds(160))) > 200);
  CHECK(failed_calls(played) == 0);
  CHECK(touched_in(text) == std::vector<std::uint64_t>{30});
}

// --- Processes that stand still

// 20 calls a second, every other one to a: those of 10 s wait, are answered in the instant in which it goes on, 5 ms
// later at the client, and none is lost. The first have waited for 10 s.
TEST_CASE("a node that stands still answers nothing and then all of it at once") {
  const std::string text =
      balanced(R"(faults { name: "pause" at: "1m" lasts: "10s" node_frozen { site: "dc" node: "a" } })", "");
  const Rehearsal played = rehearse_text(text);
  const auto a = decided_by(played, 0);
  CHECK(within(a, at(seconds(60)), at(seconds(70))) == 0);
  CHECK(within(decided_by(played, 1), at(seconds(60)), at(seconds(70))) > 70);
  std::size_t together = 0;
  for (const auto& call : played.all<RequestFinished>(RecordKind::kRequestFinished)) {
    CHECK(call.body.ending == domain::Ending::kAnswered);
    const bool waited = call.time - call.body.sent > milliseconds(100);
    together += waited;
    if (!waited) continue;
    CHECK(call.time >= at(seconds(70) + milliseconds(5)));
    CHECK(call.time <= at(seconds(70) + milliseconds(20)));
    CHECK(call.body.sent >= at(seconds(59)));
    CHECK(call.body.sent < at(seconds(70)));
  }
  CHECK(together > 70);
  const std::uint64_t touched = touched_in(text)[0];
  CHECK(touched >= together);
  CHECK(touched <= together + 10);  // and what of a call goes on while it stands still
}

// HAProxy's checks are connections, which a kernel takes for a process that stands still: it finds nothing wrong.
TEST_CASE("a balancer's connections to a node that stands still are taken, so it sends calls there all the while") {
  const std::string text =
      balanced(R"(faults { name: "pause" at: "1m" lasts: "20s" node_frozen { site: "dc" node: "a" } })");
  const Rehearsal played = rehearse_text(text);
  CHECK(within(decided_by(played, 0), at(seconds(60)), at(seconds(80))) == 0);
  CHECK(within(decided_by(played, 0), at(seconds(80)), at(seconds(80) + milliseconds(20))) > 50);
  CHECK(touched_in(text)[0] > 50);
}

TEST_CASE("a node that stands still for a nanosecond, or of which nobody wants anything, is not touched") {
  const std::string moment =
      balanced(R"(faults { name: "f" at: "1m" lasts: "1ns" node_frozen { site: "dc" node: "a" } })", "");
  CHECK(touched_in(moment) == std::vector<std::uint64_t>{0});
  const schema::Result result = result_of_text(moment);
  CHECK(result.verdict() == "inconclusive");
}

// A subscriber that stands still for less than its broker's patience hears everything later, and nothing is lost.
TEST_CASE("events wait in the kernel of a node that stands still") {
  const std::string text = R"(
name: "heard"
duration: "5m"
sites { name: "dc" nodes: "cp" nodes: "gw" key_manager { tokens: "jwt" }
  roles { nodes: "cp" parts: "key_manager" parts: "traffic_manager" parts: "control_plane" }
  roles { nodes: "gw" parts: "gateway" }
  events { subscriptions { brokers: "cp" } } }
regions { name: "users" prefers: "dc" }
links { from: "users" to: "dc" delay { constant: "5ms" } }
catalog { apis: 2 applications: 10 tokens: 500 }
workload {
  populations { name: "people" region: "users" rate: "1/s" }
  writes { name: "revocations" site: "dc" from: "30s" until: "4m" revoke_tokens { rate: "1/s" } }
}
faults { name: "pause" at: "1m" lasts: "10s" node_frozen { site: "dc" node: "gw" } }
)";
  const Rehearsal played = rehearse_text(text);
  CHECK(played.all<domain::EventLost>(RecordKind::kEventLost).empty());
  std::size_t late = 0;
  for (const audit::WindowFinding& window : windows_of(played, ChangeKind::kTokenRevoked)) {
    const sim::VirtualTime ends = window.start + window.length;
    const bool is_late = window.start > at(seconds(60)) && window.start < at(seconds(70));
    late += is_late;
    CHECK(window.length <= (is_late ? seconds(10) + milliseconds(1) : milliseconds(2)));
    if (is_late) CHECK(ends >= at(seconds(70)));
    if (is_late && window.length > milliseconds(10)) {
      CHECK(spent_on(window, Stage::kFrozen) >= window.length - milliseconds(2));
    }
  }
  CHECK(late > 2);
}

// --- Several nodes

// Each node counts once each time: 2 nodes, 2 times; a zone of both nodes is out from 60 to 70 s and starts for a
// minute.
TEST_CASE("nodes of a zone are lost and come back together, and each of them is touched") {
  const std::string text = balanced(
      R"(faults { name: "zone" at: "1m" lasts: "10s" repeats { every: "2m" times: 2 }
                  nodes_down { site: "dc" nodes: "a" nodes: "b" loses: "power" } })",
      "");
  const Rehearsal played = rehearse_text(text);
  CHECK(within(decided_by(played, 0), at(seconds(61)), at(seconds(70))) == 0);
  CHECK(within(decided_by(played, 1), at(seconds(61)), at(seconds(70))) == 0);
  CHECK(within(decided_by(played, 0), at(seconds(140)), at(seconds(180))) > 200);
  std::size_t lost = 0;
  for (const auto& change : played.all<domain::NodeChanged>(RecordKind::kNodeChanged)) {
    lost += change.body.change == SiteChange::kLost;
  }
  CHECK(lost == 4);
  CHECK(touched_in(text) == std::vector<std::uint64_t>{4});
  // The same as two faults of one node each, to the record.
  const Rehearsal apart = rehearse_text(balanced(
      R"(faults { name: "a" at: "1m" lasts: "10s" repeats { every: "2m" times: 2 }
                  node_down { site: "dc" node: "a" loses: "power" } }
         faults { name: "b" at: "1m" lasts: "10s" repeats { every: "2m" times: 2 }
                  node_down { site: "dc" node: "b" loses: "power" } })",
      ""));
  CHECK(played.journal.size() == apart.journal.size());
}

TEST_CASE("a part is lost with all nodes that have it, and with no others") {
  const auto lost_nodes = [](const std::string& part) {
    const std::string text = R"(
name: "parts"
duration: "5m"
sites { name: "dc" nodes: "cp" nodes: "gw-1" nodes: "gw-2"
  roles { nodes: "cp" parts: "key_manager" parts: "traffic_manager" parts: "control_plane" }
  roles { nodes: "gw-1" nodes: "gw-2" parts: "gateway" } }
regions { name: "users" prefers: "dc" }
links { from: "users" to: "dc" delay { constant: "5ms" } }
catalog { apis: 2 applications: 10 tokens: 20 }
workload { populations { name: "people" region: "users" rate: "5/s" } }
faults { name: "f" at: "1m" lasts: "1m" role_down { site: "dc" part: ")" +
                             part + "\" } }\n";
    const Rehearsal played = rehearse_text(text);
    std::vector<std::uint32_t> lost;
    for (const auto& change : played.all<domain::NodeChanged>(RecordKind::kNodeChanged)) {
      if (change.body.change == SiteChange::kLost)
        lost.push_back(static_cast<std::uint32_t>(domain::index(change.body.node)));
    }
    CHECK(touched_in(text) == std::vector<std::uint64_t>{lost.size()});
    return lost;
  };
  CHECK(lost_nodes("gateway") == std::vector<std::uint32_t>{1, 2});
  CHECK(lost_nodes("key_manager") == std::vector<std::uint32_t>{0});
}

}  // namespace parallax::test
