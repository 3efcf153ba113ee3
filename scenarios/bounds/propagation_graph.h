// How a change gets about, as a graph: places that it reaches, and legs between them with the stages that the parts on
// the way declare. A bound is the instant of the earliest or the latest arrival at a place, over all ways, by
// arithmetic alone.
//
// At a place several legs may end: whichever comes first counts, the least over redundant ways. What waits for several
// others waits for one after the other, legs in a row. So the arrivals are those of Dijkstra's algorithm, and what lies
// only behind legs without a greatest delay is unbounded.
#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/declared_stage.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::bounds {

/// What a leg goes over, for who adds outages: a way between sites, or something at one.
struct Exposure {
  enum class Over : std::uint8_t {
    kNothing,   ///< what is there stays there, unless the disk is lost
    kSite,      ///< no way: a host alone
    kStream,    ///< a replication stream, which goes on where it was
    kQuestion,  ///< asked again until it is answered
    kEvents,    ///< a broker's, which may be lost
    kCopy,      ///< sent again until it is there
    kOnce,      ///< tried once
  };
  sim::SiteId from{};
  sim::SiteId to{};
  Over over{Over::kSite};
  sim::Duration again{};         ///< until it is tried again, after it has failed
  bool only_undisturbed{false};  ///< it counts only as long as nothing fails
};

class PropagationGraph {
 public:
  using Place = std::size_t;

  Place add(std::string name);
  void lead(Place from, Place to, domain::DeclaredStages stages, Exposure exposure);

  const std::string& name(Place place) const { return graph_[place].name; }
  std::size_t size() const { return boost::num_vertices(graph_); }

  struct Leg {
    Place from{0};
    Place to{0};
    domain::DeclaredStages stages{};
    Exposure exposure{};
  };
  const Leg& leg(std::size_t number) const { return legs_[number]; }
  const std::vector<Leg>& legs() const { return legs_; }

  struct Start {
    Place place;
    sim::Duration at;
  };
  /// How long a leg takes; nothing: there is no end to it.
  using Takes = std::function<std::optional<sim::Duration>(const Leg&)>;

  struct Arrival {
    std::optional<sim::Duration> at{};  ///< nothing: unbounded
    std::optional<std::size_t> by{};    ///< the leg that it came by; nothing at a start
  };
  /// By place.
  std::vector<Arrival> arrivals(const std::vector<Start>& starts, const Takes& takes) const;

  /// Numbers of the legs to `place`, from the start on. Requires: it has an arrival.
  std::vector<std::size_t> way_to(Place place, const std::vector<Arrival>& arrivals) const;

  /// All legs from which `place` can be reached.
  std::vector<std::size_t> legs_to(Place place) const;

  /// Legs on the ways to `place` at whose beginning something has arrived, and at whose end nothing has: the first is
  /// the nearest to it.
  std::vector<std::size_t> unreached_legs_to(Place place, const std::vector<Arrival>& arrivals) const;

 private:
  struct Vertex {
    std::string name;
  };
  struct Edge {
    std::size_t leg{0};
  };
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex, Edge>;

  void walk_back(Place place, const std::function<bool(std::size_t leg)>& goes_on) const;

  Graph graph_;
  std::vector<Leg> legs_;
};

}  // namespace parallax::bounds
