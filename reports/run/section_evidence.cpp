#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

bool adds_up(const schema::Run& run) { return run.requests() == run.answered() + run.dropped() + run.in_flight(); }

std::string heading(const schema::Result& result) {
  if (result.runs_size() == 0) return "No run is on record";
  const bool all = std::all_of(result.runs().begin(), result.runs().end(), adds_up);
  return all ? "Every request is accounted for" : "Some requests are not accounted for: do not trust this report";
}

std::string site_fingerprints(const schema::Result& result) {
  Table table("Fingerprint of each site's journal",
              {{"Seed"}, {"Site"}, {"Records", Column::Kind::kNumber}, {"Fingerprint"}}, "ledger");
  for (const auto& run : result.runs()) {
    for (const auto& site : run.sites()) {
      table.row({fmt::to_string(run.seed()), isolated(site.site()), count_words(site.records()),
                 "<code>" + escaped(site.fingerprint()) + "</code>"});
    }
  }
  return table.empty() ? "" : folded("Fingerprints by site", table.html());
}

}  // namespace

std::string ledger_section(const schema::Result& result) {
  using Kind = Column::Kind;
  Table table("Requests and fingerprint of each seed",
              {{"Seed"},
               {"Sent", Kind::kNumber},
               {"Answered", Kind::kNumber},
               {"Dropped", Kind::kNumber},
               {"In flight at the end", Kind::kNumber},
               {"Adds up"},
               {"Events", Kind::kNumber},
               {"Fingerprint"}},
              "ledger");
  for (const auto& run : result.runs()) {
    table.row({fmt::to_string(run.seed()), count_words(run.requests()), count_words(run.answered()),
               count_words(run.dropped()), count_words(run.in_flight()),
               adds_up(run) ? glyph("tick") + "yes" : glyph("cross") + "no", count_words(run.events()),
               "<code>" + escaped(run.fingerprint()) + "</code>"});
  }
  return section(
      heading(result),
      "Sent = answered + dropped + in flight. The same scenario and seed give the same fingerprint on any machine; "
      "a different one means that something changed.",
      table.empty() ? "" : table.html() + site_fingerprints(result));
}

}  // namespace parallax::reports
