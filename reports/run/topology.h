// Where things stand in the drawing of a deployment: data centers on an ellipse, the regions beside the site that they
// prefer, lines between them. Numbers only; section_topology.cpp draws them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/schema/scenario.pb.h"

namespace parallax::reports {

struct Point {
  double x{0};
  double y{0};
};

/// By a root, which is the same on every CPU, as std::hypot need not be.
double distance(Point a, Point b);

struct Box {
  double x{0};  ///< left
  double y{0};  ///< top
  double width{0};
  double height{0};

  Point centre() const { return {x + width / 2, y + height / 2}; }
};

/// Whether they come nearer to each other than `gap`.
bool overlap(const Box& a, const Box& b, double gap);

/// A line with words on it; the words have no place if every place is taken.
struct Wire {
  enum class Kind { kLink, kReplication, kAccess } kind{Kind::kLink};
  Point from;
  Point to;
  std::string words;
  Box label;               ///< width 0: no room
  std::string one, other;  ///< the names of its ends
  enum class Arrow { kNone, kTo, kBoth } arrow{Arrow::kNone};
  Point outward{};  ///< away from the wire that runs beside it: of length 1, or 0 without one
};

struct Placed {
  std::string name;
  Box box;
};

struct Drawing {
  double width{0};
  double height{0};
  std::vector<Placed> sites;    ///< in the scenario's order
  std::vector<Placed> regions;  ///< in the scenario's order
  std::vector<Wire> wires;
};

/// For a wide screen, or for a phone: there up to four sites fit.
enum class Room { kWide, kNarrow };

/// Height of a data center's box, for what is written into it.
Drawing lay_out(const schema::Scenario& scenario, Room room);

}  // namespace parallax::reports
