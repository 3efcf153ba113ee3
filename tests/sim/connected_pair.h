// A client and a server with one modelled TCP connection between them. Unless a test says otherwise each way takes 40
// ms and timers are exact, so SRTT = 80 ms and the time-out is 280 ms.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/connection.h"
#include "sim/simulation.h"

namespace parallax::sim::connected_pair {

inline constexpr SiteId kClient{0};
inline constexpr SiteId kServer{1};
inline constexpr LinkId kThere{0};
inline constexpr LinkId kBack{1};

inline VirtualTime at_ms(std::int64_t ms) { return VirtualTime{} + milliseconds(ms); }
inline std::int64_t ms_of(VirtualTime t) { return t.ns / 1'000'000; }

struct Listener final : ConnectionListener {
  explicit Listener(Site& where) : site{where} {}
  void opened() override { opens.push_back(ms_of(site.now())); }
  void closed(Closed reason) override { closes.emplace_back(ms_of(site.now()), reason); }

  Site& site;
  std::vector<std::int64_t> opens;
  std::vector<std::pair<std::int64_t, Closed>> closes;
};

using Closes = std::vector<std::pair<std::int64_t, Closed>>;
using Arrivals = std::vector<std::pair<std::int64_t, int>>;  // ms, number

inline ConnectionSpec exact() {
  ConnectionSpec spec;
  spec.tick = {};
  return spec;
}

/// One fault, which may cut either way.
struct Cut {
  LinkId link;
  std::int64_t from;
  std::int64_t until;
};

struct World {
  explicit World(const ConnectionSpec& spec = exact(), const std::vector<Cut>& cuts = {},
                 const Distribution& delay = Distribution::constant(milliseconds(40)), double loss = 0,
                 const std::vector<Refusal>& refusals = {})
      : simulation{spec_of(cuts, delay, loss, refusals)},
        connection{simulation.site(kClient), simulation.site(kServer), "connection", spec, at_client, at_server} {}

  static SimulationSpec spec_of(const std::vector<Cut>& cuts, const Distribution& delay, double loss,
                                const std::vector<Refusal>& refusals = {}) {
    SimulationSpec spec{.seed = 1,
                        .sites = {"client", "server"},
                        .links = {{kClient, kServer, delay, loss}, {kServer, kClient, delay, loss}},
                        .outages = {},
                        .faults = 1};
    spec.refusals = refusals;
    for (const Refusal& refusal : refusals) spec.faults = std::max(spec.faults, refusal.fault + 1);
    for (const Cut& cut : cuts) spec.outages.push_back({cut.link, at_ms(cut.from), at_ms(cut.until), 0});
    return spec;
  }

  ConnectionEnd& client() { return connection.client(); }
  ConnectionEnd& server() { return connection.server(); }

  template <typename Callable>
  void client_at(std::int64_t ms, Callable what) {
    simulation.site(kClient).at(at_ms(ms), what);
  }
  template <typename Callable>
  void server_at(std::int64_t ms, Callable what) {
    simulation.site(kServer).at(at_ms(ms), what);
  }

  void connect_at(std::int64_t ms) {
    client_at(ms, [this] { client().connect(); });
  }
  void send_at(std::int64_t ms, int number, std::uint32_t packets = 1) {
    client_at(ms, [this, number, packets] {
      client().send([this, number] { arrived.emplace_back(ms_of(simulation.site(kServer).now()), number); }, packets);
    });
  }
  void answer_at(std::int64_t ms, int number) {
    server_at(ms, [this, number] {
      server().send([this, number] { answered.emplace_back(ms_of(simulation.site(kClient).now()), number); });
    });
  }
  void run(std::int64_t until) { simulation.run(at_ms(until)); }

  /// What the fault has kept from being sent by then.
  std::uint64_t kept_back_until(std::int64_t ms) {
    run(ms);
    return simulation.touched()[0];
  }

  Simulation simulation;
  Listener at_client{simulation.site(kClient)};
  Listener at_server{simulation.site(kServer)};
  Connection connection;
  Arrivals arrived;   ///< at the server
  Arrivals answered;  ///< at the client
};

inline std::vector<Cut> both_ways(std::int64_t from, std::int64_t until) {
  return {{kThere, from, until}, {kBack, from, until}};
}

}  // namespace parallax::sim::connected_pair
