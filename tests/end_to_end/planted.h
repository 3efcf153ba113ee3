// Runs with something planted against the same without, on common random numbers: what is written, called and cached is
// the same in both, up to what was planted.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {

using Overrides = std::vector<std::string>;

/// Data centers dc1 and dc2 with one node each, a link of 40 ms between them, and callers next to each.
inline std::string pair_of_sites(const std::string& one, const std::string& two, const std::string& rest) {
  return "name: \"planted\" duration: \"30m\"\n"
         "sites { name: \"dc1\" nodes: \"node-1\" " +
         one + " }\nsites { name: \"dc2\" nodes: \"node-1\" " + two +
         " }\n"
         "regions { name: \"near dc1\" prefers: \"dc1\" }\n"
         "regions { name: \"near dc2\" prefers: \"dc2\" }\n"
         "links { from: \"dc1\" to: \"dc2\" delay { constant: \"40ms\" } }\n"
         "links { from: \"near dc1\" to: \"dc1\" delay { constant: \"5ms\" } }\n"
         "links { from: \"near dc2\" to: \"dc2\" delay { constant: \"5ms\" } }\n" +
         rest + "\n";
}

/// Tokens live on, so that none is issued anew: which are revoked is the same whatever breaks.
inline const std::string kLongLived = "token_validity: \"10d\"";

/// Tokens are revoked in dc1, and used in both.
inline const std::string kRevocationsInOne =
    "catalog { apis: 20 applications: 50 tokens: 400 }\n"
    "workload {\n"
    "populations { name: \"one\" region: \"near dc1\" rate: \"10/s\" token_popularity: 0 }\n"
    "populations { name: \"two\" region: \"near dc2\" rate: \"10/s\" token_popularity: 0 }\n"
    "writes { name: \"r\" site: \"dc1\" from: \"1m\" until: \"20m\" revoke_tokens { rate: \"10/m\" } }\n"
    "}\n";

/// Replicas of opaque tokens without a cache in front of them. `more`: of the stream, which looks every second for what
/// it lacks.
inline std::string replicas(const std::string& faults, const std::string& more = "transport: \"datagram\"") {
  const std::string uncached = "gateway { token_cache { enabled: false } } key_manager { " + kLongLived + " }";
  return pair_of_sites(
      uncached, uncached,
      "replications { from: \"dc1\" to: \"dc2\" ship_interval: \"0s\" apply_interval: \"0s\" retry_interval: \"1s\" " +
          more + " }\n" + kRevocationsInOne + faults);
}

/// Gateways of JWTs, which hear of revocations by brokers; `bridge`: of the ways between the two.
inline std::string listeners(const std::string& faults, const std::string& bridge = "when_down: \"retry\"") {
  const std::string signed_tokens = "key_manager { tokens: \"jwt\" " + kLongLived + " } events {}";
  return pair_of_sites(signed_tokens, signed_tokens,
                       "replications { from: \"dc1\" to: \"dc2\" ship_interval: \"0s\" apply_interval: \"0s\" }\n"
                       "bridges { from: \"dc1\" to: \"dc2\" " +
                           bridge + " }\nbridges { from: \"dc2\" to: \"dc1\" " + bridge + " }\n" + kRevocationsInOne +
                           faults);
}

/// `source`: the text of a scenario, or the folder and name of one of the library.
inline Rehearsal rehearse_source(const std::string& source, const Overrides& overrides) {
  if (!source.starts_with("name:")) return rehearse_library(source, 1, overrides);
  return rehearse(scenarios::load_text("planted", source, overrides), 1);
}

inline Overrides both(Overrides one, const Overrides& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

inline std::map<domain::Stage, sim::Duration> spent(const audit::WindowFinding& window) {
  std::map<domain::Stage, sim::Duration> lengths;
  for (const audit::Piece& piece : window.pieces) lengths[piece.stage] += piece.length;
  return lengths;
}

/// The windows of one kind of change, as observers of one data center see them, that both runs have.
struct PairedWindow {
  audit::WindowFinding without;
  audit::WindowFinding with;
};

inline std::vector<PairedWindow> paired(const Rehearsal& without, const Rehearsal& with, domain::ChangeKind change,
                                        const std::string& observers) {
  const auto key = [](const audit::WindowFinding& window) {
    return std::tuple{window.object.packed, window.start.ns, domain::index(window.observer)};
  };
  const auto is_meant = [&](const Rehearsal& run, const audit::WindowFinding& window) {
    return window.change == change && run.site_of(window.observer) == run.site(observers);
  };
  std::map<std::tuple<std::uint32_t, std::int64_t, std::size_t>, const audit::WindowFinding*> known;
  for (const audit::WindowFinding& window : without.findings.windows) {
    if (is_meant(without, window)) known[key(window)] = &window;
  }
  std::vector<PairedWindow> pairs;
  for (const audit::WindowFinding& window : with.findings.windows) {
    if (!is_meant(with, window)) continue;
    if (const auto found = known.find(key(window)); found != known.end()) pairs.push_back({*found->second, window});
  }
  return pairs;
}

}  // namespace parallax::test
