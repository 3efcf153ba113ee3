#include "reports/vocabulary.h"

#include <catch2/catch.hpp>

#include "reports/words.h"
#include "scenarios/metrics.h"

namespace parallax::reports {
namespace {

TEST_CASE("known tokens have words of their own and unknown ones lose their underscores") {
  CHECK(stage_words("token_cache_ttl") == "token-cache TTL");
  CHECK(stage_words("cache_sweep") == "the sweeper’s wait");
  CHECK(stage_label("cache_sweep") == "sweeper’s wait");
  CHECK(stage_words("quantum_relay") == "quantum relay");
  CHECK(change_words("api_published").name == "API published");
  CHECK(change_words("quota_raised").name == "quota raised");
  CHECK(error_reason("wrong_allow", "quota") == "the quota was used up");
  CHECK(error_reason("wrong_deny", "quota") == "the quota was not used up");
  CHECK(error_reason("wrong_allow", "token_revoked") == "the token was revoked");
}

TEST_CASE("a metric brings its title and its way of writing values") {
  const MetricWords window = metric_words("window.token_revoked.max", "s");
  CHECK(window.title == "Access that should have ended");
  CHECK(window.change == "token_revoked");
  CHECK(window.measure == Measure::kLength);
  CHECK(metric_words("window.token_revoked.p99", "s").title == "Access that should have ended, 99th percentile");
  CHECK(metric_words("window.token_revoked.censored", "windows").measure == Measure::kCount);
  CHECK(metric_words("throttle.over_admission.ratio_max", "ratio").title == "Quota given away");
  CHECK(metric_words("throttle.over_admission.windows_share", "ratio").measure == Measure::kShare);
  CHECK(metric_words("novel.thing.seen_s", "").title == "Novel thing seen s");
  CHECK(metric_words("novel.thing.seen_s", "").measure == Measure::kLength);
  CHECK(metric_words("window.", "").title == "Window ");
}

TEST_CASE("every metric has words of its own") {
  for (const scenarios::MetricDefinition& metric : scenarios::all_metrics()) {
    INFO(metric.name);
    const MetricWords words = metric_words(metric.name, to_string(metric.unit));
    CHECK(words.title != capitalised(spaced(metric.name)));
    CHECK_FALSE(words.detail.empty());
    CHECK_FALSE((words.clause.empty() && words.after.empty()));
  }
  CHECK(metric_words("residency.rows_exported.count", "rows").title == "Rows that left their jurisdiction");
  const MetricWords error = metric_words("statistics.total_error.ratio_max", "ratio");
  CHECK(plain(value_words(0.5, error.measure, Length::kMeasured)) == "50 %");
  CHECK(metric_words("statistics.total_error.count_max", "requests").measure == Measure::kCount);
  CHECK(metric_words("statistics.sites_disagree.ratio_max", "ratio").measure == Measure::kShare);
  CHECK(metric_words("statistics.unanswered.count", "requests").measure == Measure::kCount);
  CHECK(metric_words("statistics.uncounted_end.count", "requests").title == "Requests never counted");
  CHECK(metric_words("statistics.double_counted_end.count", "requests").measure == Measure::kCount);
}

TEST_CASE("values are written by their measure") {
  CHECK(plain(value_words(928, Measure::kLength, Length::kMeasured)) == "15 min 28 s");
  CHECK(plain(value_words(60, Measure::kLength, Length::kChosen)) == "1 min");
  CHECK(plain(value_words(1e300, Measure::kLength, Length::kMeasured)).ends_with(" h"));  // held within 292 years
  CHECK(value_words(1.95, Measure::kRatio, Length::kMeasured) == "1.95×");
  CHECK(plain(value_words(2'190, Measure::kCount, Length::kMeasured)) == "2190");
}

}  // namespace
}  // namespace parallax::reports
