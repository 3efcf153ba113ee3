// In which order databases take in what belongs together: session guarantees of writes.
//
//   monotonic writes    a session's second write is in a database before its first: an application subscribes, then
//                       gets a token, and somewhere the token is known and the subscription is not
//   writes follow reads what a session wrote after it had seen something is in a database where that is not
//
// A session's writes are here those of an application: changes of its subscriptions, tokens issued to its users, their
// revocations. Told are
//
//   - of a write the last change of a subscription of the same application, acknowledged before the write was invoked;
//   - of a revocation what the token had last seen of what was new, before the revocation was invoked;
//   - of a change of a subscription the same of all tokens of the application.
//
// New is an API or a subscription of which not yet every database of its group has the newest version. Counted is each
// database that takes in a write and then lacks, when the instant is over, what had to come before it; once it has the
// write no more is asked of it. Databases are those that are to hold the same rows.
//
// Not told: tokens of two users are no session's two writes; two writes of one object cannot overtake each other, for
// a version replaces older ones; what comes to a database between its own copy of the second write and that write's
// acknowledgement; a write that has been lost before it came anywhere (see lost writes); what gateways keep.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/holdings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class WriteOrders {
 public:
  /// `holdings` is asked for what databases hold.
  WriteOrders(const Setup& setup, const Holdings& holdings);

  void acknowledged(const domain::ChangeAcknowledged& change, sim::VirtualTime now);
  /// Before the holdings have it.
  void put(const domain::EntryPut& entry, sim::VirtualTime now);
  void decided(const domain::RequestDecided& decision, sim::VirtualTime now) {
    if (news_ > 0) look_at(decision, now);
  }

  void finish(Findings& findings);

 private:
  /// What has to be in a database before a write may be.
  struct Need {
    Guarantee guarantee;
    SessionOperation before;  ///< kWrote or kRead
  };
  struct Follower {
    SessionOperation wrote;
    std::optional<domain::TokenId> token;
    domain::ApplicationId application;
    boost::container::small_vector<Need, 2> needs;
    std::vector<domain::LayerId> without;  ///< databases that do not have the write yet
  };
  /// A database has taken it in at this instant; what else came then is not known before the next.
  struct Arrival {
    Follower follower;
    domain::LayerId database;
    sim::VirtualTime time;
  };

  const std::vector<domain::LayerId>* group_of(domain::LayerId layer) const;
  bool is_everywhere(domain::ObjectRef object, domain::Version version,
                     const std::vector<domain::LayerId>& group) const;
  bool is_anywhere(domain::ObjectRef object, domain::Version version, const std::vector<domain::LayerId>& group) const;
  void look_at(const domain::RequestDecided& decision, sim::VirtualTime now);
  void note(const SessionOperation& read, domain::SubscriptionId subscription);
  void spread(const domain::EntryPut& entry, const std::vector<domain::LayerId>& group);
  void add_needs(const domain::ChangeAcknowledged& change, Follower& follower);
  void judge(const Arrival& arrival);
  void judge_before(sim::VirtualTime now);

  const Setup& setup_;
  const Holdings& holdings_;
  std::vector<std::uint32_t> group_by_layer_;  ///< number of the group and 1; 0: none
  std::uint64_t news_{0};
  std::vector<domain::Version> new_apis_;           ///< by ApiId: newest version, while some database lacks it; 0: none
  std::vector<domain::Version> new_subscriptions_;  ///< by SubscriptionId
  std::vector<std::vector<SessionOperation>> subscribed_;                     ///< by ApplicationId: kWrote
  std::vector<std::optional<SessionOperation>> seen_;                         ///< by ApplicationId: kRead
  boost::unordered_flat_map<std::uint32_t, SessionOperation> seen_by_token_;  ///< looked up, never iterated
  boost::unordered_flat_map<std::uint32_t, Follower> followers_;  ///< by what they wrote; looked up, never iterated
  std::vector<Arrival> arrivals_;                                 ///< of the last instant
  SessionsFinding found_;
};

}  // namespace parallax::audit
