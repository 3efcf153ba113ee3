#include "tests/models/support/invariants.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "models/audit/journeys.h"
#include "tests/models/support/oracle.h"

namespace parallax::test {

namespace {

using audit::DecisionError;
using audit::Ending;
using audit::Why;
using audit::WindowFinding;
using domain::Stage;

bool is_whole(const WindowFinding& window) {
  const bool all_named = std::all_of(window.pieces.begin(), window.pieces.end(), [](const audit::Piece& piece) {
    return piece.stage != Stage::kNone && piece.length.ns > 0;
  });
  return all_named && audit::total(window.pieces) == window.length && window.length.ns >= 0;
}

void check_windows(const Run& run) {
  std::uint64_t not_whole = 0;
  std::uint64_t past_the_end = 0;
  std::uint64_t wrong_without_window = 0;
  std::uint64_t changes = 0;
  for (const WindowFinding& window : run.findings.windows) {
    not_whole += !is_whole(window);
    past_the_end += window.start + window.length > run.end();
    wrong_without_window += window.wrong_decisions > 0 && window.length.ns == 0;
  }
  CHECK(not_whole == 0);
  CHECK(past_the_end == 0);
  CHECK(wrong_without_window == 0);
  for_each<domain::ChangeAcknowledged>(run.journal, domain::RecordKind::kChangeAcknowledged,
                                       [&](const auto&, const auto&) { ++changes; });
  std::size_t gateways = 0;
  for (const world::SiteConfig& site : run.config.sites) {
    for (std::size_t node = 0; node < site.nodes.size(); ++node) {
      gateways += site.parts.empty() || site.parts[node].has(runtime::Part::kGateway);
    }
  }
  CHECK(run.findings.windows.size() == changes * gateways);
}

void check_causes(const Run& run) {
  std::uint64_t tallied = 0;
  std::uint64_t for_no_stage = 0;
  std::uint64_t for_quota = 0;
  std::uint64_t for_expiry = 0;
  std::uint64_t allowed_over_quota = 0;
  for (const auto& [key, count] : run.findings.wrong) {
    const auto& [error, why, stage, node] = key;
    tallied += count;
    for_no_stage += stage == Stage::kNone ? count : 0;
    for_quota += why == Why::kQuota ? count : 0;
    for_expiry += why == Why::kTokenExpiry ? count : 0;
    allowed_over_quota += why == Why::kQuota && error == DecisionError::kWrongAllow ? count : 0;
  }
  CHECK(for_no_stage == 0);
  CHECK(allowed_over_quota == run.findings.limits.over);

  std::uint64_t by_minute = 0;
  std::uint64_t decided = 0;
  for (const auto& minutes : run.findings.minutes) {
    for (const audit::MinuteCounts& minute : minutes) {
      by_minute += minute.wrong_allow + minute.wrong_deny;
      decided += minute.requests;
    }
  }
  CHECK(tallied == by_minute);
  CHECK(decided == run.findings.decisions);

  std::uint64_t in_windows = 0;
  for (const WindowFinding& window : run.findings.windows) in_windows += window.wrong_decisions;
  CHECK(tallied == in_windows + for_quota + for_expiry);
}

// An observer that decided on an older version after the acknowledgement was inside the window at that instant.
class StaleDecisions {
 public:
  explicit StaleDecisions(const audit::Findings& findings) {
    for (const WindowFinding& window : findings.windows) windows_[{window.id, window.observer}] = &window;
  }

  void acknowledged(const sim::Record& record, const domain::ChangeAcknowledged& change) {
    changes_[change.object].push_back({record.id, record.time, change.version});
  }

  void decided(sim::VirtualTime now, const domain::RequestDecided& d) {
    look_at(domain::ObjectRef::of(d.api), d.api_version, d.node, now);
    const bool looked_at_token = d.outcome != domain::Outcome::kApiUnknown;
    if (looked_at_token) look_at(domain::ObjectRef::of(d.token), d.token_version, d.node, now);
  }

  std::uint64_t outside{0};

 private:
  struct Change {
    sim::RecordId id;
    sim::VirtualTime time;
    domain::Version version;
  };

  void look_at(domain::ObjectRef object, domain::Version used, domain::NodeId observer, sim::VirtualTime now) {
    const auto changes = changes_.find(object);
    if (changes == changes_.end()) return;
    for (const Change& change : changes->second) {
      if (change.version <= used || now <= change.time) continue;
      const WindowFinding& window = *windows_.at({change.id, observer});
      outside += window.ending != Ending::kMoot && now > window.start + window.length;
    }
  }

  std::map<std::pair<sim::RecordId, domain::NodeId>, const WindowFinding*> windows_;
  std::map<domain::ObjectRef, std::vector<Change>> changes_;
};

void check_stale_decisions(const Run& run) {
  StaleDecisions stale{run.findings};
  for (const sim::Record& record : run.journal) {
    switch (domain::kind_of(record.body)) {
      case domain::RecordKind::kChangeAcknowledged:
        stale.acknowledged(record, domain::ChangeAcknowledged::unpack(record.body));
        break;
      case domain::RecordKind::kRequestDecided:
        stale.decided(record.time, domain::RequestDecided::unpack(record.body));
        break;
      default:
        break;
    }
  }
  CHECK(stale.outside == 0);
}

struct Books {
  std::uint64_t answered{0};
  std::uint64_t timed_out{0};
};

void check_books(const Run& run) {
  std::map<domain::PopulationId, Books> counted;
  std::uint64_t refused_unread = 0;  // by a balancer without a node, or by workers without room
  for_each<domain::RequestFinished>(run.journal, domain::RecordKind::kRequestFinished,
                                    [&](const sim::Record&, const domain::RequestFinished& request) {
                                      Books& books = counted[request.population];
                                      const bool is_answered = request.ending == domain::Ending::kAnswered;
                                      refused_unread += is_answered && request.outcome == domain::Outcome::kUnavailable;
                                      ++(is_answered ? books.answered : books.timed_out);
                                    });
  std::size_t populations = 0;
  std::uint64_t sent = 0;
  for_each<domain::PopulationClosed>(run.journal, domain::RecordKind::kPopulationClosed,
                                     [&](const sim::Record&, const domain::PopulationClosed& books) {
                                       CHECK(books.sent == books.answered + books.timed_out + books.in_flight);
                                       CHECK(books.answered == counted[books.population].answered);
                                       CHECK(books.timed_out == counted[books.population].timed_out);
                                       sent += books.sent;
                                       ++populations;
                                     });
  CHECK(populations == run.config.populations.size());
  const audit::Ledger& ledger = run.findings.ledger;
  CHECK(ledger.sent == sent);
  CHECK(ledger.answered == ledger.answered_in_journal);
  CHECK(ledger.timed_out == ledger.timed_out_in_journal);
  CHECK(ledger.sent == ledger.answered + ledger.timed_out + ledger.in_flight);
  CHECK(run.findings.decisions <= sent);
  CHECK(ledger.answered - refused_unread <= run.findings.decisions);
}

void check_oracle(const Run& run) {
  const Verdicts again = judge_again(run);
  const Verdicts found = verdicts_of(run.findings);
  CHECK((again.by_why == found.by_why));
  CHECK((again.by_minute == found.by_minute));
}

// No call at workers is forgotten, and none works more than all the time.
void check_workers(const Run& run) {
  for (const audit::WorkersFinding& found : run.findings.capacity.workers) {
    CHECK(found.arrived == found.served + found.refused + found.given_up + found.lost + found.still_there);
    CHECK(found.waited <= found.arrived);
    CHECK(std::all_of(found.busy.begin(), found.busy.end(), [](auto busy) { return busy <= 1'000'000'000; }));
  }
}

}  // namespace

void check_invariants(const Run& run) {
  check_windows(run);
  check_stale_decisions(run);
  check_causes(run);
  check_books(run);
  check_workers(run);
  check_oracle(run);
}

}  // namespace parallax::test
