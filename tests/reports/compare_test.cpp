#include <catch2/catch.hpp>

#include "reports/compare_page.h"
#include "reports/compare_text.h"
#include "reports/compared.h"
#include "tests/reports/own_script.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

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
    return comparison_headline(comparison_of(designs));
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
  CHECK(contains(compare_page(none), "none has a target"));
  std::vector<Seen> twelve;
  for (int i = 0; i < 12; ++i)
    twelve.push_back({"design-" + std::to_string(i), i % 3, i - 6.0, i % 2 == 0 ? "better" : "worse"});
  const auto comparison = comparison_of(twelve);
  const std::string page = compare_page(comparison);
  for (const Seen& seen : twelve) CHECK(contains(page, seen.name));
  CHECK(page == compare_page(comparison));
}

}  // namespace
}  // namespace parallax::reports
