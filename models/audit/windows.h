// State windows (design section 2): for each acknowledged change and each observer, from the acknowledgement to the
// last instant at which the observer would decide on an older version. Zero if it never would.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "models/audit/barriers.h"
#include "models/audit/change_index.h"
#include "models/audit/discards.h"
#include "models/audit/findings.h"
#include "models/audit/holdings.h"
#include "models/audit/journeys.h"
#include "models/audit/lost_events.h"
#include "models/audit/setup.h"
#include "models/audit/starts.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::audit {

class Windows {
 public:
  explicit Windows(const Setup& setup);

  /// An entry for this object is going to be put or dropped.
  void fetch(domain::LayerId layer, domain::ObjectRef object) const {
    holdings_.fetch(layer, object);
    changes_of_.fetch(object);
  }

  void invoked(const sim::Record& record);
  void acknowledged(const sim::Record& record);
  void put(const sim::Record& record);
  void dropped(const sim::Record& record);
  void hop(const sim::Record& record);
  void event_lost(const sim::Record& record) { lost_events_.add(domain::EventLost::unpack(record.body), record.cause); }

  void conflict(const sim::Record& record) { discards_.add(record, journeys_); }

  void stream_changed(const sim::Record& record) {
    barriers_.stream_changed(domain::StreamChanged::unpack(record.body), record.time);
  }

  /// Nobody decides anything in a site that is lost: its observers' windows pause until it is ready again, and go on
  /// only if what it then knows is still old.
  void site_changed(const sim::Record& record);
  /// The same of one node.
  void node_changed(const sim::Record& record);

  struct Blamed {
    domain::ChangeKind change;
    domain::NodeId writer;
  };
  /// A decision at `observer`, wrong because it rested on version `used` of `object`. Returns the change it ignored;
  /// nothing if no acknowledged change is newer.
  std::optional<Blamed> blame(domain::NodeId observer, domain::ObjectRef object, domain::Version used,
                              sim::VirtualTime now, DecisionError error);
  /// The same of a refusal for an API that the observer has lost and not put up again; false if it has not.
  bool blame_start(domain::NodeId observer, domain::ObjectRef object, sim::VirtualTime now);

  /// The version of `object` that `observer` goes by.
  domain::Version version(domain::NodeId observer, domain::ObjectRef object) const {
    return holdings_.version(observer, object);
  }

  /// As of the last record that was read.
  const Holdings& holdings() const { return holdings_; }

  /// Closes all windows at the end of the run and charges the wrong decisions to their stages.
  void finish(sim::VirtualTime end, Findings& findings);

 private:
  struct WrongDecision {
    sim::VirtualTime time;
    DecisionError error;
  };
  enum class Sight : std::uint8_t { kFresh, kStale };
  struct Observation {
    Sight sight{Sight::kFresh};
    std::optional<sim::VirtualTime> first_visible;
    sim::VirtualTime last_stale;  ///< end of the window so far
    std::vector<Piece> pieces;
    std::vector<WrongDecision> wrong;
  };
  struct Change {
    sim::RecordId id;
    domain::ChangeAcknowledged what;
    sim::VirtualTime time;
    std::vector<Observation> observations;  ///< by NodeId
    std::size_t stale{0};                   ///< observers that are, now
    struct Arrival {
      domain::LayerId replica;
      Step step;
    };
    sim::RecordId invoked{};          ///< the record of its invocation
    bool taken_back{false};           ///< by a replica that had it
    std::vector<Arrival> arrivals{};  ///< the first row as new as this, of each replica
  };

  /// The entry of this record is gone. Where others may have a copy of it its journey is a part of theirs.
  void forget(sim::RecordId put) {
    if (put.exists() && !setup_.has_shared_caches) journeys_.remove(put);
  }
  /// `put`: the version that a layer holds from now on; nothing if it has dropped one.
  void refresh(domain::LayerId layer, domain::ObjectRef object, const Step& step, std::optional<domain::Version> put);
  bool is_meant_for(const Change& change, domain::NodeId observer) const;
  bool is_stale(const Change& change, domain::NodeId observer) const;
  /// An API's files at a gateway.
  bool is_artifact(domain::LayerId layer, domain::ObjectRef object) const;
  /// The gateway whose files these are.
  domain::NodeId owner(domain::LayerId artifacts) const { return observers_of_[domain::index(artifacts)].front(); }
  void presence_changed(const std::vector<domain::NodeId>& nodes, domain::SiteChange change, const sim::Record& record);
  void lost(domain::NodeId node, sim::VirtualTime now);
  void ready(domain::NodeId node, sim::VirtualTime now);
  void count_losses(Findings& findings) const;
  void observe(Change& change, domain::NodeId observer, const Step& step);
  /// What it was before.
  static Sight set_sight(Change& change, domain::NodeId observer, Sight sight);
  bool is_replica(domain::LayerId layer) const { return is_replica_[domain::index(layer)] != 0; }
  void take_back(const domain::EntryPut& entry);
  void arrived(Change& change, domain::LayerId layer, const Step& step) const;
  /// While it was away an observer was kept from the change by that alone.
  void charge_absences(const Change& change, domain::NodeId observer, std::vector<Piece>& pieces) const;
  std::optional<Step> row_after(const Change& change, domain::LayerId replica, sim::VirtualTime read) const;
  void explain_discard(const Change& change, domain::NodeId observer, std::vector<Piece>& pieces) const;
  void explain_stale_read(const Change& change, domain::NodeId observer, std::vector<Piece>& pieces) const;
  void explain_old_answer(const Change& change, const std::optional<Holdings::Deciding>& deciding,
                          std::vector<Piece>& pieces) const;
  void explain_loss(const Change& change, domain::NodeId observer, std::vector<Piece>& pieces) const;
  void explain_barrier(const Change& change, domain::NodeId observer, sim::VirtualTime end,
                       std::vector<Piece>& pieces) const;
  WindowFinding close(Change& change, domain::NodeId observer, sim::VirtualTime end);
  std::vector<Piece> pieces_while_open(const Change& change, domain::NodeId observer, sim::VirtualTime end) const;

  const Setup& setup_;
  std::vector<std::vector<domain::NodeId>> observers_of_;  ///< by LayerId
  std::vector<std::uint8_t> is_replica_;                   ///< by LayerId
  enum class Presence : std::uint8_t { kPresent, kLost };
  std::vector<Presence> presence_;  ///< by NodeId
  std::uint64_t late_writes_{0};
  Holdings holdings_;
  Journeys journeys_;
  LostEvents lost_events_;
  Discards discards_;
  Starts starts_;
  Barriers barriers_;
  std::vector<sim::RecordId> lost_by_;  ///< by NodeId: the record of its last loss
  struct Absence {
    sim::VirtualTime from;
    sim::VirtualTime until;
  };
  std::vector<std::vector<Absence>> absences_;  ///< by NodeId, in order of time
  std::vector<Change> changes_;                 ///< in order of acknowledgement
  ChangeIndex changes_of_;
};

}  // namespace parallax::audit
