#include "models/audit/audit.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "models/audit/availability.h"
#include "models/audit/capacity.h"
#include "models/audit/error_spells.h"
#include "models/audit/fetch.h"
#include "models/audit/latency.h"
#include "models/audit/limits.h"
#include "models/audit/limits_by_clock.h"
#include "models/audit/not_found.h"
#include "models/audit/quotas.h"
#include "models/audit/replicas.h"
#include "models/audit/sessions.h"
#include "models/audit/single_copy.h"
#include "models/audit/statistics.h"
#include "models/audit/steering.h"
#include "models/audit/timers.h"
#include "models/audit/tokens_in_force.h"
#include "models/audit/windows.h"
#include "models/audit/write_orders.h"

namespace parallax::audit {

using domain::ObjectRef;
using domain::Outcome;
using domain::RecordKind;
using domain::RequestDecided;
using domain::SubscriptionId;

class Audit::Auditor {
 public:
  explicit Auditor(Setup setup);
  void read(std::span<const sim::Record> journal);
  Findings finish(sim::VirtualTime end);

 private:
  void read(const sim::Record& record);
  void fetch(const sim::Record& record) const;
  void decided(const domain::RequestDecided& decision, sim::VirtualTime now);
  std::optional<DecisionError> compare_authorisation(const domain::RequestDecided& decision, sim::VirtualTime now);
  std::optional<DecisionError> compare_variant(const domain::RequestDecided& decision, sim::VirtualTime now);
  std::nullopt_t found_right();
  std::optional<DecisionError> compare_quota(const domain::RequestDecided& decision, sim::VirtualTime now);
  bool is_due_to_old_policy(const domain::RequestDecided& decision, sim::VirtualTime now, DecisionError error);
  bool may_refuse_anyway(const domain::RequestDecided& decision, sim::VirtualTime now) const;
  domain::Stage cause_of(const domain::RequestDecided& decision, sim::VirtualTime now, DecisionError error);
  void acknowledged(sim::Record record);
  void finished(const domain::RequestFinished& request, sim::VirtualTime now);
  void closed(const domain::PopulationClosed& books);
  void closed(const domain::CallsClosed& books);
  void closed(const domain::CacheClosed& books);
  domain::SiteId site_of(domain::NodeId node) const { return setup_.observers[domain::index(node)].site; }
  MinuteCounts& minute(domain::NodeId node, sim::VirtualTime now);

  Setup setup_;
  SingleCopy single_copy_;
  Windows windows_;
  Quotas quotas_;
  Limits limits_;
  ErrorSpells error_spells_;
  LimitsByClock limits_by_clock_;
  Replicas replicas_;
  Statistics statistics_;
  Availability availability_;
  Steering steering_;
  TokensInForce tokens_in_force_;
  NotFound not_found_;
  Sessions sessions_;
  WriteOrders write_orders_;
  Capacity capacity_;
  Timers timers_;
  std::vector<LatencyHistogram> latencies_;  // by population
  Findings findings_;
};

namespace {

struct Suspect {
  ObjectRef object;
  domain::Version used;
};

// The fact that a refusal was about, and the version of it that the gateway knew.
Suspect suspect(Outcome refusal, const RequestDecided& d, SubscriptionId subscription) {
  switch (refusal) {
    case Outcome::kApiUnknown:
    case Outcome::kBackendUnreachable:  // half of it is deployed
      return {ObjectRef::of(d.api), d.api_version};
    case Outcome::kTokenInvalid:
      return {ObjectRef::of(d.token), d.token_version};
    default:
      return {ObjectRef::of(subscription), d.subscription_version};
  }
}

std::uint64_t wrong_of(const MinuteCounts& counts, DecisionError error) {
  if (error == DecisionError::kWrongVariant) return counts.wrong_variant;
  return error == DecisionError::kWrongAllow ? counts.wrong_allow : counts.wrong_deny;
}

}  // namespace

Audit::Auditor::Auditor(Setup setup)
    : setup_{std::move(setup)},
      single_copy_{*setup_.catalog},
      windows_{setup_},
      quotas_{*setup_.catalog},
      limits_{setup_, quotas_},
      limits_by_clock_{setup_},
      replicas_{setup_},
      statistics_{setup_},
      availability_{setup_},
      steering_{setup_},
      tokens_in_force_{*setup_.catalog},
      not_found_{setup_},
      sessions_{setup_, windows_.holdings()},
      write_orders_{setup_, windows_.holdings()},
      capacity_{setup_},
      timers_{setup_} {
  findings_.minutes.resize(setup_.observers.size());
}

// Of one instant the writes come first: a decision in the same nanosecond as a write is right either way, wherever the
// two stand in the journal.
void Audit::Auditor::read(std::span<const sim::Record> journal) {
  for (std::size_t first = 0; first < journal.size();) {
    std::size_t last = first + 1;
    while (last < journal.size() && journal[last].time == journal[first].time) ++last;
    for (std::size_t ahead = first + kFetchAhead; ahead < std::min(last + kFetchAhead, journal.size()); ++ahead) {
      fetch(journal[ahead]);
    }
    for (const sim::Record& record : journal.subspan(first, last - first)) read(record);
    for (const sim::Record& record : journal.subspan(first, last - first)) {
      if (domain::kind_of(record.body) != RecordKind::kRequestDecided) continue;
      decided(RequestDecided::unpack(record.body), record.time);
    }
    first = last;
  }
}

void Audit::Auditor::fetch(const sim::Record& record) const {
  switch (domain::kind_of(record.body)) {
    case RecordKind::kRequestDecided: {
      const auto decision = RequestDecided::unpack(record.body);
      sessions_.fetch(decision.token);
      single_copy_.fetch(decision);
      if (decision.subscription != domain::kNoSubscription) limits_.fetch(decision.subscription);
      return;
    }
    case RecordKind::kEntryPut: {
      const auto entry = domain::EntryPut::unpack(record.body);
      windows_.fetch(entry.layer, entry.object);
      if (entry.companion.object.exists()) windows_.fetch(entry.layer, entry.companion.object);
      return;
    }
    case RecordKind::kEntryDropped: {
      const auto entry = domain::EntryDropped::unpack(record.body);
      windows_.fetch(entry.layer, entry.object);
      if (entry.companion.exists()) windows_.fetch(entry.layer, entry.companion);
      return;
    }
    default:
      return;
  }
}

void Audit::Auditor::read(const sim::Record& record) {
  switch (domain::kind_of(record.body)) {
    case RecordKind::kRequestDecided:
      if (statistics_.are_kept()) statistics_.decided(RequestDecided::unpack(record.body).api);
      return;
    case RecordKind::kRequestFinished:
      return finished(domain::RequestFinished::unpack(record.body), record.time);
    case RecordKind::kPopulationClosed:
      return closed(domain::PopulationClosed::unpack(record.body));
    case RecordKind::kChangeInvoked:
      single_copy_.invoke(domain::ChangeInvoked::unpack(record.body));
      quotas_.invoke(domain::ChangeInvoked::unpack(record.body));
      sessions_.invoked(domain::ChangeInvoked::unpack(record.body));
      return windows_.invoked(record);
    case RecordKind::kChangeAcknowledged:
      not_found_.acknowledged(domain::ChangeAcknowledged::unpack(record.body));
      return acknowledged(record);
    case RecordKind::kEntryPut:
      not_found_.put(domain::EntryPut::unpack(record.body));
      write_orders_.put(domain::EntryPut::unpack(record.body), record.time);
      timers_.put(domain::EntryPut::unpack(record.body), record.id.site());
      return windows_.put(record);
    case RecordKind::kEntryDropped:
      not_found_.dropped(domain::EntryDropped::unpack(record.body));
      timers_.dropped(domain::EntryDropped::unpack(record.body), record.id.site());
      return windows_.dropped(record);
    case RecordKind::kChangeAbandoned:
      replicas_.abandoned(domain::ChangeAbandoned::unpack(record.body));
      quotas_.abandon(domain::ChangeAbandoned::unpack(record.body));
      sessions_.abandoned(domain::ChangeAbandoned::unpack(record.body));
      return single_copy_.abandon(domain::ChangeAbandoned::unpack(record.body));
    case RecordKind::kRowUndone:
      return;
    case RecordKind::kRowChanged:
      timers_.row_changed(domain::RowChanged::unpack(record.body), record.id.site());
      return replicas_.row_changed(record);
    case RecordKind::kRowConflict:
      windows_.conflict(record);
      return replicas_.conflict(record);
    case RecordKind::kStreamChanged:
      windows_.stream_changed(record);
      return replicas_.stream_changed(record);
    case RecordKind::kSiteChanged:
      availability_.site_changed(domain::SiteChanged::unpack(record.body), record.time);
      steering_.site_changed(domain::SiteChanged::unpack(record.body), record.time);
      not_found_.site_changed(domain::SiteChanged::unpack(record.body));
      return windows_.site_changed(record);
    case RecordKind::kResolverMoved:
      return availability_.resolver_moved(domain::ResolverMoved::unpack(record.body), record.time);
    case RecordKind::kHop:
      timers_.hop(domain::Hop::unpack(record.body), record.id.site());
      return windows_.hop(record);
    case RecordKind::kTotalsAsked:
      return statistics_.asked(domain::TotalsAsked::unpack(record.body));
    case RecordKind::kTotalAnswered:
      return statistics_.answered(domain::TotalAnswered::unpack(record.body));
    case RecordKind::kTotalClosed:
      return statistics_.closed(domain::TotalClosed::unpack(record.body));
    case RecordKind::kNodeChanged:
      not_found_.node_changed(domain::NodeChanged::unpack(record.body));
      return windows_.node_changed(record);
    case RecordKind::kCallsClosed:
      return closed(domain::CallsClosed::unpack(record.body));
    case RecordKind::kEventLost:
      timers_.event_lost(domain::EventLost::unpack(record.body));
      return windows_.event_lost(record);
    case RecordKind::kAffinityClosed:
      return steering_.closed(domain::AffinityClosed::unpack(record.body));
    case RecordKind::kUsersClosed:
      return steering_.closed(domain::UsersClosed::unpack(record.body));
    case RecordKind::kWorkersSecond:
      return capacity_.worked(domain::WorkersSecond::unpack(record.body));
    case RecordKind::kWorkersClosed:
      return capacity_.closed(domain::WorkersClosed::unpack(record.body));
    case RecordKind::kLoadSecond:
      return capacity_.asked(domain::LoadSecond::unpack(record.body));
    case RecordKind::kPoolClosed:
      return capacity_.closed(domain::PoolClosed::unpack(record.body));
    case RecordKind::kCacheClosed:
      return closed(domain::CacheClosed::unpack(record.body));
  }
}

void Audit::Auditor::decided(const RequestDecided& d, sim::VirtualTime now) {
  ++findings_.decisions;
  not_found_.decided(d);
  sessions_.decided(d, now);
  write_orders_.decided(d, now);
  // A request past its quota is charged to the quota alone: one wrong decision, one cause.
  std::optional<DecisionError> error = compare_quota(d, now);
  if (!error) error = compare_authorisation(d, now);
  if (error) error_spells_.add(*error, d.token, now);
  MinuteCounts& counts = minute(d.node, now);
  ++counts.requests;
  counts.wrong_allow += error == DecisionError::kWrongAllow;
  counts.wrong_deny += error == DecisionError::kWrongDeny;
  counts.wrong_variant += error == DecisionError::kWrongVariant;
  if (error && wrong_of(counts, *error) <= setup_.listed_a_minute) findings_.listed.push_back({now, d, *error});
  counts.refused_quota += d.outcome == Outcome::kQuotaExceeded;
  counts.not_found += d.outcome == Outcome::kApiUnknown;
}

// Who revokes a token knows of its expiry only what it says itself, by whatever clock; the single copy knows better.
void Audit::Auditor::acknowledged(sim::Record record) {
  auto change = domain::ChangeAcknowledged::unpack(record.body);
  single_copy_.acknowledge(change, record.time);
  quotas_.acknowledge(change, record.time);
  if (!setup_.clocks.empty() && change.change == domain::ChangeKind::kTokenRevoked) {
    change.expires = single_copy_.expiry(change.object);
    record.body = change.pack();
  }
  timers_.acknowledged(change);
  tokens_in_force_.acknowledged(change, record.time);
  sessions_.acknowledged(change, record.time);
  write_orders_.acknowledged(change, record.time);
  windows_.acknowledged(record);
}

std::nullopt_t Audit::Auditor::found_right() {
  ++findings_.right;
  return std::nullopt;
}

// Versions equal: the same function on the same facts, if it is given the same time. Otherwise the single copy decides
// again.
std::optional<DecisionError> Audit::Auditor::compare_authorisation(const RequestDecided& d, sim::VirtualTime now) {
  const bool is_misread = !setup_.clocks.empty() && single_copy_.is_expiry_misread(d, now);
  const bool is_alike = !is_misread && single_copy_.same_versions(d);
  if (is_alike && !setup_.judges_all) return found_right();
  if (!is_alike && single_copy_.overlaps_write(d, now)) {
    ++findings_.overlapping;
    return std::nullopt;
  }
  const bool gateway_allows = d.outcome == Outcome::kAdmitted || d.outcome == Outcome::kQuotaExceeded;
  const SingleCopy::Judgement right = single_copy_.judge(d.token, d.api, now);
  const bool right_allows = right.outcome == Outcome::kAdmitted;
  if (gateway_allows && right_allows) return compare_variant(d, now);
  if (gateway_allows == right_allows) return found_right();
  if (is_alike) return std::nullopt;                               // the short cut above was wrong
  if (d.outcome == Outcome::kQuotaExceeded) return found_right();  // refused all the same, for another reason
  const DecisionError error = gateway_allows ? DecisionError::kWrongAllow : DecisionError::kWrongDeny;
  if (error == DecisionError::kWrongDeny && setup_.catalog->tier_of(right.subscription).limit &&
      limits_.left(right.subscription, now) != Limits::Left::kSome) {
    return found_right();  // the single copy would refuse it too, for its quota
  }
  if (is_misread) {
    ++findings_.wrong[{error, Why::kTokenExpiry, domain::Stage::kClockSkew, d.node}];
    return error;
  }
  if (d.outcome == Outcome::kValidationUnavailable) {
    ++findings_.wrong[{error, Why::kDatabase, domain::Stage::kDatabaseUnreachable, d.node}];
    return error;
  }
  // The artifact has overtaken the row, or the row never comes: no window of the API at the gateway tells of that.
  if (d.outcome == Outcome::kSubscriptionMissing && d.api_version < windows_.version(d.node, ObjectRef::of(d.api))) {
    ++findings_.wrong[{error, Why::kApiRow, domain::Stage::kPending, d.node}];
    return error;
  }
  const Suspect blamed = suspect(gateway_allows ? right.outcome : d.outcome, d, right.subscription);
  const auto ignored = windows_.blame(d.node, blamed.object, blamed.used, now, error);
  if (!ignored && windows_.blame_start(d.node, blamed.object, now)) return error;
  assert(ignored);  // the facts differ, so an acknowledged change has not reached this node
  if (ignored->change == domain::ChangeKind::kTokenIssued && site_of(ignored->writer) != site_of(d.node)) {
    ++findings_.issued_elsewhere_refused;
  }
  return error;
}

// Let through as it should be; but what it was let through to may be an old revision.
std::optional<DecisionError> Audit::Auditor::compare_variant(const RequestDecided& d, sim::VirtualTime now) {
  const bool is_served = d.outcome == Outcome::kAdmitted;
  if (!is_served || d.api_version >= single_copy_.version(d.api)) return found_right();
  const ObjectRef api = ObjectRef::of(d.api);
  if (!windows_.blame(d.node, api, d.api_version, now, DecisionError::kWrongVariant)) return found_right();
  return DecisionError::kWrongVariant;
}

// Refused before its quota is looked at, for a change that the gateway has not heard of.
bool Audit::Auditor::may_refuse_anyway(const RequestDecided& d, sim::VirtualTime now) const {
  return single_copy_.overlaps_write(d, now) || single_copy_.judge(d.token, d.api, now).outcome != Outcome::kAdmitted;
}

std::optional<DecisionError> Audit::Auditor::compare_quota(const RequestDecided& d, sim::VirtualTime now) {
  const bool reached_quota = d.outcome == Outcome::kAdmitted || d.outcome == Outcome::kQuotaExceeded;
  if (!reached_quota || !setup_.catalog->tier_of(d.subscription).limit) return std::nullopt;
  const bool admitted = d.outcome == Outcome::kAdmitted;
  const Limits::Left left = limits_.left(d.subscription, now);
  const bool right = admitted ? left != Limits::Left::kNone : left != Limits::Left::kSome || may_refuse_anyway(d, now);
  const DecisionError error = admitted ? DecisionError::kWrongAllow : DecisionError::kWrongDeny;
  if (!right && !is_due_to_old_policy(d, now, error)) {
    ++findings_.wrong[{error, Why::kQuota, cause_of(d, now, error), d.node}];
  }
  if (admitted) limits_by_clock_.admitted(d.node, d.subscription, now);
  limits_.count(d.node, d.subscription, now, admitted ? Limits::Admission::kAdmitted : Limits::Admission::kRefused);
  if (right) return std::nullopt;
  return error;
}

domain::Stage Audit::Auditor::cause_of(const RequestDecided& d, sim::VirtualTime now, DecisionError error) {
  const LimitsByClock::Question question{d.node, d.subscription, limits_.greatest(d.subscription, now), now};
  if (limits_by_clock_.would_err_too(question, error)) return domain::Stage::kClockSkew;
  const bool admitted = error == DecisionError::kWrongAllow;
  return admitted ? limits_.cause_at(d.node, d.subscription, now) : domain::Stage::kEventInFlight;
}

// A traffic manager that this gateway obeys counts by an older policy, by which the decision would be right.
bool Audit::Auditor::is_due_to_old_policy(const RequestDecided& d, sim::VirtualTime now, DecisionError error) {
  const domain::TierId tier = setup_.catalog->subscriptions[domain::index(d.subscription)].tier;
  for (const domain::NodeId manager : setup_.observers[domain::index(d.node)].counted_by) {
    const domain::Version known = windows_.version(manager, domain::ObjectRef::of(tier));
    const bool would_be_full = limits_.has_admitted(d.subscription, quotas_.at(tier, known), now);
    if (would_be_full != (error == DecisionError::kWrongDeny)) continue;
    if (windows_.blame(manager, domain::ObjectRef::of(tier), known, now, error)) return true;
  }
  return false;
}

void Audit::Auditor::finished(const domain::RequestFinished& request, sim::VirtualTime now) {
  availability_.finished(request);
  steering_.finished(request);
  if (request.ending == domain::Ending::kAnswered) {
    ++findings_.ledger.answered_in_journal;
    const std::size_t population = domain::index(request.population);
    if (population >= latencies_.size()) latencies_.resize(population + 1);
    latencies_[population].add(now - request.sent);
  } else {
    ++findings_.ledger.timed_out_in_journal;
  }
}

void Audit::Auditor::closed(const domain::CacheClosed& books) {
  CacheFinding& caches = findings_.caches;
  caches.are_shared = true;
  caches.hits += books.hits;
  caches.asked += books.asked;
  caches.told += books.told;
  caches.stale_recaches += books.stale_recaches;
  caches.longest_wait = std::max(caches.longest_wait, books.longest_wait);
}

void Audit::Auditor::closed(const domain::PopulationClosed& books) {
  findings_.ledger.sent += books.sent;
  findings_.ledger.answered += books.answered;
  findings_.ledger.timed_out += books.timed_out;
  findings_.ledger.in_flight += books.in_flight;
}

// The requests of who asks elsewhere: those that are decided at home have nothing to do with it.
void Audit::Auditor::closed(const domain::CallsClosed& books) {
  findings_.asks_elsewhere = true;
  findings_.calls_elsewhere += books.calls;
  for (std::size_t node = 0; node < setup_.observers.size(); ++node) {
    if (setup_.observers[node].site != books.site) continue;
    for (const MinuteCounts& counts : findings_.minutes[node]) findings_.decisions_elsewhere += counts.requests;
  }
}

MinuteCounts& Audit::Auditor::minute(domain::NodeId node, sim::VirtualTime now) {
  auto& minutes = findings_.minutes[domain::index(node)];
  const auto number = static_cast<std::size_t>(now.ns / sim::minutes(1).ns);
  if (number >= minutes.size()) minutes.resize(number + 1);
  return minutes[number];
}

Findings Audit::Auditor::finish(sim::VirtualTime end) {
  windows_.finish(end, findings_);
  limits_.finish(findings_, end);
  availability_.finish(findings_);
  steering_.finish(findings_);
  tokens_in_force_.finish(end, findings_);
  not_found_.finish(findings_);
  sessions_.finish(findings_);
  write_orders_.finish(findings_);
  replicas_.finish(end, findings_);
  statistics_.finish(findings_);
  capacity_.finish(findings_);
  error_spells_.finish(findings_);
  timers_.finish(end, findings_);
  LatencyHistogram all;
  for (const LatencyHistogram& one : latencies_) {
    all.add(one);
    findings_.latencies.push_back({one.count(), one.quantile(0.50), one.quantile(0.99)});
  }
  findings_.latency_p50 = all.quantile(0.50);
  findings_.latency_p99 = all.quantile(0.99);
  return std::move(findings_);
}

Audit::Audit(Setup setup) : auditor_{std::make_unique<Auditor>(std::move(setup))} {}
Audit::~Audit() = default;
void Audit::read(std::span<const sim::Record> journal) { auditor_->read(journal); }
Findings Audit::finish(sim::VirtualTime end) { return auditor_->finish(end); }

}  // namespace parallax::audit
