// What others claim, on a terminal, as Markdown and in the report of a scenario that decides it.
#include "reports/authoring/claims_text.h"

#include <catch2/catch.hpp>

#include "reports/run/run_page.h"
#include "scenarios/claims/claims.h"
#include "tests/reports/find_text.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

using test::contains;

schema::Claims two_claims() {
  schema::Claims claims;
  schema::SeedText& text = *claims.add_texts();
  text.set_file("009_x.txt");
  text.set_title("A text");
  schema::Claim& told = *text.add_claims();
  told.set_id("009-limits");
  told.add_paragraphs(4);
  told.add_paragraphs(6);
  told.set_says("Limits | hold < always.");
  told.set_verdict(schema::REFUTED);
  told.set_because("They double.");
  schema::Evidence& evidence = *told.add_evidence();
  evidence.set_scenario("deployments/pair");
  evidence.set_expectation("throttle.over_admission.ratio_max/at_least");
  schema::Claim& silent = *text.add_claims();
  silent.set_id("009-ports");
  silent.add_paragraphs(7);
  silent.set_says("Ports have an offset.");
  silent.set_verdict(schema::NOT_MODELLED);
  silent.set_because("There are none.");
  return claims;
}

TEST_CASE("a terminal shows each claim, its verdict and what asserts it") {
  CHECK(claims_text(two_claims()) ==
        "A text, 009_x.txt\n\n"
        "  009-limits (paragraph 4 and 6): Limits | hold < always.\n"
        "    refuted: They double.\n"
        "      deployments/pair: throttle.over_admission.ratio_max, at least\n"
        "  009-ports (paragraph 7): Ports have an offset.\n"
        "    not modelled: There are none.\n");
}

TEST_CASE("in Markdown the summary comes first, and no word breaks a table") {
  const std::string summary =
      "| text | claims | confirmed | refuted | only if | not modelled |\n"
      "|---|---|---|---|---|---|\n"
      "| A text | 2 | 0 | 1 | 0 | 1 |\n";
  CHECK(claims_summary(two_claims()) == summary);
  const std::string all = claims_markdown(two_claims());
  CHECK(all.starts_with(summary + "\n"));
  CHECK(contains(all, "| 009-limits | 4 and 6 | Limits \\| hold &lt; always. | **refuted** | They double. |"));
  CHECK(contains(all, "| 009-ports | 7 | Ports have an offset. | not modelled | There are none. |  |"));
}

TEST_CASE("a report shows the claims that its scenario decides, and what came of them") {
  schema::Result result = test::sample_result();
  CHECK(!contains(run_page(result), "What others have written"));
  REQUIRE(result.expectations_size() > 0);
  result.mutable_expectations(0)->set_text("seen & judged");
  schema::JudgedClaim& claim = *result.add_claims();
  claim.set_id("009-limits");
  claim.set_text("009_x.txt");
  claim.add_paragraphs(4);
  claim.set_says("<b>Limits</b> hold.");
  claim.set_verdict("only if");
  claim.set_because("nobody looks.");
  claim.add_expectations(0);
  claim.add_expectations(99);  // of a result that somebody has cut short
  const std::string page = run_page(result);
  CHECK(contains(page, "What others have written"));
  CHECK(contains(page, "&lt;b&gt;Limits&lt;/b&gt; hold."));
  CHECK(contains(page, "Only if"));
  CHECK(contains(page, "seen &amp; judged"));
}

}  // namespace
}  // namespace parallax::reports
