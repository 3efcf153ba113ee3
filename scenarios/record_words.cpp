#include "scenarios/record_words.h"

namespace parallax::scenarios {

std::string_view word_of(domain::RecordKind kind) {
  using enum domain::RecordKind;
  switch (kind) {
    case kRequestDecided:
      return "request_decided";
    case kRequestFinished:
      return "request_finished";
    case kPopulationClosed:
      return "population_closed";
    case kChangeInvoked:
      return "change_invoked";
    case kChangeAcknowledged:
      return "change_acknowledged";
    case kEntryPut:
      return "entry_put";
    case kEntryDropped:
      return "entry_dropped";
    case kHop:
      return "hop";
    case kChangeAbandoned:
      return "change_abandoned";
    case kSiteChanged:
      return "site_changed";
    case kResolverMoved:
      return "resolver_moved";
    case kRowChanged:
      return "row_changed";
    case kRowConflict:
      return "row_conflict";
    case kStreamChanged:
      return "stream_changed";
    case kRowUndone:
      return "row_undone";
    case kTotalsAsked:
      return "totals_asked";
    case kTotalAnswered:
      return "total_answered";
    case kTotalClosed:
      return "total_closed";
    case kEventLost:
      return "event_lost";
    case kNodeChanged:
      return "node_changed";
    case kCallsClosed:
      return "calls_closed";
    case kCacheClosed:
      return "cache_closed";
    case kUsersClosed:
      return "users_closed";
    case kAffinityClosed:
      return "affinity_closed";
    case kWorkersSecond:
      return "workers_second";
    case kWorkersClosed:
      return "workers_closed";
    case kLoadSecond:
      return "load_second";
    case kPoolClosed:
      return "pool_closed";
  }
  return {};
}

std::string_view word_of(domain::Ending ending) {
  using enum domain::Ending;
  switch (ending) {
    case kAnswered:
      return "answered";
    case kTimedOut:
      return "timed_out";
    case kNoAddress:
      return "no_address";
  }
  return {};
}

std::string_view word_of(domain::Abandoned why) {
  using enum domain::Abandoned;
  switch (why) {
    case kWriterLost:
      return "writer_lost";
    case kRefused:
      return "refused";
    case kNotNeeded:
      return "not_needed";
    case kUnreachable:
      return "unreachable";
    case kUnknown:
      return "unknown";
  }
  return {};
}

std::string_view word_of(domain::EventLoss why) {
  using enum domain::EventLoss;
  switch (why) {
    case kNotConnected:
      return "not_connected";
    case kOverflow:
      return "overflow";
    case kNotSubscribed:
      return "not_subscribed";
    case kUnacknowledged:
      return "unacknowledged";
    case kHostDown:
      return "host_down";
    case kGivenUp:
      return "given_up";
  }
  return {};
}

std::string_view word_of(domain::SiteChange change) {
  using enum domain::SiteChange;
  switch (change) {
    case kLost:
      return "lost";
    case kPowered:
      return "powered";
    case kReady:
      return "ready";
    case kMarkedDown:
      return "marked_down";
    case kMarkedUp:
      return "marked_up";
    case kPromoted:
      return "promoted";
    case kFenced:
      return "fenced";
  }
  return {};
}

std::string_view word_of(domain::StreamChange change) {
  using enum domain::StreamChange;
  switch (change) {
    case kStopped:
      return "stopped";
    case kRetried:
      return "retried";
    case kResumed:
      return "resumed";
    case kGivenUp:
      return "given_up";
  }
  return {};
}

std::string_view word_of(domain::RowOperation operation) {
  using enum domain::RowOperation;
  switch (operation) {
    case kInserted:
      return "inserted";
    case kUpdated:
      return "updated";
    case kDeleted:
      return "deleted";
    case kDefined:
      return "defined";
    case kReset:
      return "reset";
  }
  return {};
}

std::string_view word_of(domain::RowMeans means) {
  using enum domain::RowMeans;
  switch (means) {
    case kStatement:
      return "statement";
    case kCascade:
      return "cascade";
    case kTrigger:
      return "trigger";
    case kApply:
      return "apply";
  }
  return {};
}

}  // namespace parallax::scenarios
