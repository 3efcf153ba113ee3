// What the page says of new APIs that some gateways had before others.
#include <catch2/catch.hpp>

#include "reports/run/run_page.h"
#include "reports/words.h"
#include "tests/reports/sample_result.h"

namespace parallax::reports {
namespace {

std::string page_with(double flips, double hidden) {
  schema::Result result = test::sample_result();
  test::add_metric(result, "not_found.flips.count", "requests", flips, flips, 1, 200);
  test::add_metric(result, "not_found.hidden.share", "ratio", hidden, hidden, 1, 1523);
  return run_page(result);
}

TEST_CASE("a page tells of APIs that came and went, and of what affinity hid") {
  CHECK_THAT(page_with(331, 0.5), Catch::Contains("Up to 331 calls got a 404 from an API that had answered"));
  CHECK_THAT(page_with(331, 0.5), Catch::Contains("50\u00A0% of its calls met one that had it"));
  CHECK_THAT(page_with(0, 0.5), Catch::Contains("No client saw a new API come and go."));
  CHECK_THAT(page_with(0, 0.5), Catch::Contains("clients of the other gateways got a 404"));
}

TEST_CASE("a page without new APIs says nothing of them") {
  CHECK_THAT(run_page(test::sample_result()), !Catch::Contains("come and go"));
}

}  // namespace
}  // namespace parallax::reports
