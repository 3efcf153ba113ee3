#include "models/audit/replicas.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::DatabaseKind;
using domain::StreamChange;
constexpr domain::SiteId kWest{1};

class Streams {
 public:
  void say(std::int64_t second, DatabaseKind kind, StreamChange change, std::uint64_t waiting) {
    replicas_.stream_changed(scribe_.write(at(second), domain::StreamChanged{kDatabase, kWest, change, waiting, kind}));
  }
  ReplicationFinding finish() {
    Findings findings;
    replicas_.finish(at(100), findings);
    return findings.replication;
  }

 private:
  domain::Catalog catalog_{one_of_each()};
  Setup setup_{two_nodes(catalog_)};
  Scribe scribe_;
  Replicas replicas_{setup_};
};

// The API database stands still in [10, 40) with one retry, the statistics database from 20 on with two: 30 s and 80 s.
TEST_CASE("streams of two databases between the same sites stop and go on each for itself") {
  Streams streams;
  streams.say(10, DatabaseKind::kApi, StreamChange::kStopped, 3);
  streams.say(20, DatabaseKind::kStatistics, StreamChange::kStopped, 50);
  streams.say(25, DatabaseKind::kStatistics, StreamChange::kRetried, 60);
  streams.say(30, DatabaseKind::kApi, StreamChange::kRetried, 5);
  streams.say(35, DatabaseKind::kStatistics, StreamChange::kRetried, 70);
  streams.say(35, DatabaseKind::kStatistics, StreamChange::kGivenUp, 70);
  streams.say(40, DatabaseKind::kApi, StreamChange::kResumed, 0);
  const ReplicationFinding found = streams.finish();
  CHECK(found.stopped == sim::seconds(30 + 80));
  REQUIRE(found.stops.size() == 2);
  const StopFinding& api = found.stops[0];
  CHECK(api.kind == DatabaseKind::kApi);
  CHECK(api.ended == at(40));
  CHECK(api.retries == 1);
  CHECK(api.waiting == 5);
  CHECK_FALSE(api.given_up);
  CHECK_FALSE(api.is_open);
  const StopFinding& statistics = found.stops[1];
  CHECK(statistics.kind == DatabaseKind::kStatistics);
  CHECK(statistics.began == at(20));
  CHECK(statistics.retries == 2);
  CHECK(statistics.waiting == 70);
  CHECK(statistics.given_up);
  CHECK(statistics.is_open);
}

}  // namespace
}  // namespace parallax::audit
