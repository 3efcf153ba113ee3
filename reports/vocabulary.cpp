#include "reports/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "reports/words.h"

namespace parallax::reports {
namespace {

struct KnownChange {
  std::string_view token;
  std::array<std::string_view, 6> words;
};

constexpr std::array<KnownChange, 9> kChanges{{
    {"token_issued",
     {"token issued", "Fresh tokens not yet accepted", "a new token is refused", "a fresh token is refused for",
      "fresh tokens", "the token was valid"}},
    {"token_revoked",
     {"token revoked", "Access that should have ended", "a revoked token still opens an API",
      "a revoked token goes on working for", "revoked tokens", "the token was revoked"}},
    {"api_published",
     {"API published", "Published API not found everywhere", "a node answers 404 for it",
      "a published API is not found for", "published APIs", "the API was published"}},
    {"api_retired",
     {"API retired", "Retired API still answering", "a node still serves it", "a retired API goes on answering for",
      "retired APIs", "the API was retired"}},
    {"subscription_added",
     {"subscription added", "New subscriptions not yet accepted", "a new subscriber is refused",
      "a new subscription is refused for", "new subscriptions", "the subscription was added"}},
    {"subscription_blocked",
     {"subscription blocked", "Blocked subscriptions still working", "a blocked subscriber is still served",
      "a blocked subscription goes on working for", "blocked subscriptions", "the subscription was blocked"}},
    {"policy_changed",
     {"policy changed", "Old policy still in force", "a node decides by the old policy",
      "an old policy stays in force for", "changed policies", "the policy had changed"}},
    {"key_rotated",
     {"key rotated", "New signing key not yet known", "tokens signed with it are refused",
      "a new signing key is unknown for", "new signing keys", "the key had been rotated"}},
    {"key_retired",
     {"key retired", "Retired signing key still trusted", "tokens signed with it are accepted",
      "a retired signing key goes on being trusted for", "retired signing keys", "the key was retired"}},
}};

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 41> kStages{{
    {"token_cache_ttl", "token-cache TTL"},
    {"cache_ttl", "cache TTL"},
    {"cache_sweep", "the sweeper’s wait"},
    {"stale_recache", "caching the old value again"},
    {"cluster_message", "the cluster message"},
    {"deployment_scan", "the wait for the deployment scan"},
    {"operator", "the operator’s delay"},
    {"database_write", "the database write"},
    {"database_read", "the database read"},
    {"replication_lag", "replication lag"},
    {"apply_backlog", "a queue of earlier rows"},
    {"apply_stopped", "a stream that stood still"},
    {"resynchronisation", "a copy of the trusted source"},
    {"message_in_flight", "a message in flight"},
    {"message_lost", "a lost message"},
    {"database_unreachable", "a database that cannot be reached"},
    {"event_in_flight", "a throttle event in flight"},
    {"event_batching", "event batching"},
    {"broker", "an event on its way by a broker"},
    {"reconnect_wait", "the wait before connecting again"},
    {"event_waiting", "the wait before an event is acted upon"},
    {"counter_not_shared", "counters that are not shared"},
    {"decision_push", "the push of the decision"},
    {"decision_in_flight", "a decision in flight"},
    {"poll_interval", "the wait for the next poll"},
    {"mirror_interval", "the wait for the next mirroring"},
    {"retry_wait", "the wait before asking again"},
    {"given_up", "a deployment that was given up"},
    {"redeployment", "the gap of a redeployment"},
    {"clock_skew", "a clock that is off"},
    {"link_down", "a link that is down"},
    {"site_down", "a data center that is down"},
    {"certificate", "a certificate that is refused"},
    {"disk_full", "a full disk"},
    {"frozen", "a process that stands still"},
    {"conflict_discarded", "a conflict in which the database threw it away"},
    {"artifact_copy", "an artifact on its way"},
    {"fail_open", "failing open"},
    {"dns_ttl", "DNS TTL"},
    {"pending", "a change that had not come"},
    {"none", "no known stage"},
}};

struct KnownMetric {
  std::string_view name;
  std::array<std::string_view, 4> words;  // title, detail, clause, after
  Measure measure;
};

constexpr std::array<KnownMetric, 83> kMetrics{{
    {"decision.wrong_allow.clients",
     {"Clients wrongly let through", "tokens of which a call was", "", "clients are wrongly let through"},
     Measure::kCount},
    {"decision.wrong_deny.clients",
     {"Clients wrongly refused", "tokens of which a call was", "", "clients are wrongly refused"},
     Measure::kCount},
    {"decision.wrong_variant.clients",
     {"Clients served by an old version", "tokens of which a call was", "", "clients are served by an old version"},
     Measure::kCount},
    {"decision.wrong_allow.longest_s",
     {"Longest spell of calls wrongly let through", "no 5 s without one", "calls are wrongly let through for", ""},
     Measure::kLength},
    {"decision.wrong_deny.longest_s",
     {"Longest spell of calls wrongly refused", "no 5 s without one", "calls are wrongly refused for", ""},
     Measure::kLength},
    {"decision.wrong_variant.longest_s",
     {"Longest spell of calls served by an old version", "no 5 s without one", "an old version serves calls for", ""},
     Measure::kLength},
    {"throttle.over_admission.sliding_ratio_max",
     {"Most calls within a window's length", "wherever it begins, against the limit", "a subscription gets",
      "its limit within the length of a window"},
     Measure::kRatio},
    {"availability.api.ratio",
     {"Calls served", "share of the API calls", "", "of the API calls are served"},
     Measure::kShare},
    {"availability.token.ratio",
     {"Tokens given", "share of the calls for them", "", "of the calls for tokens are answered"},
     Measure::kShare},
    {"availability.portal.ratio",
     {"Portal calls served", "share of the developer portal's", "", "of the portal's calls are served"},
     Measure::kShare},
    {"availability.publisher.ratio",
     {"Publisher calls served", "share of the publisher's", "", "of the publisher's calls are served"},
     Measure::kShare},
    {"recovery.point_s",
     {"Changes lost back to", "before a data center was lost", "what was written in the last", "before a loss is gone"},
     Measure::kLength},
    {"decision.wrong_allow.count",
     {"Requests wrongly let through", "one instant copy would have refused them", "",
      "requests are wrongly let through"},
     Measure::kCount},
    {"decision.wrong_deny.count",
     {"Requests wrongly refused", "one instant copy would have let them through", "", "requests are wrongly refused"},
     Measure::kCount},
    {"decision.wrong_variant.count",
     {"Requests served by an old version", "decided by an outdated revision or policy", "",
      "requests are served by an old version"},
     Measure::kCount},
    {"throttle.over_admission.ratio_max",
     {"Quota given away", "calls admitted, against the limit", "a subscription gets", "its limit"},
     Measure::kRatio},
    {"throttle.over_admission.count",
     {"Calls beyond the quota", "admitted after the limit was reached", "", "calls are admitted beyond the quota"},
     Measure::kCount},
    {"throttle.over_admission.windows_share",
     {"Limits that did not hold", "share of the limit windows", "", "of the limit windows are exceeded"},
     Measure::kShare},
    {"availability.api.unavailable_s",
     {"Customers locked out", "under half of the calls were served", "customers are locked out for", ""},
     Measure::kLength},
    {"availability.token.unavailable_s",
     {"No tokens to be had", "longest time without answers", "nobody gets a token for", ""},
     Measure::kLength},
    {"availability.portal.unavailable_s",
     {"Developer portal down", "longest time without answers", "the developer portal is down for", ""},
     Measure::kLength},
    {"availability.publisher.unavailable_s",
     {"Publishing stopped", "nobody can publish or change an API", "nobody can publish for", ""},
     Measure::kLength},
    {"availability.api.failed_requests",
     {"API calls that failed", "no answer, or an error of ours", "", "API calls fail"},
     Measure::kCount},
    {"availability.token.failed_requests",
     {"Token calls that failed", "no answer, or an error of ours", "", "token calls fail"},
     Measure::kCount},
    {"availability.portal.failed_requests",
     {"Portal calls that failed", "no answer, or an error of ours", "", "portal calls fail"},
     Measure::kCount},
    {"availability.publisher.failed_requests",
     {"Publisher calls that failed", "no answer, or an error of ours", "", "publisher calls fail"},
     Measure::kCount},
    {"recovery.time_s",
     {"Time to recover", "customers locked out", "customers are locked out for", ""},
     Measure::kLength},
    {"tokens.in_force.least_ratio",
     {"Fewest valid access tokens", "neither expired nor revoked, as a share of those at the start", "",
      "of the access tokens are in force"},
     Measure::kShare},
    {"startup.time_s",
     {"Time to start", "from power until a gateway says that it is ready", "a gateway takes", "to start"},
     Measure::kLength},
    {"startup.incomplete_s",
     {"Ready without its APIs", "a gateway answers 404 for what it served before",
      "a gateway is ready without an API for", ""},
     Measure::kLength},
    {"recovery.lost_writes",
     {"Changes lost", "acknowledged, then gone", "", "acknowledged changes are lost"},
     Measure::kCount},
    {"recovery.late_writes",
     {"Changes that came late", "kept back by a fault, applied after it", "", "changes come late"},
     Measure::kCount},
    {"session.token_refused_elsewhere.count",
     {"Fresh tokens refused at the other site", "issued in one data center, unknown in another", "",
      "calls with fresh tokens are refused at another site"},
     Measure::kCount},
    {"events.lost.token_revocation.count",
     {"Revocation events lost", "a gateway learns of the revocation by something slower", "",
      "revocation events are lost"},
     Measure::kCount},
    {"events.lost.notification.count",
     {"Notifications lost", "of APIs and subscriptions: a gateway learns of them later, or not at all", "",
      "notifications are lost"},
     Measure::kCount},
    {"events.lost.throttle_data.count",
     {"Throttle decisions lost", "a gateway goes on admitting", "", "throttle decisions are lost"},
     Measure::kCount},
    {"cache.hits.ratio",
     {"Tokens known without asking", "share of the calls that shared caches answered", "",
      "of the calls need no key manager"},
     Measure::kShare},
    {"cache.key_validations.count",
     {"Questions to key managers", "about tokens that no shared cache knew", "", "calls have to ask a key manager"},
     Measure::kCount},
    {"cache.messages.count",
     {"Invalidation messages", "gateways telling each other what to forget", "",
      "messages tell gateways what to forget"},
     Measure::kCount},
    {"cache.stale_recaches.count",
     {"Old answers cached again", "after the gateway had been told to forget them", "", "old answers are cached again"},
     Measure::kCount},
    {"cache.longest_wait",
     {"Longest wait for the shared cache", "of a call that asks it, or puts an answer",
      "a call waits for the cache for", ""},
     Measure::kLength},
    {"throttle.flips.count",
     {"Answers that flipped", "admitted after a refusal in the same limit window", "",
      "calls flip from refused to admitted"},
     Measure::kCount},
    {"not_found.flips.count",
     {"New APIs that came and went", "404 after the same API had answered the same client", "",
      "calls get a 404 from an API that had answered before"},
     Measure::kCount},
    {"not_found.flipped_sessions.share",
     {"Clients that saw a new API come and go", "of those that called it before all gateways had it", "",
      "of the clients see a new API come and go"},
     Measure::kShare},
    {"not_found.hidden.share",
     {"404s that clients were spared", "calls that met a gateway with the new API while another had not got it", "",
      "of the calls for a new API meet a gateway that has it before all do"},
     Measure::kShare},
    {"throttle.uncounted.count",
     {"Requests that nobody counted", "on their way to a traffic manager of another site", "",
      "requests are never counted"},
     Measure::kCount},
    {"replication.conflicts",
     {"Conflicting writes", "two sites changed the same row", "", "writes conflict"},
     Measure::kCount},
    {"replication.stops",
     {"Streams that stood still", "nothing gets from one database to another meanwhile", "",
      "times a stream of changes stands still"},
     Measure::kCount},
    {"replication.stopped_s",
     {"Standstill of streams", "all streams together", "streams of changes stand still for", ""},
     Measure::kLength},
    {"capacity.refused.count",
     {"Calls that found no worker", "no room to wait, or waited too long", "", "calls find no worker"},
     Measure::kCount},
    {"capacity.waited.share",
     {"Calls that waited for a worker", "of all that came to gateways and key managers that have a number of them", "",
      "of the calls wait for a worker"},
     Measure::kShare},
    {"capacity.longest_wait_s",
     {"Longest wait for a worker", "whatever became of the call", "a call waits for a worker for", ""},
     Measure::kLength},
    {"capacity.utilisation.max",
     {"Busiest second of a node", "share of its workers at work", "", "of a node’s workers are at work in one second"},
     Measure::kShare},
    {"pool.waited.share",
     {"Calls that waited for a connection", "of all to other sites’ databases and key managers", "",
      "of the calls wait for a connection"},
     Measure::kShare},
    {"pool.given_up.count",
     {"Calls that got no connection", "the pool had run dry for too long", "", "calls get no connection"},
     Measure::kCount},
    {"pool.longest_wait_s",
     {"Longest wait for a connection", "whatever became of the call", "a call waits for a connection for", ""},
     Measure::kLength},
    {"load.key_manager.peak_ratio",
     {"Peak load of key managers", "busiest second after the first fault, against a mean one before",
      "key managers are asked", "times as much in one second as before the fault"},
     Measure::kPlain},
    {"load.database.peak_ratio",
     {"Peak load of databases", "busiest second after the first fault, against a mean one before",
      "databases are asked", "times as much in one second as before the fault"},
     Measure::kPlain},
    {"replication.divergent_rows_max",
     {"Rows that differed at once", "most at the same time", "", "rows differ at the same time"},
     Measure::kCount},
    {"replication.refused_writes",
     {"Writes refused at home", "by the writer’s own database", "", "writes are refused by their own database"},
     Measure::kCount},
    {"replication.divergent_rows_end",
     {"Rows that differ at the end", "after everything has settled", "", "rows differ at the end"},
     Measure::kCount},
    {"residency.rows_exported.count",
     {"Rows that left their jurisdiction", "copied to a site under another law than their user’s", "",
      "rows leave their user’s jurisdiction"},
     Measure::kCount},
    {"residency.requests_served_abroad.count",
     {"Requests served abroad", "at a site under another law than their region’s", "",
      "requests are served under another law than their user’s"},
     Measure::kCount},
    {"tokens.missing.count",
     {"Calls without a token", "that timed out waiting for one that nobody issued", "",
      "calls time out waiting for a token"},
     Measure::kCount},
    {"steering.elsewhere.share",
     {"Calls led elsewhere", "to another site than their region prefers, while that one was up", "",
      "of the calls go to another site than their region prefers"},
     Measure::kShare},
    {"steering.users_moved.share",
     {"Users who changed site", "whose calls went to more than one", "", "of the users call more than one site"},
     Measure::kShare},
    {"steering.unresolved.count",
     {"Calls without an address", "their host name had none, or no resolver could say", "",
      "calls end for want of an address"},
     Measure::kCount},
    {"steering.affinity_lost.count",
     {"Calls that lost their node", "the one that the client belonged to is gone, another was given", "",
      "calls find the node gone that their client belongs to"},
     Measure::kCount},
    {"statistics.total_error.ratio_max",
     {"Totals that were wrong", "a site’s answer for all APIs, most, against the requests there were",
      "a site’s totals are wrong by", "of the requests"},
     Measure::kShare},
    {"statistics.total_error.count_max",
     {"Requests that totals were wrong by", "a site’s answer for all APIs, most", "",
      "requests are missing from a site’s totals or too many in them"},
     Measure::kCount},
    {"statistics.sites_disagree.ratio_max",
     {"Sites that disagreed on totals", "two answers to one question, most, against the requests there were",
      "two sites’ totals differ by", "of the requests"},
     Measure::kShare},
    {"statistics.unanswered.count",
     {"Questions for totals without an answer", "the statistics database was lost, or out of reach", "",
      "questions for totals have no answer"},
     Measure::kCount},
    {"statistics.uncounted_end.count",
     {"Requests never counted", "missing from the totals at the end, and on their way nowhere", "",
      "requests are never counted"},
     Measure::kCount},
    {"statistics.double_counted_end.count",
     {"Requests counted that nobody made", "in the totals at the end, by the worst site", "",
      "requests are counted that nobody made"},
     Measure::kCount},
    {"session.read_your_writes.count",
     {"Own changes not seen", "a client that does not see what it wrote", "",
      "times a client does not see its own change"},
     Measure::kCount},
    {"session.monotonic_reads.count",
     {"Steps back in time", "a client that sees older data than before", "",
      "times a client sees older data than before"},
     Measure::kCount},
    {"session.monotonic_writes.count",
     {"Changes out of order", "a database has a client's later change without its earlier one", "",
      "times a database has a later change without the earlier one"},
     Measure::kCount},
    {"session.writes_follow_reads.count",
     {"Changes before their reasons", "a database has a change without what its writer had seen", "",
      "times a database has a change without what its writer had seen"},
     Measure::kCount},
    {"wan.calls_per_request",
     {"Calls to other sites a request", "to their databases and key managers", "a request takes",
      "calls to other sites"},
     Measure::kPlain},
    {"latency.p50",
     {"Latency, median", "half of the answers come sooner", "the median answer takes", ""},
     Measure::kLength},
    {"latency.p99",
     {"Latency, 99th percentile", "99 in 100 answers come sooner", "one answer in 100 takes", "or more"},
     Measure::kLength},
    {"cost.wan_calls_per_request",
     {"Calls between sites", "a request, on average over all", "a request costs", "calls between sites"},
     Measure::kPlain},
    {"cost.database_calls_per_request",
     {"Database calls", "a request, on average over all", "a request costs", "database calls"},
     Measure::kPlain},
}};

struct KnownConflict {
  std::string_view kind;
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array<KnownConflict, 11> kConflicts{{
    {"insert_insert", "Two rows with one key", "a new row arrives where another has its key"},
    {"update_update", "A row changed twice", "the row was changed here meanwhile"},
    {"update_missing", "Change of a row that is not there", "deleted here, or never arrived"},
    {"delete_changed", "Deletion of a row changed meanwhile", "here it is not what was deleted there"},
    {"delete_missing", "Deletion of a row that is gone", "it was deleted here too"},
    {"several_keys", "A row in the way of several", "more than one row here has one of its keys"},
    {"no_parent", "A row without its parent", "the row that it refers to is not here"},
    {"has_children", "Deletion of a row still in use", "other rows here refer to it"},
    {"missing_column", "A row with a column too many", "the table here has not got that column"},
    {"left_out", "Left out", "an operator let the stream go on behind it"},
    {"resynchronised", "Unknown to the trusted source", "its copy took the place of all rows here"},
}};

// Of window metrics the last part of the name says which of the windows counts.
struct Statistic {
  std::string_view token;
  std::string_view title;   // after the change's harm
  std::string_view detail;  // before the change's detail, "" = as it stands
  std::string_view after;   // closes the clause
};

constexpr std::array<Statistic, 4> kStatistics{{
    {"max", "", "", ""},
    {"p50", ", median", "half of the cases are shorter: ", "in half of the cases"},
    {"p95", ", 95th percentile", "95 in 100 cases are shorter: ", "in one case of 20"},
    {"p99", ", 99th percentile", "99 in 100 cases are shorter: ", "in one case of 100"},
}};

std::optional<MetricWords> window_metric(std::string_view metric) {
  constexpr std::string_view kPrefix = "window.";
  const std::size_t dot = metric.rfind('.');
  if (!metric.starts_with(kPrefix) || dot < kPrefix.size()) return std::nullopt;
  const std::string change(metric.substr(kPrefix.size(), dot - kPrefix.size()));
  const std::string_view statistic = metric.substr(dot + 1);
  const ChangeWords words = change_words(change);
  for (const Statistic& s : kStatistics) {
    if (s.token != statistic) continue;
    return MetricWords{words.harm + std::string(s.title),
                       std::string(s.detail) + words.detail,
                       words.clause,
                       std::string(s.after),
                       Measure::kLength,
                       change};
  }
  if (statistic == "censored") {
    return MetricWords{words.harm + ", still so at the end",
                       "windows that the run did not see close",
                       "",
                       words.many + " are not settled at the end",
                       Measure::kCount,
                       ""};
  }
  if (statistic == "flapping") {
    return MetricWords{words.harm + ", again after it was over",
                       "windows in which the change was seen, and then the old state again",
                       "",
                       words.many + " are seen and forgotten again",
                       Measure::kCount,
                       ""};
  }
  if (statistic == "moot") {
    return MetricWords{words.harm + ", moot",
                       "windows closed because they could no longer matter",
                       "",
                       "windows of " + words.many + " became moot",
                       Measure::kCount,
                       ""};
  }
  return std::nullopt;
}

Measure measure_of(std::string_view metric, std::string_view unit) {
  if (metric.ends_with("_share")) return Measure::kShare;
  if (unit == "s" || (unit.empty() && metric.ends_with("_s"))) return Measure::kLength;
  if (unit == "ratio") return Measure::kRatio;
  return unit.empty() ? Measure::kPlain : Measure::kCount;
}

}  // namespace

std::string spaced(std::string_view token) {
  std::string out(token);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '_' || c == '.'; }, ' ');
  return out;
}

ChangeWords change_words(std::string_view change) {
  for (const KnownChange& known : kChanges) {
    if (known.token != change) continue;
    const auto& w = known.words;
    return {std::string(w[0]), std::string(w[1]), std::string(w[2]),
            std::string(w[3]), std::string(w[4]), std::string(w[5])};
  }
  const std::string name = spaced(change);
  return {name,
          capitalised(name) + ": not yet seen",
          "a node decides by the old state",
          "a change (" + name + ") stays unseen for",
          "changes (" + name + ")",
          "there was a change (" + name + ")"};
}

std::string stage_words(std::string_view stage) {
  const auto known = std::find_if(kStages.begin(), kStages.end(), [&](const Pair& p) { return p.first == stage; });
  return known == kStages.end() ? spaced(stage) : std::string(known->second);
}

std::string stage_label(std::string_view stage) {
  const std::string words = stage_words(stage);
  for (const std::string_view article : {"the ", "a "}) {
    if (words.starts_with(article)) return words.substr(article.size());
  }
  return words;
}

MetricWords metric_words(std::string_view metric, std::string_view unit) {
  if (auto words = window_metric(metric)) return *std::move(words);
  for (const KnownMetric& known : kMetrics) {
    if (known.name != metric) continue;
    const auto& w = known.words;
    return {std::string(w[0]), std::string(w[1]), std::string(w[2]), std::string(w[3]), known.measure, ""};
  }
  const std::string name = spaced(metric);
  return {capitalised(name), std::string(metric), name + " is", "", measure_of(metric, unit), ""};
}

std::string value_words(double value, Measure measure, Length length) {
  switch (measure) {
    case Measure::kLength: {
      const double ns = std::clamp(value * 1e9, -9e18, 9e18);
      const auto whole = static_cast<std::int64_t>(std::round(ns));
      return length == Length::kChosen ? round_clock_words(whole) : clock_words(whole);
    }
    case Measure::kRatio:
      return ratio_words(value);
    case Measure::kShare:
      return percent_words(value);
    case Measure::kCount:
    case Measure::kPlain:
      break;
  }
  return number_words(value);
}

ConflictWords conflict_words(std::string_view kind) {
  for (const KnownConflict& known : kConflicts) {
    if (known.kind == kind) return {std::string(known.name), std::string(known.meaning)};
  }
  return {capitalised(spaced(kind)), ""};
}

std::string error_words(std::string_view error) {
  if (error == "wrong_allow") return "let through wrongly";
  if (error == "wrong_deny") return "refused wrongly";
  if (error == "wrong_variant") return "served by an old version";
  return spaced(error);
}

std::string error_reason(std::string_view error, std::string_view why) {
  if (why == "start") return "the gateway had not put it up again";
  if (why == "token_expiry") return error == "wrong_deny" ? "the token had not expired" : "the token had expired";
  if (why == "database") return "the database could not be asked";
  if (why == "api_row") return "the key manager did not know the API yet";
  if (why == "quota") return error == "wrong_deny" ? "the quota was not used up" : "the quota was used up";
  return change_words(why).reason;
}

}  // namespace parallax::reports
