// Replication as real products do it, as parameters of a stream. Each number and each behaviour has its source in
// profiles.cpp. What a profile leaves open is a scenario's to say.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "models/propagation/replication/spec.h"

namespace parallax::propagation::replication {

struct Profile {
  std::string_view name;
  std::string_view source;
  StreamSpec (*spec)();
};

/// Rows are shipped at the commit and the later of two versions wins: no product, but what the others are compared
/// with.
StreamSpec last_writer_wins();

/// PostgreSQL 15's logical replication with a row filter on an origin column in both publications.
StreamSpec postgresql_logical();

/// Oracle GoldenGate 12c, classic Replicat, EXCLUDETAG set, everything else at its default.
StreamSpec goldengate();

/// BDR 0.9 and 1.0 for PostgreSQL 9.4.
StreamSpec bdr();

/// Redis 7: a replica that follows a master. No database of an API manager, so not among profiles(): token stores and
/// counters.
StreamSpec redis();

std::span<const Profile> profiles();

/// Nothing if there is none of that name.
std::optional<StreamSpec> profile_named(std::string_view name);

}  // namespace parallax::propagation::replication
