#include "report_pages.h"

#include <ctime>
#include <numeric>
#include <string>

#include "busy_deployment.h"
#include "reports/run/run_page.h"
#include "scenarios/load.h"
#include "scenarios/run.h"

namespace parallax::bench {

PageOutcome library_page(std::uint32_t seeds) {
  scenarios::RunOptions options;
  options.seeds.resize(seeds);
  std::iota(options.seeds.begin(), options.seeds.end(), std::uint64_t{1});
  options.jobs = 2;
  const auto run = scenarios::run(*scenarios::load_file(deployment_file("active_active"), busy()).loaded, options);
  PageOutcome outcome;
  outcome.requests = run.result.requests();
  const std::clock_t start = std::clock();
  const std::string page = reports::run_page(run.result);
  outcome.seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  outcome.mib = static_cast<double>(page.size()) / (1 << 20);
  outcome.is_same_again = reports::run_page(run.result) == page;
  return outcome;
}

}  // namespace parallax::bench
