#include "models/propagation/counters/profiles.h"

#include <array>

namespace parallax::propagation::counters {

using logic::throttling::Counts;
using logic::throttling::Measure;
using sim::microseconds;
using sim::milliseconds;
using sim::seconds;

namespace {

// Sources: HAProxy 2.6, src/freq_ctr.c, include/haproxy/freq_ctr.h (update_freq_ctr_period, freq_ctr_total).
CounterSpec haproxy(const Allowed& allowed, Counts counts) {
  CounterSpec spec;
  spec.tally.measure = Measure::kTwoPeriods;
  spec.tally.counts = counts;
  spec.tally.limit = allowed.limit;
  spec.tally.period = allowed.period;
  // now_ms; the lowest bit of curr_tick is its lock, so a period's start is even.
  spec.tally.clock_granule = milliseconds(1);
  spec.tally.start_granule = milliseconds(2);
  return spec;
}

// Sources: HAProxy 2.6, src/peers.c (peer_prepare_updatemsg: a counter travels as now_ms - curr_tick, curr_ctr,
// prev_ctr; peer_treat_updatemsg: it replaces what was there, its period begins that age before the receiver's now_ms),
// src/stick_table.c (stktable_touch_with_exp: who touches an entry wakes the sync task unless the entry already waits
// for it; learning an entry does not).
CounterSpec haproxy_peers(const Allowed& allowed, Counts counts) {
  CounterSpec spec = haproxy(allowed, counts);
  spec.sharing = Sharing::kLessons;
  // Counted between two 2.6.12 on one host: a request touches its entry three times (tracked, incremented, released),
  // admitted or not, and one update of 16 bytes leaves about 0.3 ms after it; each is answered by an acknowledgement of
  // 8 bytes (PEER_MSG_STKT_ACK).
  spec.exchange_delay = microseconds(300);
  spec.learning_time = microseconds(50);  // epoll and the applet's wake-up: our assumption
  spec.acknowledges = true;
  // Sockets are TCP_NODELAY: what the window lets through goes by itself. What waits shares packets of 1,448 bytes.
  spec.connection.messages_per_packet = 90;
  // PEER_HEARTBEAT_TIMEOUT 3 s, PEER_RECONNECT_TIMEOUT 5 s: closed if nothing came for between 5 and 10 s, then
  // connected anew after 50 to 2,050 ms. Its hello and the answer to it: two round trips.
  spec.connection.client_silence_timeout = spec.connection.server_silence_timeout = milliseconds(7'500);
  spec.connection.handshake_round_trips = 2;
  spec.reconnect_interval = seconds(1);
  return spec;
}

}  // namespace

CounterSpec haproxy_admitted(const Allowed& allowed) { return haproxy(allowed, Counts::kAdmitted); }
CounterSpec haproxy_offered(const Allowed& allowed) { return haproxy(allowed, Counts::kAll); }
CounterSpec haproxy_peers_admitted(const Allowed& allowed) { return haproxy_peers(allowed, Counts::kAdmitted); }
CounterSpec haproxy_peers_offered(const Allowed& allowed) { return haproxy_peers(allowed, Counts::kAll); }

// Source: express-rate-limit 8, source/memory-store.ts: a client's window begins anew with the first hit at or after
// its resetTime (Date, milliseconds); every hit counts; source/rate-limit.ts refuses if totalHits > limit.
CounterSpec express_memory(const Allowed& allowed) {
  CounterSpec spec;
  spec.tally = {Measure::kFromFirst, Counts::kAll, allowed.limit, allowed.period, milliseconds(1), milliseconds(1)};
  return spec;
}

// Source: rate-limit-redis, source/scripts.ts: one script does INCR and PTTL, and PEXPIRE windowMs if the key has no
// expiry yet. A store's error is passed on and fails the request (passOnStoreError is off).
CounterSpec express_redis(const Allowed& allowed) {
  CounterSpec spec = express_memory(allowed);
  spec.sharing = Sharing::kStore;
  // A request took 0.95 ms with the Redis next to it (Node.js 20, express 4, median): half of it each way.
  spec.way_to_store = microseconds(475);
  spec.without_store = WithoutStore::kRefused;
  // node-redis 4: RESP commands are written one by one, TCP_NODELAY; reconnects after min(50 ms x attempt, 500 ms).
  spec.connection.messages_per_packet = 10;
  spec.connection.handshake_round_trips = 2;
  spec.reconnect_interval = milliseconds(500);
  return spec;
}

// Sources: Redis 7.0 documentation, "Replication" (asynchronous, the master sends commands as it executes them);
// server.h (repl-timeout 60 s, ping every 10 s; a replica retries each second in replicationCron). Windows are part of
// the key, as in the documentation's rate limiter pattern of INCR.
CounterSpec redis_async(const Allowed& allowed) {
  CounterSpec spec;
  spec.sharing = Sharing::kCopies;
  spec.tally = {Measure::kAligned, Counts::kAdmitted, allowed.limit, allowed.period, milliseconds(1), milliseconds(1)};
  spec.exchange_delay = microseconds(100);  // one turn of the gateway's event loop: our assumption
  spec.connection.messages_per_packet = 20;
  spec.connection.client_silence_timeout = spec.connection.server_silence_timeout = seconds(60);
  spec.connection.handshake_round_trips = 3;  // TCP, PING and REPLCONF, PSYNC
  spec.reconnect_interval = seconds(1);
  return spec;
}

namespace {

constexpr std::array kProfiles{
    Profile{"haproxy_admitted", "HAProxy 2.6, gpc0_rate, each node by itself", haproxy_admitted},
    Profile{"haproxy_offered", "HAProxy 2.6, http_req_rate, each node by itself", haproxy_offered},
    Profile{"haproxy_peers_admitted", "HAProxy 2.6, gpc0_rate with peers; measured at 5 to 80 ms",
            haproxy_peers_admitted},
    Profile{"haproxy_peers_offered", "HAProxy 2.6, http_req_rate with peers; measured at 40 ms", haproxy_peers_offered},
    Profile{"express_memory", "express-rate-limit 8, memory store", express_memory},
    Profile{"express_redis", "express-rate-limit 8 with rate-limit-redis; measured at 40 and 80 ms", express_redis},
    Profile{"redis_async", "copies of a Redis counter, decided on locally; measured at 5 to 80 ms", redis_async},
};

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

const Profile* profile_named(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

}  // namespace parallax::propagation::counters
