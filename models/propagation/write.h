// A change on its way from a writer to the database and back, as the journal tells it.
#pragma once

#include <cstdint>

#include "models/domain/journal.h"
#include "models/propagation/access/database_access.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation {

class Write {
 public:
  /// The writer sends it now. `quota`: of a changed policy.
  Write(sim::Site& site, const sim::Power& power, domain::ChangeKind kind, domain::NodeId writer,
        domain::ObjectRef object, std::uint32_t quota = 0)
      : site_{site},
        power_{power},
        kind_{kind},
        writer_{writer},
        object_{object},
        quota_{quota},
        life_{power.life()},
        invoked_{site.now()},
        invocation_{site.record(domain::ChangeInvoked{kind, writer, object, quota}.pack())} {}

  /// What the commit is caused by.
  sim::RecordId invocation() const { return invocation_; }
  sim::VirtualTime invoked() const { return invoked_; }

  /// No answer has come to what the writer last asked, which was not to commit anything.
  void fail() { abandon(has_power_since() ? domain::Abandoned::kUnreachable : domain::Abandoned::kWriterLost); }

  /// The same of what was to be committed. A statement to the own site's database was not sent if it failed; of others,
  /// and of an answer that the writer did not live to hear, nothing is known.
  void fail_to_commit(const DatabaseAccess& access, bool is_answered) {
    if (!is_answered && !access.is_remote()) return fail();
    abandon(domain::Abandoned::kUnknown);
  }

  /// The writer has not lost its power meanwhile.
  bool has_power_since() const { return !power_.outlived(life_); }

  void abandon(domain::Abandoned why) {
    site_.record(domain::ChangeAbandoned{object_, kind_, why, quota_}.pack(), invocation_);
  }

  /// The writer knows that it is committed.
  sim::RecordId acknowledge(domain::Version version, sim::VirtualTime expires = sim::kNever,
                            domain::ApplicationId application = {}, domain::Jurisdiction jurisdiction = {}) {
    return site_.record(domain::ChangeAcknowledged{kind_, writer_, object_, version, invoked_, expires, application,
                                                   jurisdiction, quota_}
                            .pack(),
                        invocation_);
  }

 private:
  sim::Site& site_;
  const sim::Power& power_;
  domain::ChangeKind kind_;
  domain::NodeId writer_;
  domain::ObjectRef object_;
  std::uint32_t quota_;
  std::uint32_t life_;
  sim::VirtualTime invoked_;
  sim::RecordId invocation_;
};

}  // namespace parallax::propagation
