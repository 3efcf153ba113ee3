// What a trace shows of changes, from records worked out by hand.
#include "scenarios/trace_selection.h"

#include <catch2/catch.hpp>

#include "scenarios/trace.h"
#include "tests/models/audit/two_nodes.h"

namespace parallax::scenarios {
namespace {

using audit::at;
using audit::kA;
using audit::kCacheA;
using audit::kDatabase;
using audit::kFirst;
using domain::ChangeKind;
using domain::ObjectRef;
using domain::TokenId;

ObjectRef token(std::uint32_t id) { return ObjectRef::of(TokenId{id}); }

// 256 slots of a second.
struct Play {
  TraceSelection selection{sim::seconds(256)};
  audit::Scribe scribe;

  template <typename Body>
  sim::RecordId say(std::int64_t second, const Body& body, sim::RecordId cause = {}) {
    const sim::Record record = scribe.write(at(second), body, cause);
    selection.read(record);
    return record.id;
  }
  sim::RecordId revoke(std::int64_t second, std::uint32_t id) {
    return say(second, domain::ChangeInvoked{ChangeKind::kTokenRevoked, kA, token(id)});
  }
  sim::RecordId put(std::int64_t second, std::uint32_t id, sim::RecordId cause = {}) {
    return say(second, domain::EntryPut{kDatabase, token(id), 0, kFirst, {}}, cause);
  }
};

TEST_CASE("a step belongs to a change by its causes, or by its object from then on") {
  Play play;
  const sim::RecordId before = play.put(0, 1);
  const sim::RecordId change = play.revoke(1, 1);
  const sim::RecordId row = play.put(2, 1, change);
  const sim::RecordId of_another = play.put(3, 2, row);
  const sim::RecordId later = play.put(4, 1);
  const sim::RecordId stranger = play.put(5, 3);
  const sim::RecordId embedded = play.say(6, domain::EntryPut{kCacheA, token(4), 0, kFirst, {}, {token(1), kFirst}});
  const TraceSelection& selection = play.selection;
  CHECK_FALSE(selection.find(before));
  CHECK_FALSE(selection.find(stranger));
  CHECK(selection.find(change) == 0U);
  REQUIRE(selection.find(of_another) == 2U);
  CHECK(selection.steps()[1].cause == 0U);
  CHECK(selection.steps()[2].cause == 1U);
  REQUIRE(selection.find(later) == 3U);
  CHECK_FALSE(selection.steps()[3].cause);
  CHECK(selection.find(embedded) == 4U);
}

TEST_CASE("of each kind four changes in each part of the run are shown, and all are counted") {
  Play play;
  for (std::uint32_t i = 0; i < 6; ++i) play.revoke(10, i);
  for (std::uint32_t i = 6; i < 8; ++i) play.revoke(11, i);
  play.say(11, domain::ChangeInvoked{ChangeKind::kTokenIssued, kA, token(9)});
  const auto& changes = play.selection.changes();
  CHECK(changes.at(ChangeKind::kTokenRevoked).all == 8);
  CHECK(changes.at(ChangeKind::kTokenRevoked).shown == 4 + 2);
  CHECK(changes.at(ChangeKind::kTokenIssued).shown == 1);
  CHECK(play.selection.steps().size() == 7);
}

TEST_CASE("a change has at most 64 steps, but always its end") {
  Play play;
  const sim::RecordId change = play.revoke(1, 1);
  for (int i = 0; i < 100; ++i) play.put(2, 1, change);
  play.say(3, domain::ChangeAcknowledged{ChangeKind::kTokenRevoked, kA, token(1), kFirst, at(1), sim::kNever}, change);
  CHECK(play.selection.steps().size() == 1 + 64 + 1);
  CHECK(play.selection.steps_left_out() == 36);
  CHECK(domain::kind_of(play.selection.steps().back().record.body) == domain::RecordKind::kChangeAcknowledged);
}

// 64 steps of a change, its beginning and its end make 66, so that 1,515 changes fit whole into 100,000 and leave room
// for 10 steps: one more that begins, with 9. Its end comes on top.
TEST_CASE("however long a run, a trace has at most so many steps") {
  TraceSelection selection{sim::seconds(256)};
  audit::Scribe scribe;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const sim::VirtualTime now = at(i / 8);
    const ChangeKind kind = i % 2 == 0 ? ChangeKind::kTokenRevoked : ChangeKind::kTokenIssued;
    const sim::Record change = scribe.write(now, domain::ChangeInvoked{kind, kA, token(i)});
    selection.read(change);
    for (int k = 0; k < 70; ++k) {
      selection.read(scribe.write(now, domain::EntryPut{kDatabase, token(i), 0, kFirst, {}}, change.id));
    }
    const domain::ChangeAcknowledged ack{kind, kA, token(i), kFirst, now, sim::kNever};
    selection.read(scribe.write(now, ack, change.id));
  }
  CHECK(selection.changes().at(ChangeKind::kTokenRevoked).shown == 758);
  CHECK(selection.changes().at(ChangeKind::kTokenIssued).shown == 758);
  CHECK(selection.changes().at(ChangeKind::kTokenIssued).all == 1'000);
  CHECK(selection.steps().size() == 100'001);
  CHECK(selection.steps_left_out() == 1'515 * 6 + 61);
}

TEST_CASE("counters have a power of two of seconds, and at most 4,096 values") {
  CHECK(Trace::interval_of(sim::seconds(1)) == sim::seconds(1));
  CHECK(Trace::interval_of(sim::seconds(4'095)) == sim::seconds(1));
  CHECK(Trace::interval_of(sim::seconds(4'096)) == sim::seconds(2));
  CHECK(Trace::interval_of(sim::minutes(60 * 24 * 30)) == sim::seconds(1'024));  // 2,592,000 s / 1,024 = 2,531.25
}

}  // namespace
}  // namespace parallax::scenarios
