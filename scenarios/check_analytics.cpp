#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "scenarios/compile_analytics.h"
#include "scenarios/profiles.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

void check_word(const schema::Statistics& statistics, const char* field, const std::string& text,
                std::span<const std::string> words, Reporter& reporter) {
  if (std::find(words.begin(), words.end(), text) != words.end()) return;
  reporter.report(statistics, field,
                  fmt::format("unknown {} {}{}", field, quoted(text), suggestion(text, "words", words)));
}

template <typename Owner>
void check_within_run(const Owner& owner, const char* field, const std::string& interval, const std::string& run,
                      Reporter& reporter) {
  const auto first = duration_in(interval);
  const auto end = duration_in(run);
  if (!first || !end || *first < *end) return;
  reporter.report(owner, field,
                  fmt::format("{} {} leads out of the run; expected less than its duration {}", field, quoted(interval),
                              quoted(run)));
}

// One database for all has a place; one each has none to name.
void check_master(const schema::Statistics& statistics, const schema::Scenario& scenario, Reporter& reporter) {
  const bool is_shared = statistics.mode() == "shared";
  if (is_shared && statistics.master().empty()) {
    reporter.report(statistics, "mode", "shared statistics without a place; expected master: \"...\", a site");
  }
  const auto check = [&](const char* field, const std::string& name) {
    if (name.empty()) return;
    if (!is_shared) {
      reporter.report(statistics, field,
                      fmt::format("{} with the mode {}; expected mode: \"shared\" or no {}", field,
                                  quoted(statistics.mode()), field));
    } else if (!is_site(scenario, name) && is_region(scenario, name)) {
      reporter.report(statistics, field,
                      fmt::format("{} is a region and has no database; expected a site", quoted(name)));
    }
  };
  check("master", statistics.master());
  check("replica", statistics.replica());
  if (!is_shared || statistics.replica().empty() || statistics.replica() != statistics.master()) return;
  reporter.report(
      statistics, "replica",
      fmt::format("the replica is at {}, where the master is; expected another site", quoted(statistics.replica())));
}

}  // namespace

void check_analytics(const schema::Scenario& scenario, Reporter& reporter) {
  bool is_counted = false;
  for (const schema::Site& site : scenario.sites()) {
    if (!site.has_analytics()) continue;
    is_counted = true;
    check_within_run(site.analytics(), "summarise_interval", site.analytics().summarise_interval(), scenario.duration(),
                     reporter);
    if (scenario.has_statistics()) continue;
    reporter.report(site, "analytics",
                    fmt::format("site {} has analytics and the scenario no statistics; expected statistics {{ ... }}",
                                quoted(site.name())));
  }
  if (!scenario.has_statistics()) return;
  const schema::Statistics& statistics = scenario.statistics();
  if (!is_counted) {
    reporter.report(scenario, "statistics",
                    "statistics, but no site counts; expected analytics {} in each site that does");
  }
  check_word(statistics, "mode", statistics.mode(), statistics_mode_words(), reporter);
  check_word(statistics, "totals", statistics.totals(), totals_words(), reporter);
  check_word(statistics, "profile", statistics.profile(), profile_names(), reporter);
  check_within_run(statistics, "ask_interval", statistics.ask_interval(), scenario.duration(), reporter);
  check_master(statistics, scenario, reporter);
}

}  // namespace parallax::scenarios
