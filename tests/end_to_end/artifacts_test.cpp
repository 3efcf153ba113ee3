// The ways of artifacts as files (scenarios/library/artifacts): each beside what is better or worse about another.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/audit/journeys.h"
#include "tests/end_to_end/library.h"

namespace parallax::test {
namespace {

using audit::WindowFinding;
using domain::ChangeKind;
using domain::Stage;
using sim::minutes;
using sim::seconds;

std::vector<WindowFinding> published(const Rehearsal& played, std::string_view site) {
  std::vector<WindowFinding> windows;
  for (const WindowFinding& window : windows_of(played, ChangeKind::kApiPublished)) {
    if (played.site_of(window.observer) == played.site(site)) windows.push_back(window);
  }
  return windows;
}

sim::Duration longest(const std::vector<WindowFinding>& windows) {
  sim::Duration length{};
  for (const WindowFinding& window : windows) length = std::max(length, window.length);
  return length;
}

bool is_decided(const Rehearsal& played, domain::Outcome outcome, std::string_view where) {
  for (const auto& decided : played.all<domain::RequestDecided>(domain::RecordKind::kRequestDecided)) {
    if (decided.body.outcome == outcome && decided.site == played.site(where)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("every way of artifacts shows what it is there for") {
  for (const std::string& name : scenarios_in("artifacts")) {
    INFO(name);
    CHECK(verdict("artifacts/" + name) == "pass");
  }
}

TEST_CASE("the stages of every window add up, whatever the seed") {
  for (const std::string& name : scenarios_in("artifacts")) {
    for (const std::uint64_t seed : {2U, 3U}) {
      INFO(name << " seed " << seed);
      std::size_t wrong = 0;
      for (const WindowFinding& window : rehearse_library("artifacts/" + name, seed).findings.windows) {
        wrong += audit::total(window.pieces) != window.length || spent_on(window, Stage::kNone).ns > 0;
      }
      CHECK(wrong == 0);
    }
  }
}

// In its own data center: the rest of 15 s until the check-in, and of 15 s more until the worker, told by a cluster
// message, updates. In the other: the check-in, the mirror's period, and 915 s at the most until a node looks.
TEST_CASE("Subversion takes a check-in, a mirror and a look, each of which has its stage") {
  const Rehearsal played = rehearse_library("artifacts/svn_mirror_seldom");
  const auto here = published(played, "dc1");
  const auto there = published(played, "dc2");
  CHECK(here.size() == 24);
  CHECK(there.size() == 24);
  for (const WindowFinding& window : here) {
    CHECK(window.length <= seconds(31));
    CHECK(spent_on(window, Stage::kMirrorInterval).ns == 0);
  }
  for (const WindowFinding& window : there) {
    CHECK(spent_on(window, Stage::kArtifactCopy) < seconds(16));
    CHECK(spent_on(window, Stage::kMirrorInterval) <= minutes(10));
    CHECK(spent_on(window, Stage::kPollInterval) <= seconds(915));
  }
  CHECK(longest(here) < seconds(31));
  CHECK(longest(there) > minutes(10));
}

// Common random numbers: the same publications and phases of nodes. A mirror that runs as often as nodes update leaves
// nothing of the ten minutes.
TEST_CASE("a mirror that runs oftener shortens its own stage") {
  const Rehearsal seldom = rehearse_library("artifacts/svn_mirror_seldom");
  const Rehearsal often =
      rehearse_library("artifacts/svn_mirror_seldom", 1, {"sites[dc2].artifacts.svn.mirror_period=15s"});
  sim::Duration waited{};
  for (const WindowFinding& window : published(seldom, "dc2")) waited += spent_on(window, Stage::kMirrorInterval);
  for (const WindowFinding& window : published(often, "dc2")) {
    CHECK(spent_on(window, Stage::kMirrorInterval) <= seconds(15));
  }
  // 24 windows of five minutes in the mean.
  CHECK(waited > minutes(24 * 2));
}

// What the second manager publishes first is refused, and from then on everything of its own stays where it is; what
// the first checks in gets everywhere all the same.
TEST_CASE("of two managers that check in the second is stuck with its first conflict") {
  const Rehearsal played = rehearse_library("artifacts/svn_two_committers");
  std::size_t stuck = 0;
  std::size_t lost_of_first = 0;
  for (const WindowFinding& window : published(played, "dc1")) {
    const bool is_of_second = played.site_of(window.writer) == played.site("dc2");
    stuck += is_of_second && window.ending == audit::Ending::kCensored;
    lost_of_first += !is_of_second && window.ending == audit::Ending::kCensored;
  }
  // Two gateways, 12 revisions; one or two may have got in before the first had looked.
  CHECK(stuck >= 16);
  CHECK(lost_of_first == 0);
}

// A cut from 10m to 30m. What is published in it waits for the rest of it at the least.
TEST_CASE("a mount hangs as long as the way is cut, and what was there before is served on") {
  const Rehearsal played = rehearse_library("artifacts/mount_remote_cut");
  const sim::VirtualTime cut = sim::VirtualTime{} + minutes(10);
  const sim::VirtualTime healed = sim::VirtualTime{} + minutes(30);
  std::size_t hung = 0;
  for (const WindowFinding& window : published(played, "dc2")) {
    if (window.start < cut || window.start >= healed) {
      if (window.start < cut - seconds(16) || window.start > healed + minutes(3)) CHECK(window.length <= seconds(16));
      continue;
    }
    ++hung;
    CHECK(window.start + window.length > healed);
    CHECK(spent_on(window, Stage::kLinkDown) > window.length - seconds(15));
  }
  CHECK(hung >= 8);
  CHECK(longest(published(played, "dc1")) <= seconds(16));
}

TEST_CASE("half a deployment answers 503, one that is seen as a whole 404") {
  const Rehearsal half = rehearse_library("artifacts/replica_half_served");
  const Rehearsal whole = rehearse_library("artifacts/replica_half_not_seen");
  using domain::Outcome;
  CHECK(is_decided(half, Outcome::kBackendUnreachable, "dc2"));
  CHECK_FALSE(is_decided(half, Outcome::kBackendUnreachable, "dc1"));
  CHECK_FALSE(is_decided(whole, Outcome::kBackendUnreachable, "dc2"));
  CHECK(is_decided(whole, Outcome::kApiUnknown, "dc2"));
  // The files' delays are the same: so are the instants at which all are there.
  const auto of_half = published(half, "dc2");
  const auto of_whole = published(whole, "dc2");
  REQUIRE(of_half.size() == of_whole.size());
  for (std::size_t i = 0; i < of_half.size(); ++i) CHECK(of_half[i].length == of_whole[i].length);
}

// Whoever was forgotten has no record of the API, and nobody else is missing.
TEST_CASE("a gateway that a person has forgotten stays as it was") {
  const Rehearsal played = rehearse_library("artifacts/by_hand_forgotten");
  std::set<std::pair<domain::LayerId, std::uint32_t>> has;
  for (const auto& put : played.all<domain::EntryPut>(domain::RecordKind::kEntryPut)) {
    if (put.body.object.kind() == domain::ObjectKind::kApi) has.insert({put.body.layer, put.body.object.packed});
  }
  std::size_t forgotten = 0;
  for (const WindowFinding& window : windows_of(played, ChangeKind::kApiPublished)) {
    const domain::LayerId layer = world::layers_of(window.observer, {4, 4}).gateway.artifacts;
    const bool is_missing = !has.contains({layer, window.object.packed});
    CHECK(is_missing == (window.ending == audit::Ending::kCensored));
    forgotten += is_missing;
    // Three gateways after the publisher's own, ten minutes each at the most.
    if (!is_missing) CHECK(window.length <= minutes(31));
  }
  CHECK(forgotten >= 1);
  CHECK(forgotten < 12);
}

// gw of the second data center has no power from 10m to 20m: what comes to the folder meanwhile it has when it starts.
TEST_CASE("what comes while a gateway is down is deployed when it starts") {
  const std::string down =
      "faults { name: \"gw away\" at: \"10m\" lasts: \"10m\" node_down { site: \"dc2\" node: \"gw\" loses: \"power\" } "
      "}";
  for (const std::string name : {"replica_half_not_seen", "svn_mirror_often", "mount_remote", "by_hand_synchronised"}) {
    INFO(name);
    const auto file =
        std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library" / "artifacts" / (name + ".txtpb");
    std::ifstream in{file};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const Rehearsal played = rehearse_text(text + down + "\n");
    for (const WindowFinding& window : published(played, "dc2")) {
      CHECK(window.ending == audit::Ending::kVisible);
      CHECK(audit::total(window.pieces) == window.length);
      CHECK(spent_on(window, Stage::kNone).ns == 0);
    }
  }
}

// Repositories, folders and people of one data center reach into another.
TEST_CASE("what crosses from one data center to another does so alike on one thread and on four") {
  for (const char* name : {"svn_two_committers", "mount_remote_cut", "replica_half_served", "by_hand_forgotten",
                           "cold_start_needs_main_region"}) {
    INFO(name);
    const auto folder = std::filesystem::path{PARALLAX_SOURCE_DIR} / "scenarios" / "library" / "artifacts";
    const auto outcome = scenarios::load_file(folder / (std::string{name} + ".txtpb"), {});
    REQUIRE(outcome.loaded);
    scenarios::RunOptions options;
    options.seeds = {1};
    const std::string alone = scenarios::run(*outcome.loaded, options).result.fingerprint();
    options.threads = 4;
    CHECK(scenarios::run(*outcome.loaded, options).result.fingerprint() == alone);
  }
}

}  // namespace parallax::test
