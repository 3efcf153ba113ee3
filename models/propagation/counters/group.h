// Limiters of several sites that count the same requests, wired as their spec says.
//
//   Group group{haproxy_stick_table_peers({.limit = 20, .period = sim::seconds(2)}), {{dc1, asker1}, {dc2, asker2}}};
//   group.start();                      // before the run
//   group.limiter(0).ask(key, number);  // at its site
//
// A store, or the counter that the others have copies of, is at the first site.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/propagation/counters/line.h"
#include "models/propagation/counters/spec.h"
#include "models/propagation/counters/store.h"
#include "sim/site.h"

namespace parallax::propagation::counters {

/// Must outlive the run.
class Group {
 public:
  struct Node {
    sim::Site& site;
    Asker& asker;
  };

  /// `name`: of its random streams, distinct among groups. Requires: at least one node; kCopies counts in aligned
  /// windows, for what is told comes late.
  Group(const std::string& name, const CounterSpec& spec, const std::vector<Node>& nodes);
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  /// Before the run.
  void start();

  std::size_t size() const { return limiters_.size(); }
  Limiter& limiter(std::size_t node) { return *limiters_[node]; }

 private:
  void build_independent();
  void build_store();
  void build_copies();
  void build_lessons();
  Line& add_line(std::size_t client, std::size_t server, const std::string& what, Line::Owner at_client,
                 Line::Owner at_server);

  std::string name_;
  CounterSpec spec_;
  std::vector<Node> nodes_;
  std::unique_ptr<Store> store_;
  std::vector<std::unique_ptr<Limiter>> limiters_;
  std::vector<std::unique_ptr<Line>> lines_;
};

}  // namespace parallax::propagation::counters
