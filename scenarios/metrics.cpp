#include "scenarios/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/domain/change.h"

namespace parallax::scenarios {
namespace {

using enum MetricUnit;

bool is_made_by_models(std::string_view change) {
  const auto& kinds = domain::kChangeKinds;
  return std::any_of(kinds.begin(), kinds.end(), [&](domain::ChangeKind kind) { return name_of(kind) == change; });
}

void add_windows(const std::string& change, std::vector<MetricDefinition>& metrics) {
  const bool is_made = is_made_by_models(change);
  const auto add = [&](std::string_view statistic, MetricUnit unit, std::string definition) {
    if (!is_made) definition += "; no model makes this change yet";
    metrics.push_back({fmt::format("window.{}.{}", change, statistic), unit, std::move(definition)});
  };
  for (const int percent : {50, 95, 99}) {
    add(fmt::format("p{}", percent), seconds,
        fmt::format("time that {} % of the complete windows after {} stay within; of those open at the end only the "
                    "least is known (Kaplan-Meier)",
                    percent, change));
  }
  add("max", seconds, fmt::format("longest complete window after {}", change));
  add("censored", windows, fmt::format("windows after {} still open at the end of the run", change));
  add("moot", windows, fmt::format("windows after {} that ended because the change could no longer matter", change));
  add("flapping", windows, fmt::format("windows after {} in which it was seen, and then the old again", change));
}

}  // namespace

bool is_never_measured(std::string_view name) {
  constexpr std::string_view kWindow = "window.";
  if (!name.starts_with(kWindow)) return false;
  name.remove_prefix(kWindow.size());
  return !is_made_by_models(name.substr(0, name.rfind('.')));
}

std::string_view to_string(MetricUnit unit) {
  switch (unit) {
    case seconds:
      return "s";
    case ratio:
      return "ratio";
    case requests:
      return "requests";
    case windows:
      return "windows";
    case rows:
      return "rows";
    case conflicts:
      return "conflicts";
    case events:
      return "events";
    case messages:
      return "messages";
    case entries:
      return "entries";
  }
  return {};
}

std::vector<std::string> change_names() {
  return {"token_issued",         "token_revoked",  "api_published", "api_retired", "subscription_added",
          "subscription_blocked", "policy_changed", "key_rotated",   "key_retired"};
}

std::vector<MetricDefinition> all_metrics() {
  std::vector<MetricDefinition> metrics;
  for (const std::string& change : change_names()) add_windows(change, metrics);
  metrics.insert(
      metrics.end(),
      {{"decision.wrong_allow.count", requests, "requests allowed that the single copy denies"},
       {"decision.wrong_deny.count", requests, "requests denied that the single copy allows"},
       {"decision.wrong_variant.count", requests, "requests decided by an old revision or policy"},
       {"decision.wrong_allow.clients", entries, "tokens of which a call was wrongly allowed"},
       {"decision.wrong_deny.clients", entries, "tokens of which a call was wrongly denied"},
       {"decision.wrong_variant.clients", entries, "tokens of which a call was decided by an old revision"},
       {"decision.wrong_allow.longest_s", seconds, "longest spell of wrong allows, no two of them 5 s apart"},
       {"decision.wrong_deny.longest_s", seconds, "longest spell of wrong denies, no two of them 5 s apart"},
       {"decision.wrong_variant.longest_s", seconds, "longest spell of decisions by old revisions, likewise"},
       {"throttle.over_admission.count", requests, "requests admitted beyond the limit of their limit window"},
       {"throttle.over_admission.ratio_max", ratio, "greatest admitted / limit of a limit window"},
       {"throttle.over_admission.windows_share", ratio, "share of the limit windows with demand that went over"},
       {"throttle.over_admission.sliding_ratio_max", ratio,
        "greatest admitted / limit in any span of a limit window's length"},
       {"availability.api.ratio", ratio, "share of the API requests that got a good answer"},
       {"availability.token.ratio", ratio, "the same of calls of the token endpoint"},
       {"availability.portal.ratio", ratio, "the same of calls of the developer portal"},
       {"availability.publisher.ratio", ratio, "the same of calls of the publisher"},
       {"availability.api.unavailable_s", seconds, "time during which API requests found no working gateway"},
       {"availability.api.failed_requests", requests, "API requests that got no answer"},
       {"availability.token.unavailable_s", seconds,
        "time during which the token endpoint served under half of its calls"},
       {"availability.token.failed_requests", requests, "calls of the token endpoint that got no answer"},
       {"availability.portal.unavailable_s", seconds,
        "time during which the developer portal served under half of its calls"},
       {"availability.portal.failed_requests", requests, "calls of the developer portal that got no good answer"},
       {"availability.publisher.unavailable_s", seconds,
        "time during which the publisher served under half of its calls"},
       {"availability.publisher.failed_requests", requests, "calls of the publisher that got no good answer"},
       {"recovery.time_s", seconds, "longest time from the loss of a site until a population was served again"},
       {"tokens.in_force.least_ratio", ratio,
        "least number of access tokens that were neither expired nor revoked, as a share of that at the start"},
       {"tokens.missing.count", requests, "calls that timed out waiting for a token that nobody issued"},
       {"startup.time_s", seconds, "longest time from power to the readiness of a gateway, or to the end of the run"},
       {"startup.incomplete_s", seconds,
        "longest time that a gateway was ready without an API that it had served before it was lost"},
       {"recovery.point_s", seconds,
        "how long before a site's loss the first write was acknowledged that did not survive"},
       {"recovery.lost_writes", requests, "acknowledged writes that no replica holds at the end"},
       {"recovery.late_writes", requests, "replicated rows that a fault kept back and that came after it"},
       {"session.token_refused_elsewhere.count", requests,
        "requests refused at one site because it did not know a token that another had issued"},
       {"session.read_your_writes.count", requests,
        "requests decided on an older version than a write that the client's session had acknowledged before"},
       {"session.monotonic_reads.count", requests,
        "requests decided on an older version than the client's session had seen before"},
       {"session.monotonic_writes.count", rows,
        "rows that a database applied before an earlier write of the same application"},
       {"session.writes_follow_reads.count", rows,
        "rows that a database applied before what their writer had seen when it wrote them"},
       {"replication.conflicts", conflicts, "changes from another replica that met something they did not expect"},
       {"replication.stops", conflicts, "times that a stream stood still because of a conflict"},
       {"replication.stopped_s", seconds, "time that streams stood still, all together"},
       {"replication.divergent_rows_end", rows, "rows that differ between replicas at the end of the run"},
       {"replication.divergent_rows_max", rows, "rows that differed at the same time, at the most"},
       {"replication.refused_writes", requests, "writes that the writer's own database refused"},
       {"residency.rows_exported.count", rows, "rows applied at a site under another law than that of their user"},
       {"residency.requests_served_abroad.count", requests,
        "requests served at a site under another law than that of their region"},
       {"steering.elsewhere.share", ratio,
        "share of calls to another site than their region prefers while that one was up"},
       {"steering.users_moved.share", ratio, "share of users whose calls went to more than one site"},
       {"steering.unresolved.count", requests, "calls that ended because their host name had no address"},
       {"steering.affinity_lost.count", requests,
        "calls whose client belonged to a node, here or at another site, and was given another"},
       {"statistics.total_error.ratio_max", ratio,
        "greatest |answered - decided| / decided requests when a site asks for all totals"},
       {"statistics.total_error.count_max", requests, "greatest |answered - decided| requests, likewise"},
       {"statistics.sites_disagree.ratio_max", ratio,
        "greatest difference of two sites' answers to one question / decided requests"},
       {"statistics.unanswered.count", requests, "questions for totals that the database did not answer"},
       {"statistics.uncounted_end.count", requests,
        "decided requests that totals lack at the end and that wait nowhere to be summarised, at the worst site"},
       {"statistics.double_counted_end.count", requests,
        "requests in the totals at the end that nobody has decided, at the worst site"},
       {"events.lost.token_revocation.count", events, "events of revoked tokens that did not get to a gateway"},
       {"events.lost.notification.count", events,
        "notifications of APIs and subscriptions that did not get to a gateway"},
       {"events.lost.throttle_data.count", events, "throttle decisions that did not get to a gateway"},
       {"throttle.uncounted.count", requests,
        "admitted requests that did not get to a traffic manager of another site"},
       {"cache.hits.ratio", ratio,
        "share of look-ups that shared token caches answered, of gateways that share theirs"},
       {"cache.key_validations.count", requests, "look-ups that they did not answer: a key manager was asked"},
       {"cache.messages.count", messages, "messages in which gateways told each other what to forget"},
       {"cache.stale_recaches.count", entries,
        "entries filled with an answer that the gateway had been told to forget"},
       {"cache.longest_wait", seconds, "longest time that a call waited for the shared map, asking or putting"},
       {"capacity.refused.count", requests, "calls that workers had no room for, or that waited too long for one"},
       {"capacity.waited.share", ratio, "share of the calls at workers that found none free and waited"},
       {"capacity.longest_wait_s", seconds, "longest time that a call waited for a worker, whatever became of it"},
       {"capacity.utilisation.max", ratio, "share of a node's workers at work, in its busiest second"},
       {"pool.waited.share", ratio, "share of the calls over pools of connections that found none free and waited"},
       {"pool.given_up.count", requests, "of those, calls that failed as they had waited for too long"},
       {"pool.longest_wait_s", seconds, "longest time that a call waited for a connection, whatever became of it"},
       {"load.key_manager.peak_ratio", ratio,
        "questions for and about tokens in the busiest second from the first fault on / in a mean second before it, "
        "all sites together"},
       {"load.database.peak_ratio", ratio,
        "statements in the busiest second from the first fault on / in a mean second before it, all sites together"},
       {"throttle.flips.count", requests, "requests admitted after a refusal in the same limit window"},
       {"not_found.flips.count", requests,
        "calls answered 404 although the same token had been answered by the same new API before"},
       {"not_found.flipped_sessions.share", ratio,
        "share of the tokens that called an API before all gateways had it, each by API, for which it came and went"},
       {"not_found.hidden.share", ratio,
        "share of the calls for a new API, while a gateway of the data center lacked it, that met one that had it"},
       {"wan.calls_per_request", ratio,
        "statements and web-service calls to other sites for each request decided at sites that make them"},
       {"cost.wan_calls_per_request", ratio,
        "the same calls for each request decided anywhere; none where every site asks at home"},
       {"cost.database_calls_per_request", ratio,
        "statements that databases ran for nodes, whatever for, for each request decided"},
       {"latency.p50", seconds, "median time from a request's sending to its answer, of answered ones"},
       {"latency.p99", seconds, "time within which 99 % of the answered requests were"}});
  return metrics;
}

bool is_better_when_higher(std::string_view name) {
  const bool is_share_served = name.starts_with("availability.") && name.ends_with(".ratio");
  return is_share_served || name == "tokens.in_force.least_ratio" || name == "cache.hits.ratio";
}

bool is_share(std::string_view name) {
  return name.ends_with(".share") || name.ends_with("_share") || name == "capacity.utilisation.max" ||
         is_better_when_higher(name);
}

std::optional<MetricDefinition> find_metric(std::string_view name) {
  for (MetricDefinition& metric : all_metrics()) {
    if (metric.name == name) return std::move(metric);
  }
  return std::nullopt;
}

Parsed<double> parse_limit(MetricUnit unit, std::string_view text) {
  if (unit != seconds) return parse_number(text);
  const Parsed<sim::Duration> length = parse_duration(text);
  if (!length.value) return {std::nullopt, length.error};
  constexpr double kNanosecondsPerSecond = 1e9;
  return {static_cast<double>(length.value->ns) / kNanosecondsPerSecond, {}};
}

}  // namespace parallax::scenarios
