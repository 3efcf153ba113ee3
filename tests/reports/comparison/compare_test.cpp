#include <catch2/catch.hpp>

#include "reports/comparison/compare_page.h"
#include "reports/comparison/compare_text.h"
#include "reports/comparison/compared.h"
#include "tests/reports/find_text.h"
#include "tests/reports/own_script.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

using test::contains;

// A design with two targets, of which it meets so many.
schema::Result design(const std::string& name, int met) {
  schema::Result result = test::sample_result();
  result.set_scenario(name);
  result.clear_expectations();
  const std::array<const char*, 2> metrics{"window.token_revoked.max", "throttle.over_admission.ratio_max"};
  for (int i = 0; i < 2; ++i) {
    auto& expectation = *result.add_expectations();
    expectation.set_metric(metrics[static_cast<std::size_t>(i)]);
    expectation.set_operator_("at_most");
    expectation.set_limit(60);
    expectation.set_verdict(i < met ? "pass" : "fail");
  }
  return result;
}

struct Seen {
  std::string name;
  int met;
  double median;        // of its difference
  std::string verdict;  // likewise
};

schema::Comparison comparison_of(const std::vector<Seen>& designs) {
  schema::Comparison comparison;
  comparison.set_seeds(8);
  comparison.set_command("parallax compare a b");
  auto& metric = *comparison.add_metrics();
  metric.set_name("window.token_revoked.max");
  metric.set_unit("s");
  for (std::size_t i = 0; i < designs.size(); ++i) {
    *comparison.add_designs() = design(designs[i].name, designs[i].met);
    auto& values = *metric.add_values();
    values.add_values(930);
    values.add_seeds(1);
    auto& difference = *metric.add_differences();
    if (designs[i].verdict == "better") metric.add_best(static_cast<std::uint32_t>(i));
    if (i == 0) continue;
    difference.set_n(8);
    difference.set_median(designs[i].median);
    difference.set_verdict(designs[i].verdict);
  }
  return comparison;
}

TEST_CASE("the headline says who meets what") {
  const auto headline = [](std::vector<int> met) {
    std::vector<Seen> designs;
    for (std::size_t i = 0; i < met.size(); ++i)
      designs.push_back({std::string(1, static_cast<char>('a' + i)), met[i], 0, "same"});
    const auto comparison = comparison_of(designs);
    return comparison_headline(comparison, columns_of(comparison));
  };
  CHECK(headline({2, 1, 0}) == "a is the only one of three designs that meets all its targets");
  CHECK(headline({2, 2}) == "Both designs meet all their targets");
  CHECK(headline({2, 2, 2}) == "All three designs meet all their targets");
  CHECK(headline({2, 1, 2}) == "a and c meet all their targets; b does not");
  CHECK(headline({0, 1, 0}) == "None of the three designs meets all its targets; b comes closest, with 1 of 2");
  CHECK(headline({1, 1, 0}) == "None of the three designs meets all its targets; a and b come closest, with 1 of 2");
  CHECK(headline({1, 1}) == "Neither design meets all its targets; each meets 1 of 2");
}

TEST_CASE("the lede says what is better and worse, and what is not certain") {
  const auto comparison = comparison_of({{"a", 0, 0, ""}, {"b", 0, -546, "better"}, {"c", 0, 12, "unclear"}});
  CHECK(comparison_lede(comparison, columns_of(comparison)) ==
        "Held against a: b is better at access that should have ended. By the measures below no "
        "difference between it and c is certain.");
}

TEST_CASE("a difference has its sign, none has none") {
  CHECK(signed_words(-546, Measure::kLength) == "−9\u00A0min\u00A006\u00A0s");
  CHECK(signed_words(1.5, Measure::kRatio) == "+1.5×");
  CHECK(signed_words(-0.342, Measure::kShare) == "−34.2\u00A0points");
  CHECK(signed_words(0, Measure::kLength) == "0\u00A0s");
}

TEST_CASE("of open values no mean is told") {
  auto comparison = comparison_of({{"a", 0, 0, ""}, {"b", 0, -546, "better"}});
  const std::string page = compare_page(comparison);
  CHECK(!contains(page, "−7"));
  comparison.mutable_metrics(0)->mutable_differences(1)->set_mean(-7);
  CHECK(contains(compare_page(comparison), "−7\u00A0s"));
}

TEST_CASE("names are text wherever they stand") {
  const std::string name = "<script>alert(1)</script>\"'&\u202E\U0001F600";
  const auto comparison = comparison_of({{name, 0, 0, ""}, {"b", 0, -546, "better"}});
  const std::string page = compare_page(comparison);
  CHECK(test::runs_only_its_own_script(page));
  CHECK(contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(!contains(page, "href=\"javascript:"));
  CHECK(!contains(compare_text(comparison), "\033"));
}

TEST_CASE("a page without anything measured, and one of twelve designs") {
  schema::Comparison none;
  *none.add_designs() = schema::Result{};
  *none.add_designs() = schema::Result{};
  CHECK(contains(compare_page(none), "Between two designs in the same trial no difference is certain"));
  std::vector<Seen> twelve;
  for (int i = 0; i < 12; ++i)
    twelve.push_back({"design-" + std::to_string(i), i % 3, i - 6.0, i % 2 == 0 ? "better" : "worse"});
  const auto comparison = comparison_of(twelve);
  const std::string page = compare_page(comparison);
  for (const Seen& seen : twelve) CHECK(contains(page, seen.name));
  CHECK(page == compare_page(comparison));
}

// A metric more, that both designs have and that tells them apart.
schema::ComparedMetric& add_metric(schema::Comparison& comparison, const std::string& name, const std::string& unit) {
  auto& metric = *comparison.add_metrics();
  metric.set_name(name);
  metric.set_unit(unit);
  metric.add_best(0);
  for (int i = 0; i < comparison.designs_size(); ++i) {
    metric.add_values()->add_values(i + 1);
    auto& difference = *metric.add_differences();
    if (i > 0) difference.set_n(8);
    auto& of = *comparison.mutable_designs(i)->add_metrics();
    of.set_name(name);
    of.set_unit(unit);
    of.set_estimate(i + 1);
    of.set_worst(i + 1);
    of.set_n(8);
  }
  return metric;
}

TEST_CASE("page one has every target, five beside each other at the most") {
  auto comparison = comparison_of({{"a", 0, 0, ""}, {"b", 0, -546, "better"}});
  const std::vector<std::string> more{"recovery.time_s", "window.api_published.max", "latency.p99",
                                      "recovery.lost_writes", "replication.conflicts"};
  for (const std::string& metric : more) {
    add_metric(comparison, metric, "s");
    for (auto& design : *comparison.mutable_designs()) {
      auto& expectation = *design.add_expectations();
      expectation.set_metric(metric);
      expectation.set_operator_("at_most");
      expectation.set_limit(9);
    }
  }
  // Over-admission is a target without values here; the others are six.
  CHECK(columns_of(comparison).size() == 6);
  const std::string page = compare_page(comparison);
  std::size_t tables = 0;
  for (std::size_t at = page.find("The worst value of each design"); at != std::string::npos;
       at = page.find("The worst value of each design", at + 1)) {
    ++tables;
  }
  CHECK(tables == 2);  // three and three
  for (const std::string& metric : more) CHECK(contains(page, metric_words(metric, "").title));
}

// Two designs of which the trial asks six things: a is best at the first two, b at the next two, neither at the rest.
schema::Comparison six_questions() {
  auto comparison = comparison_of({{"a", 0, 0, ""}, {"b", 0, 0, "same"}});
  for (auto& design : *comparison.mutable_designs()) design.clear_expectations();
  const std::vector<std::string> asked{
      "recovery.time_s",       "window.api_published.max",   "recovery.lost_writes",
      "replication.conflicts", "replication.refused_writes", "cost.wan_calls_per_request"};
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto& metric = add_metric(comparison, asked[i], "");
    metric.clear_best();
    if (i < 2 || i > 3) metric.add_best(0);
    if (i >= 2) metric.add_best(1);
    comparison.add_asked(asked[i]);
  }
  return comparison;
}

TEST_CASE("without targets the headline says who is best at most of the first five questions") {
  auto comparison = six_questions();
  const auto headline = [&] { return comparison_headline(comparison, columns_of(comparison)); };
  CHECK(headline() == "Neither of the two designs is best at everything; a and b lead in 2 of 4 questions");
  comparison.mutable_metrics(2)->clear_best();  // the second question: only where somebody is best do designs differ
  CHECK(headline() == "Neither of the two designs is best at everything; b leads in 2 of 3 questions");
  comparison.mutable_metrics(1)->clear_best();
  CHECK(headline() == "b leads by every measure that tells the designs apart");
}

TEST_CASE("of a trial's questions five are answered on page one, the others after what the designs cost") {
  const std::string page = compare_page(six_questions());
  const auto first = page.find("What each costs");
  const auto rest = page.find("What else the trial asks about");
  CHECK(page.find(metric_words("replication.refused_writes", "").title) < first);
  CHECK(first < rest);
  CHECK(rest != std::string::npos);
}

TEST_CASE("a measure that is split by population is told by population") {
  auto comparison = six_questions();
  add_metric(comparison, "latency.p50", "s");
  comparison.add_asked("latency.p50");
  CHECK(columns_of(comparison).size() == 7);
  for (auto& design : *comparison.mutable_designs()) {
    for (const char* population : {"near", "far"}) {
      auto& metric = *design.add_metrics();
      metric.set_name("latency.p50");
      metric.set_unit("s");
      metric.set_population(population);
      metric.set_estimate(population == std::string("near") ? 0.011 : 0.153);
    }
  }
  CHECK(columns_of(comparison).size() == 6);
  CHECK(populations_of(comparison, "latency.p50") == std::vector<std::string>{"near", "far"});
  const std::string page = compare_page(comparison);
  for (const char* fact : {"How long answers take", "near", "far", "11\u00A0ms", "153\u00A0ms"}) {
    CHECK(contains(page, fact));
  }
}

TEST_CASE("what pairing gains is told of all differences, not of the best") {
  auto comparison =
      comparison_of({{"a", 0, 0, ""}, {"b", 0, -1, "better"}, {"c", 0, -2, "better"}, {"d", 0, 0, "same"}});
  const std::array<std::pair<double, double>, 3> pairs{{{0.9, 10}, {-0.2, 0.8}, {0.5, 2}}};
  for (int i = 0; i < 3; ++i) {
    auto& difference = *comparison.mutable_metrics(0)->mutable_differences(i + 1);
    difference.set_correlation(pairs[static_cast<std::size_t>(i)].first);
    difference.set_gain(pairs[static_cast<std::size_t>(i)].second);
  }
  CHECK(
      contains(compare_page(comparison),
               "in the median of 3\u00A0differences that vary the values of two designs correlate with 0.50 (−0.20 to "
               "0.90), and unpaired 2.0 times (0.8 to 10.0) as many runs would be needed"));
}

TEST_CASE("a difference of shares near 1 keeps its hundredths") {
  CHECK(signed_words(0.0005, Measure::kShare) == "+0.050\u00A0points");
  CHECK(signed_words(-0.005, Measure::kShare) == "−0.50\u00A0points");
  CHECK(signed_words(0.000001, Measure::kShare) == "+under\u00A00.001\u00A0points");
  CHECK(signed_words(0, Measure::kShare) == "0 points");
}

TEST_CASE("designs stand in planes of a window against what it is traded for, and in figures") {
  auto comparison = comparison_of({{"a", 0, 0, ""}, {"b", 0, -546, "better"}});
  add_metric(comparison, "latency.p99", "s");
  add_metric(comparison, "cost.wan_calls_per_request", "ratio");
  const std::string page = compare_page(comparison);
  CHECK(contains(page, "Latency, 99th percentile by Access that should have ended: a"));
  CHECK(contains(page, "Calls between sites by Access that should have ended: a"));
  CHECK(contains(page, "Each design by the measures of the planes"));
  CHECK(contains(page, "What each costs"));
}

TEST_CASE("windows of all designs are curves of one panel, with their figures below") {
  auto comparison = comparison_of({{"a", 0, 0, ""}, {"b", 0, -546, "better"}});
  for (int i = 0; i < 2; ++i) {
    auto& design = *comparison.mutable_designs(i);
    design.clear_window_classes();
    auto& of = *design.add_window_classes();
    of.set_change("token_revoked");
    of.set_observer("*");
    of.set_count(12);
    for (int k = 0; k <= 100; ++k) of.add_quantiles_ns((i + 1) * k * 1'000'000'000LL);
    of.set_max_ns((i + 1) * 100'000'000'000LL);
  }
  comparison.mutable_designs(1)->mutable_window_classes(0)->set_reached(0.75);
  const std::string page = compare_page(comparison);
  CHECK(contains(page, "a: half within 50\u00A0s; b: half within 1\u00A0min\u00A040\u00A0s"));
  CHECK(contains(page, "class=\"of-design d0\""));
  CHECK(contains(page, "class=\"of-design d1\" stroke-dasharray="));
  CHECK(contains(page, "≥\u00A03\u00A0min\u00A020\u00A0s"));  // the longest of b
  CHECK(contains(page, ">25\u00A0%<"));                       // of which so many were open
}

}  // namespace
}  // namespace parallax::reports
