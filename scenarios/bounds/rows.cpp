// The row's way from the database where it is committed to the others.
#include "models/propagation/access/declared_stages.h"
#include "models/propagation/replication/declared_stages.h"
#include "scenarios/bounds/spreading.h"

namespace parallax::bounds {

using domain::DeclaredStage;
using domain::DeclaredStages;
using propagation::replication::Forwarding;
using sim::SiteId;

namespace {

constexpr std::string_view kJoinsLater = "the replica joins during the run, with an image";

// A filter by data center lets through what another has written only where a table has no such column.
bool carries(const world::ReplicationConfig& stream, SiteId home) {
  if (stream.from == home) return true;
  switch (stream.spec.forwarding) {
    case Forwarding::kOwn:
      return false;
    case Forwarding::kNotToOrigin:
      return stream.to != home;
    case Forwarding::kDataCenter:
    case Forwarding::kEverything:
      return true;
  }
  return true;
}

sim::Duration silence_of(const sim::ConnectionSpec& connection) {
  return std::max(connection.client_silence_timeout, connection.server_silence_timeout);
}

}  // namespace

void Spreading::build_rows() {
  const SiteId home = map_.database_of(writer_.place.site);
  for (std::size_t i = 0; i < map_.config().sites.size(); ++i) {
    rows_.push_back(graph_.add("database of " + map_.config().sites[i].name));
  }
  graph_.lead(committed_, rows_[sim::index(home)], {}, {home, home, Exposure::Over::kNothing});
  for (const world::ReplicationConfig& stream : map_.config().replications) {
    if (!carries(stream, home)) continue;
    const auto& spec = stream.spec;
    DeclaredStages stages = declared_stages(spec, map_.ways().between(stream.from, stream.to));
    if (stream.from != home) {
      for (const DeclaredStage& relay : declared_relay(spec)) stages.push_back(relay);
    }
    const bool may_leave_out = stream.from != home && spec.forwarding == Forwarding::kDataCenter;
    if (stream.starts > sim::VirtualTime{} || may_leave_out) {
      stages.push_back(domain::stage_without_end(domain::Stage::kReplicationLag, kJoinsLater));
    }
    const sim::Duration again = silence_of(spec.connection) + spec.reconnect_interval + spec.retry.interval;
    graph_.lead(rows_[sim::index(stream.from)], rows_[sim::index(stream.to)], std::move(stages),
                {stream.from, stream.to, Exposure::Over::kStream, again});
  }
}

DeclaredStage Spreading::answer_of(SiteId asked, SiteId by) const {
  if (asked == by) return propagation::declared_answer(map_.site(by).database);
  const bool is_validation = map_.site(by).validates_at == asked;
  propagation::ConnectionPoolSpec pool = map_.site(by).connections;
  if (is_validation) {
    pool = map_.site(by).validation_connections;
    pool.service_time = map_.site(asked).database.access_time;
  }
  return propagation::declared_answer(pool, map_.ways().between(asked, by));
}

Exposure Spreading::exposure_of_answer(SiteId asked, SiteId by) const {
  return {asked, by, asked == by ? Exposure::Over::kSite : Exposure::Over::kQuestion,
          map_.site(by).connections.longest_wait};
}

}  // namespace parallax::bounds
