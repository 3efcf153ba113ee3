// Tokens that one data center issued and another refused.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

struct NodeRefusals {
  std::string node;
  std::uint64_t count{0};
  std::vector<std::string> causes;
};

// In the order of the tallies: by node.
std::vector<NodeRefusals> refusals_of(const schema::Result& result) {
  std::vector<NodeRefusals> all;
  for (const auto& tally : result.decisions()) {
    if (tally.error() != "wrong_deny" || tally.why() != "token_issued" || tally.count() == 0) continue;
    const auto same = std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.node == tally.node(); });
    NodeRefusals& refusals = same == all.end() ? all.emplace_back(NodeRefusals{tally.node(), 0, {}}) : *same;
    refusals.count += tally.count();
    refusals.causes.push_back(fmt::format("{} {}", count_words(tally.count()), escaped(stage_label(tally.cause()))));
  }
  return all;
}

// The cause of most of the refusals.
std::string leading_cause(const schema::Result& result) {
  const schema::DecisionTally* leading = nullptr;
  for (const auto& tally : result.decisions()) {
    if (tally.error() != "wrong_deny" || tally.why() != "token_issued") continue;
    if (leading == nullptr || tally.count() > leading->count()) leading = &tally;
  }
  return leading == nullptr ? "" : leading->cause();
}

std::string why_refused(const schema::Result& result) {
  const std::string cause = leading_cause(result);
  if (cause == "token_cache_ttl" || cause == "cache_sweep") {
    return "The token is on its way when a gateway first asks; that gateway then keeps its “unknown” in the token "
           "cache, "
           "and goes on refusing after the token has arrived.";
  }
  return cause.empty() ? "" : fmt::format("Most of them for {}.", escaped(stage_words(cause)));
}

}  // namespace

std::string sessions_section(const schema::Result& result) {
  if (!spans_sites(result)) return "";
  const std::vector<NodeRefusals> all = refusals_of(result);
  const schema::Metric* metric = find_metric(result, "session.token_refused_elsewhere.count");
  if (all.empty()) {
    return section("No fresh token was refused at another site", "",
                   "<p>Each data center knew every token that was shown to it.</p>\n");
  }
  std::uint64_t sum = 0;
  std::uint64_t greatest = 1;
  for (const NodeRefusals& refusals : all) {
    sum += refusals.count;
    greatest = std::max(greatest, refusals.count);
  }
  Table table("Calls refused because the token had been issued elsewhere",
              {{"Decided by"}, {"Calls", Column::Kind::kNumber}, {"Compared", Column::Kind::kChart}, {"Cause"}},
              "decisions refusals");
  for (const NodeRefusals& refusals : all) {
    table.row({isolated(node_name(result, refusals.node)), count_words(refusals.count),
               count_bar(refusals.count, greatest), joined(refusals.causes)});
  }
  return section(
      fmt::format("{} with a fresh token {} refused: another site had issued it", counted(sum, "call", "calls"),
                  sum == 1 ? "was" : "were"),
      fmt::format("All seeds together, by the node that refused. {} {}", typical_words(metric), why_refused(result)),
      table.html());
}

}  // namespace parallax::reports
