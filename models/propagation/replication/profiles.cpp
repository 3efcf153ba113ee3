#include "models/propagation/replication/profiles.h"

#include <array>

namespace parallax::propagation::replication {

using sim::microseconds;
using sim::milliseconds;
using sim::seconds;

StreamSpec last_writer_wins() {
  StreamSpec spec;
  spec.rules.insert_insert = Resolution::kLatest;
  spec.rules.update_update = Resolution::kLatest;
  return spec;
}

// Sources: PostgreSQL 15.18's documentation and src/backend/replication/logical (worker.c, launcher.c, walsender.c);
// measurements of it at delays of 0 to 80 ms, 2026-11.
StreamSpec postgresql_logical() {
  StreamSpec spec;
  // Commit to visible took 0.5 ms at no delay, decoding and apply together; 280 rows that had waited were there within
  // 4 ms.
  spec.capture_delay = microseconds(450);
  spec.apply_time = microseconds(15);
  spec.apply_batch = 1;  // the apply worker commits each transaction by itself
  // pgoutput sends Begin, each change and Commit one by one and a keepalive after (walsender.c, WalSndWaitForWal);
  // acknowledgements share the way. Six were counted a transaction; what its visibility waits for behaves as five.
  spec.transaction_packets = 5;
  spec.forwarding = Forwarding::kOwn;
  // ApplyWorkerMain: synchronous_commit is the subscription's, off by default.
  spec.flushed_by_wal_writer = true;

  // "Conflicts": an insert that violates a unique key stops the apply; an update is applied even if the row was changed
  // meanwhile; a missing row is skipped. worker.c sets session_replication_role = replica: neither foreign keys nor
  // ordinary triggers fire.
  spec.rules.firing = {false, false, false};
  spec.rules.insert_insert = Resolution::kStop;
  spec.rules.update_update = Resolution::kOverwrite;
  spec.rules.update_missing = Resolution::kDiscard;
  spec.rules.delete_changed = Resolution::kOverwrite;
  spec.rules.delete_missing = Resolution::kDiscard;

  // launcher.c: a worker that has ended is started again at once if the last start is more than
  // wal_retrieve_retry_interval (5 s) ago, else after that; for ever.
  spec.retry = {seconds(5), true, 0, {}};
  spec.reconnect_interval = seconds(5);
  spec.target_connects = true;
  // What had to wait shares packets; the walsender's keepalives are acknowledged late, some 10 ms on average.
  spec.connection.messages_per_packet = 6;
  spec.connection.acknowledgement_delay = milliseconds(10);
  // From the start of a worker until the first change has come to it took six round trips: connecting, authentication
  // and identification five, the start of replication and its first answer the last.
  spec.connection.handshake_round_trips = 5;
  spec.connection.client_silence_timeout = seconds(60);  // wal_receiver_timeout
  spec.connection.server_silence_timeout = seconds(60);  // wal_sender_timeout
  spec.copy_time = microseconds(20);                     // COPY of narrow rows: our assumption
  return spec;
}

// Sources: Oracle GoldenGate Reference and Administering guides, 12.1.2 to 12.3; the installation guide's chapter on
// nonintegrated Replicat.
StreamSpec goldengate() {
  StreamSpec spec;
  // EOFDELAY 1 s, for the data pump and for Replicat each; Extract's own poll and FLUSHSECS (1 s) come on top where the
  // capture is classic: the whole of it is between two and five such waits, and two are modelled.
  spec.ship_interval = seconds(1);
  spec.apply_interval = seconds(1);
  spec.keeps = Keeps::kTrail;
  spec.apply_batch = 1'000;             // GROUPTRANSOPS
  spec.apply_time = microseconds(200);  // no published rate; support notes say hundreds to thousands a second
  spec.forwarding = Forwarding::kOwn;   // TRANLOGOPTIONS EXCLUDETAG 00, which has to be set
  spec.ships_truncations = false;       // IGNORETRUNCATES

  // REPERROR: any error abends. Replicat looks rows up by the key alone, so an update of a changed row is applied; a
  // row that is not there is ORA-01403. Foreign keys are checked and cascade at the target; trigger bodies are kept
  // from firing since 11.2.0.2 (SUPPRESSTRIGGERS).
  spec.rules.firing = {true, false, true};
  spec.rules.insert_insert = Resolution::kStop;
  spec.rules.update_update = Resolution::kOverwrite;
  spec.rules.update_missing = Resolution::kStop;
  spec.rules.delete_changed = Resolution::kOverwrite;
  spec.rules.delete_missing = Resolution::kStop;

  // Manager's AUTORESTART is off by default; where it is set, RETRIES 2 means three starts, WAITMINUTES 2 apart.
  spec.retry = {sim::minutes(2), false, 3, {}};
  spec.target_connects = false;           // the pump connects to the collector
  spec.reconnect_interval = seconds(10);  // TCPERRS, ECONNREFUSED: 10 s
  spec.copy_time = microseconds(20);      // initial load: our assumption
  return spec;
}

// Sources: BDR manual (conflicts, settings, DDL replication, sequences), bdr_apply.c, bdr.c, bdr.h, bdr_perdb.c.
StreamSpec bdr() {
  StreamSpec spec = postgresql_logical();
  // Full mesh; what came from another node is not passed on.
  spec.flushed_by_wal_writer = false;
  // The later commit by the clock of its origin (track_commit_timestamp) wins an insert on one key and an update; a
  // deletion is applied whatever the row says; missing rows are discarded. Several keys at once stop the apply.
  spec.rules.insert_insert = Resolution::kLatest;
  spec.rules.update_update = Resolution::kLatest;
  spec.rules.update_missing = Resolution::kDiscard;
  spec.rules.delete_changed = Resolution::kOverwrite;
  spec.rules.delete_missing = Resolution::kDiscard;
  spec.retry = {seconds(5), false, 0, {}};  // bdr_perdb.c, bgw_restart_time 5
  spec.ships_definitions = true;            // deparsed commands are queued and replayed
  return spec;
}

// Sources: Redis 7.0.15, redis.conf and replication.c; measured at delays of 40 and 80 ms, 2026-11.
StreamSpec redis() {
  StreamSpec spec;
  // The command is in the replica's output buffer when the client has its reply, and goes out with the same turn of the
  // event loop; the replica executes it as it arrives. No delay was measured beyond the way's.
  spec.capture_delay = {};
  spec.apply_time = microseconds(5);
  spec.apply_batch = 1;
  spec.transaction_packets = 1;
  spec.forwarding = Forwarding::kNotToOrigin;
  // A replica takes what its master says.
  spec.rules.firing = {false, false, false};
  spec.rules.insert_insert = Resolution::kOverwrite;
  spec.rules.update_update = Resolution::kOverwrite;
  spec.rules.update_missing = Resolution::kOverwrite;
  spec.rules.delete_changed = Resolution::kOverwrite;
  spec.rules.delete_missing = Resolution::kDiscard;
  spec.retry = {seconds(1), false, 0, {}};
  // replicationCron runs once a second: it connects again, PING, then REPLCONF together, then PSYNC, a round trip each.
  // The backlog is the log from which it goes on.
  spec.target_connects = true;
  spec.reconnect_interval = seconds(1);
  spec.connection.handshake_round_trips = 4;
  spec.connection.client_silence_timeout = seconds(60);  // repl-timeout
  spec.connection.server_silence_timeout = seconds(60);
  spec.connection.messages_per_packet = 17;  // SET and PUBLISH of a short key are some 80 bytes
  spec.copy_time = microseconds(2);          // RDB of small values: our assumption
  return spec;
}

namespace {

constexpr std::array kProfiles{
    Profile{"last_writer_wins", "no product: the later commit wins without a delay but the way", last_writer_wins},
    Profile{"postgresql_logical", "PostgreSQL 15, logical replication; measured at 0 to 80 ms", postgresql_logical},
    Profile{"goldengate", "Oracle GoldenGate 12c, classic Replicat, defaults and EXCLUDETAG", goldengate},
    Profile{"bdr", "BDR 0.9 and 1.0 for PostgreSQL 9.4", bdr},
};

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

std::optional<StreamSpec> profile_named(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return profile.spec();
  }
  return std::nullopt;
}

}  // namespace parallax::propagation::replication
