// Who is in the cluster, as one side sees it (Hazelcast 3.x). Sides tell each other of a heartbeat interval that they
// live. The first side of a view is its master: it removes whoever it has not heard for too long, and the others adopt
// its view; they themselves watch the master alone, and the next one takes its place. So a cut splits the cluster: each
// half goes on with what it has. Calls to the other half stall until then, or until their own time-out.
//
//   cut        last heartbeat + most_without_heartbeat       heal    the smaller half's next run
//   |-- calls stall --|------------- two clusters -----------|-------------|--- one ---
//
// After the heal nobody notices by itself: the master of each half looks for others at fixed intervals. The half with
// fewer members joins the larger one; of two that are alike the one with the younger first side, where Hazelcast
// compares hashes. It pauses, sets aside what its members own, forgets the rest, is taken in, gets the partitions that
// it is to own, and merges in what it has set aside (docs.hazelcast.org, Split-Brain Recovery).
//
// Stages: link_down [0, most_without_heartbeat + heartbeat_interval] until calls go elsewhere.
#pragma once

#include <cstdint>
#include <map>

#include "models/propagation/caches/side.h"
#include "sim/site.h"

namespace parallax::propagation::caches {

class Membership {
 public:
  /// `phases`: when within their intervals heartbeats and looks for other halves come: hosts start at different
  /// moments.
  struct Phases {
    sim::Duration heartbeat;
    sim::Duration merge;
  };
  Membership(Side& side, const Phases& phases) : side_{side}, phases_{phases} {}
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  // Before the run.
  void join(Membership& other) { others_[other.side_.id()] = &other; }
  void start();

  // What happens to its hosts, told after their power knows; after its side was told.
  void lost() { ++life_; }
  void restored();

 private:
  enum class Youth : std::uint8_t { kSettled, kNew };

  void begin();
  void beat();
  void remove_silent();
  bool is_silent(SideId side) const;
  void send_heartbeats();
  void hear(SideId from, SideSet view);
  void adopt(SideSet view);

  void look_for_others();
  void look_again_later(sim::Duration delay);
  void be_looked_at(SideId by);
  void see(SideId other, SideSet its_view);
  bool should_join(SideSet other) const;
  void merge_into(SideId target);
  void admit(SideId side);

  bool is_master() const { return side_.view().first() == side_.id(); }
  template <typename Callable>
  void after(sim::Duration delay, Callable callable);

  Side& side_;
  Phases phases_;
  std::map<SideId, Membership*> others_;
  std::map<SideId, sim::VirtualTime> heard_;
  Youth youth_{Youth::kSettled};
  SideId target_{};  ///< while it joins: of the other half
  std::uint32_t joins_{0};
  std::uint32_t life_{0};
};

}  // namespace parallax::propagation::caches
