// State windows from journals written by hand.
#include "models/audit/windows.h"

#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ChangeKind;
using domain::ObjectRef;
using domain::Stage;

constexpr ObjectRef kToken = ObjectRef::of(domain::TokenId{0});
constexpr domain::Passage kRead{Stage::kNone, Stage::kDatabaseRead, {}};

// A token with an entry in B's cache from 0 s on, revoked at A: committed at 849 s, acknowledged at 850 s.
class Revocation {
 public:
  explicit Revocation(sim::VirtualTime token_expires = sim::kNever) : expires_{token_expires} {
    const sim::Record put = scribe_.write(at(0), domain::EntryPut{kCacheB, kToken, 0, kFirst, kRead});
    put_ = put.id;
    windows_.put(put);
  }

  void revoke() {
    const sim::Record invoked = scribe_.write(at(848), domain::ChangeInvoked{ChangeKind::kTokenRevoked, kA, kToken});
    windows_.invoked(invoked);
    windows_.put(scribe_.write(
        at(849), domain::EntryPut{kDatabase, kToken, 0, kSecond, {Stage::kNone, Stage::kDatabaseWrite, at(848)}},
        invoked.id));
    const sim::Record acknowledged = scribe_.write(
        at(850), domain::ChangeAcknowledged{ChangeKind::kTokenRevoked, kA, kToken, kSecond, at(848), expires_},
        invoked.id);
    id_ = acknowledged.id;
    windows_.acknowledged(acknowledged);
  }

  // B's sweeper removes the entry at 920 s; it was due at 900 s.
  void sweep() {
    windows_.dropped(scribe_.write(
        at(920), domain::EntryDropped{kCacheB, kToken, 0, {Stage::kTokenCacheTtl, Stage::kCacheSweep, at(900)}}, put_));
  }

  // What would have told `node` got no further than at `died`.
  void lose_event(domain::NodeId node, std::int64_t died, domain::EventLoss why, domain::Version version = kSecond) {
    windows_.event_lost(
        scribe_.write(at(died),
                      domain::EventLost{node, kToken, version, domain::id_of(domain::Topic::kTokenRevocation), why,
                                        Stage::kNone, 1, at(850), at(died)},
                      id_));
  }

  // B has asked a source that was behind, or has been asked for by nobody until then.
  void fill_with_old_answer(std::int64_t when) {
    put_ = windows_put(scribe_.write(at(when), domain::EntryPut{kCacheB, kToken, 0, kFirst, kRead}));
  }

  // B hears of it by another way.
  void hear(std::int64_t when) {
    windows_.dropped(scribe_.write(
        at(when), domain::EntryDropped{kCacheB, kToken, 0, {Stage::kNone, Stage::kBroker, at(850)}}, id_));
  }

  sim::RecordId windows_put(const sim::Record& record) {
    windows_.put(record);
    return record.id;
  }

  Windows& windows() { return windows_; }
  sim::RecordId id() const { return id_; }
  Findings finish(sim::VirtualTime end) {
    Findings findings;
    windows_.finish(end, findings);
    REQUIRE(findings.windows.size() == 2);  // one for each node
    return findings;
  }

 private:
  sim::VirtualTime expires_;
  domain::Catalog catalog_ = one_of_each();
  Setup setup_ = two_nodes(catalog_);
  Windows windows_{setup_};
  Scribe scribe_;
  sim::RecordId put_;
  sim::RecordId id_;
};

TEST_CASE("a window lasts from the acknowledgement until the stale entry goes") {
  Revocation revocation;
  revocation.revoke();
  revocation.sweep();
  const Findings findings = revocation.finish(at(1000));
  const WindowFinding& window = findings.windows[1];
  CHECK(window.id == revocation.id());
  CHECK(window.change == ChangeKind::kTokenRevoked);
  CHECK(window.object == kToken);
  CHECK(window.writer == kA);
  CHECK(window.observer == kB);
  CHECK(window.start == at(850));
  CHECK(window.length == sim::seconds(70));  // 850 s to 920 s
  CHECK(window.ending == Ending::kVisible);
  REQUIRE(window.pieces.size() == 2);
  CHECK(window.pieces[0].stage == Stage::kTokenCacheTtl);
  CHECK(window.pieces[0].length == sim::seconds(50));
  CHECK(window.pieces[1].stage == Stage::kCacheSweep);
  CHECK(window.pieces[1].length == sim::seconds(20));
}

// Seen at 860 s, 10 s after the acknowledgement; then an old answer comes, which goes at 920 s.
TEST_CASE("who goes back to the old version has seen the change before its window ends") {
  Revocation revocation;
  revocation.revoke();
  revocation.hear(860);
  revocation.fill_with_old_answer(870);
  revocation.sweep();
  const Findings findings = revocation.finish(at(1000));
  CHECK(findings.windows[1].first_visible == sim::seconds(10));
  CHECK(findings.windows[1].length == sim::seconds(70));
  CHECK(findings.windows[0].first_visible == sim::Duration{});
}

TEST_CASE("a change that is never seen is not seen before its window ends") {
  Revocation revocation;
  revocation.revoke();
  const Findings findings = revocation.finish(at(1000));
  CHECK(findings.windows[1].ending == Ending::kCensored);
  CHECK(findings.windows[1].first_visible == findings.windows[1].length);
}

TEST_CASE("who holds nothing stale when the change is acknowledged has a window of zero") {
  Revocation revocation;
  revocation.revoke();
  revocation.sweep();
  const Findings findings = revocation.finish(at(1000));
  const WindowFinding& window = findings.windows[0];
  CHECK(window.observer == kA);
  CHECK(window.length.ns == 0);
  CHECK(window.ending == Ending::kVisible);
  CHECK(window.pieces.empty());
}

// The token expires 40 s after its revocation: from then on nobody accepts it.
TEST_CASE("a window closes as moot when the token expires first") {
  Revocation revocation{at(890)};
  revocation.revoke();
  revocation.sweep();
  const Findings findings = revocation.finish(at(1000));
  const WindowFinding& window = findings.windows[1];
  CHECK(window.ending == Ending::kMoot);
  CHECK(window.length == sim::seconds(40));
  CHECK(total(window.pieces) == window.length);
  REQUIRE(window.pieces.size() == 1);
  CHECK(window.pieces[0].stage == Stage::kTokenCacheTtl);
}

TEST_CASE("a window is moot at once when the token expired before the acknowledgement") {
  Revocation revocation{at(849)};
  revocation.revoke();
  revocation.sweep();
  const Findings findings = revocation.finish(at(1000));
  const WindowFinding& window = findings.windows[1];
  CHECK(window.ending == Ending::kMoot);
  CHECK(window.length.ns == 0);
}

TEST_CASE("a window that the run's end cuts off is censored and charged to the entry that keeps it open") {
  Revocation revocation;
  revocation.revoke();
  const Findings findings = revocation.finish(at(880));
  const WindowFinding& window = findings.windows[1];
  CHECK(window.ending == Ending::kCensored);
  CHECK(window.length == sim::seconds(30));
  REQUIRE(window.pieces.size() == 1);
  CHECK(window.pieces[0].stage == Stage::kTokenCacheTtl);
  CHECK(total(window.pieces) == window.length);
}

// At 860 s the entry is not too old yet; at 910 s it waits for the sweeper.
TEST_CASE("a wrong decision is charged to the stage that the window is in") {
  Revocation revocation;
  revocation.revoke();
  for (const sim::VirtualTime now : {at(860), at(870), at(910)}) {
    CHECK(revocation.windows().blame(kB, kToken, kFirst, now, DecisionError::kWrongAllow)->change ==
          ChangeKind::kTokenRevoked);
  }
  revocation.sweep();
  const Findings findings = revocation.finish(at(1000));
  CHECK(findings.windows[1].wrong_decisions == 3);
  CHECK(findings.wrong.size() == 2);
  CHECK(findings.wrong.at({DecisionError::kWrongAllow, Why::kTokenRevoked, Stage::kTokenCacheTtl, kB}) == 2);
  CHECK(findings.wrong.at({DecisionError::kWrongAllow, Why::kTokenRevoked, Stage::kCacheSweep, kB}) == 1);
}

TEST_CASE("a decision on the newest version, or on an object that nobody changed, is nobody's fault") {
  Revocation revocation;
  CHECK_FALSE(revocation.windows().blame(kB, kToken, kFirst, at(840), DecisionError::kWrongAllow));
  revocation.revoke();
  CHECK_FALSE(revocation.windows().blame(kB, kToken, kSecond, at(860), DecisionError::kWrongAllow));
}

// The row of a change acknowledged at 850 s never comes by itself: a later version of it is applied at 860 s. At 851 s
// B reads the old version and caches it from 852 s on; it is due at 1752 s and swept at 1760 s.
TEST_CASE("a stale re-cache is charged to the lag of the replica, whichever version ends it") {
  constexpr domain::Version kThird = domain::Version::of(3, sim::SiteId{0});
  const domain::Catalog catalog = one_of_each();
  const Setup setup = two_nodes(catalog);
  Windows windows{setup};
  Scribe scribe;
  windows.acknowledged(scribe.write(
      at(850), domain::ChangeAcknowledged{ChangeKind::kTokenRevoked, kA, kToken, kSecond, at(849), sim::kNever}));
  const sim::Record put = scribe.write(
      at(852), domain::EntryPut{kCacheB, kToken, 0, kFirst, {Stage::kNone, Stage::kDatabaseRead, at(851)}});
  windows.put(put);
  const sim::Record invoked = scribe.write(at(855), domain::ChangeInvoked{ChangeKind::kTokenRevoked, kA, kToken});
  windows.invoked(invoked);
  windows.put(scribe.write(
      at(860), domain::EntryPut{kDatabase, kToken, 0, kThird, {Stage::kNone, Stage::kReplicationLag, at(855)}},
      invoked.id));
  windows.dropped(scribe.write(
      at(1760), domain::EntryDropped{kCacheB, kToken, 0, {Stage::kTokenCacheTtl, Stage::kCacheSweep, at(1752)}},
      put.id));
  Findings findings;
  windows.finish(at(2000), findings);
  const WindowFinding& window = findings.windows[domain::index(kB)];
  REQUIRE(window.pieces.size() == 4);
  CHECK(window.pieces[0].stage == Stage::kReplicationLag);
  CHECK(window.pieces[0].length == sim::seconds(1));
  CHECK(window.pieces[1].stage == Stage::kDatabaseRead);
  CHECK(window.pieces[2].stage == Stage::kTokenCacheTtl);
  CHECK(window.pieces[3].length == sim::seconds(8));
  CHECK(total(window.pieces) == window.length);
}

// Published at 850, on its way until 860, then lost; the sweeper ends the window at 920: 10 s and 60 s.
TEST_CASE("from the loss of its event on a window is due to the loss") {
  Revocation revocation;
  revocation.revoke();
  revocation.lose_event(kB, 860, domain::EventLoss::kNotConnected);
  revocation.sweep();
  const Findings findings = revocation.finish(at(2'000));
  const WindowFinding& window = findings.windows[1];
  REQUIRE(window.pieces.size() == 2);
  CHECK(window.pieces[0].stage == Stage::kBroker);
  CHECK(window.pieces[0].length == sim::seconds(10));
  CHECK(window.pieces[1].stage == Stage::kMessageLost);
  CHECK(window.pieces[1].length == sim::seconds(60));
  CHECK(findings.events_lost[0] == 1);
}

TEST_CASE("what is given up is no lost event, but takes the rest all the same") {
  Revocation revocation;
  revocation.revoke();
  revocation.lose_event(kB, 860, domain::EventLoss::kGivenUp);
  const Findings findings = revocation.finish(at(1'000));
  const WindowFinding& window = findings.windows[1];
  CHECK(window.ending == Ending::kCensored);
  REQUIRE(window.pieces.size() == 2);
  CHECK(window.pieces[1].stage == Stage::kGivenUp);
  CHECK(window.pieces[1].length == sim::seconds(140));
  CHECK(findings.events_lost[0] == 0);
}

TEST_CASE("a loss is of no account to whom another event has told, to other nodes, and to later versions") {
  const auto stages = [](auto&& story) {
    Revocation revocation;
    revocation.revoke();
    story(revocation);
    revocation.sweep();
    std::vector<Stage> found;
    const Findings findings = revocation.finish(at(2'000));
    for (const Piece& piece : findings.windows[1].pieces) found.push_back(piece.stage);
    return found;
  };
  CHECK(stages([](Revocation& r) {
          r.lose_event(kB, 855, domain::EventLoss::kNotConnected);
          r.hear(870);
        }) == std::vector{Stage::kBroker});
  const std::vector<Stage> by_age{Stage::kTokenCacheTtl, Stage::kCacheSweep};
  CHECK(stages([](Revocation& r) { r.lose_event(kA, 855, domain::EventLoss::kNotConnected); }) == by_age);
  CHECK(stages([](Revocation& r) { r.lose_event(kB, 855, domain::EventLoss::kNotConnected, kFirst); }) == by_age);
}

// B has a database of its own, to which the revocation comes at 853 s and finds no row to update: 3 s of the window are
// its way, the rest is the conflict.
class DiscardedRevocation {
 public:
  static constexpr domain::LayerId kDatabaseB{5};

  DiscardedRevocation() {
    setup_.layers = 6;
    setup_.replicas.push_back(kDatabaseB);
    setup_.observers[1].chains[static_cast<std::size_t>(domain::ObjectKind::kToken)] = {kCacheB, kDatabaseB};
    windows_.emplace(setup_);
    const sim::Record invoked = scribe_.write(at(848), domain::ChangeInvoked{ChangeKind::kTokenRevoked, kA, kToken});
    windows_->invoked(invoked);
    const sim::Record committed = scribe_.write(
        at(849), domain::EntryPut{kDatabase, kToken, 0, kSecond, {Stage::kNone, Stage::kDatabaseWrite, at(848)}},
        invoked.id);
    windows_->put(committed);
    committed_ = committed.id;
    windows_->acknowledged(scribe_.write(
        at(850), domain::ChangeAcknowledged{ChangeKind::kTokenRevoked, kA, kToken, kSecond, at(848), sim::kNever},
        invoked.id));
  }

  void conflict(domain::ConflictOutcome outcome) {
    windows_->conflict(
        scribe_.write(at(853),
                      domain::RowConflict{
                          kDatabaseB, 6, domain::ConflictKind::kUpdateMissing, outcome, sim::SiteId{0}, 0, kSecond, {}},
                      committed_));
  }

  void put_at_b(std::int64_t second, domain::Version version) {
    windows_->put(scribe_.write(
        at(second),
        domain::EntryPut{kDatabaseB, kToken, 0, version, {Stage::kNone, Stage::kReplicationLag, at(second)}}));
  }

  std::vector<Piece> pieces_at_b() {
    Findings findings;
    windows_->finish(at(1'000), findings);
    for (const WindowFinding& window : findings.windows) {
      if (window.observer == kB) return window.pieces;
    }
    return {};
  }

 private:
  domain::Catalog catalog_{one_of_each()};
  Setup setup_{two_nodes(catalog_)};
  std::optional<Windows> windows_;
  Scribe scribe_;
  sim::RecordId committed_;
};

void check_pieces(const std::vector<Piece>& found, const std::vector<Piece>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].stage == expected[i].stage);
    CHECK(found[i].length == expected[i].length);
  }
}

TEST_CASE("what a database has thrown away is missing for that, until the end or a later write") {
  DiscardedRevocation open;
  open.conflict(domain::ConflictOutcome::kDiscarded);
  check_pieces(open.pieces_at_b(),
               {{Stage::kReplicationLag, sim::seconds(3)}, {Stage::kConflictDiscarded, sim::seconds(147)}});

  // The row that the revocation had missed comes after it, and is older: no cache has been filled with anything.
  DiscardedRevocation overtaken;
  overtaken.conflict(domain::ConflictOutcome::kDiscarded);
  overtaken.put_at_b(855, kFirst);
  check_pieces(overtaken.pieces_at_b(),
               {{Stage::kReplicationLag, sim::seconds(3)}, {Stage::kConflictDiscarded, sim::seconds(147)}});

  DiscardedRevocation ended;
  ended.conflict(domain::ConflictOutcome::kDiscarded);
  ended.put_at_b(910, domain::Version::of(3, sim::SiteId{0}));
  check_pieces(ended.pieces_at_b(),
               {{Stage::kReplicationLag, sim::seconds(3)}, {Stage::kConflictDiscarded, sim::seconds(57)}});
}

TEST_CASE("a conflict that overwrites what it met keeps nobody waiting") {
  DiscardedRevocation overwritten;
  overwritten.conflict(domain::ConflictOutcome::kOverwritten);
  overwritten.put_at_b(853, kSecond);
  for (const Piece& piece : overwritten.pieces_at_b()) CHECK(piece.stage != Stage::kConflictDiscarded);
}

}  // namespace
}  // namespace parallax::audit
