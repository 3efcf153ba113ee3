// Tokens that one data center issued and another refused, and how old a token must be before nobody does.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
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

struct Use {
  std::uint64_t asked{0};
  std::uint64_t refused{0};
};

/// By where the token was used.
struct Age {
  Use here;
  Use elsewhere;
  std::optional<std::int64_t> end_ns;
};

std::map<std::int64_t, Age> ages_of(const schema::Result& result) {
  std::map<std::int64_t, Age> ages;
  for (const auto& use : result.token_uses()) {
    Age& age = ages[use.begin_ns()];
    (use.where() == "same_site" ? age.here : age.elsewhere) = {use.asked(), use.refused()};
    if (use.has_end_ns()) age.end_ns = use.end_ns();
  }
  return ages;
}

std::string share_of(const Use& use) {
  if (use.asked == 0) return "—";
  if (use.refused == 0) return "0";
  return percent_words(static_cast<double>(use.refused) / static_cast<double>(use.asked));
}

std::string share_bar(const Use& use) { return use.refused == 0 ? "" : count_bar(use.refused, use.asked); }

std::string age_words(std::int64_t begin_ns, const Age& age) {
  if (begin_ns == 0) return "under " + round_clock_words(age.end_ns.value_or(0));
  return "from " + round_clock_words(begin_ns) + (age.end_ns ? "" : " on");
}

// "At another site 61 % of the calls are refused 32 ms to 64 ms after the token’s issue; from 17 min 29 s on none is."
std::string reading(const std::map<std::int64_t, Age>& ages) {
  const auto rate = [](const Use& use) {
    return use.asked == 0 ? 0 : static_cast<double>(use.refused) / static_cast<double>(use.asked);
  };
  const auto worst = std::max_element(ages.begin(), ages.end(), [&](const auto& a, const auto& b) {
    return rate(a.second.elsewhere) < rate(b.second.elsewhere);
  });
  if (worst == ages.end() || worst->second.elsewhere.refused == 0) return "No call at another site was refused.";
  const std::string until =
      worst->second.end_ns ? " to " + round_clock_words(*worst->second.end_ns) : std::string(" and more");
  const std::string most = fmt::format("At another site {} of the calls are refused {}{} after the token’s issue",
                                       share_of(worst->second.elsewhere), round_clock_words(worst->first), until);
  const auto last =
      std::find_if(ages.rbegin(), ages.rend(), [](const auto& age) { return age.second.elsewhere.refused > 0; });
  if (!last->second.end_ns) return most + "; some still when it is as old as that.";
  return most + fmt::format("; from {} on none is.", round_clock_words(*last->second.end_ns));
}

std::string ages_table(const std::map<std::int64_t, Age>& ages) {
  using Kind = Column::Kind;
  const bool some_here = std::any_of(ages.begin(), ages.end(), [](const auto& a) { return a.second.here.refused > 0; });
  std::vector<Column> columns{
      {"Time since its issue"}, {"Calls at another site", Kind::kNumber},     {"Refused", Kind::kNumber},
      {"Share", Kind::kChart},  {"Calls where it was issued", Kind::kNumber}, {"Refused there", Kind::kNumber}};
  if (some_here) columns.push_back({"Share there", Kind::kChart});
  Table table("Calls refused by the age of their token", columns, "decisions ages");
  for (const auto& [begin_ns, age] : ages) {
    std::vector<std::string> cells{age_words(begin_ns, age), count_words(age.elsewhere.asked), share_of(age.elsewhere),
                                   share_bar(age.elsewhere), count_words(age.here.asked),      share_of(age.here)};
    if (some_here) cells.push_back(share_bar(age.here));
    table.row(cells);
  }
  return table.html();
}

// Nothing where there was no call at another site; one sentence where no call was refused anywhere.
std::string ages_part(const schema::Result& result) {
  const std::map<std::int64_t, Age> ages = ages_of(result);
  std::uint64_t asked = 0;
  std::uint64_t refused = 0;
  for (const auto& [begin_ns, age] : ages) {
    asked += age.elsewhere.asked;
    refused += age.elsewhere.refused + age.here.refused;
  }
  if (asked == 0) return "";
  if (refused == 0) {
    return fmt::format("<p>Of {} at another site with tokens that were issued in the run none was refused.</p>\n",
                       counted(asked, "call", "calls"));
  }
  return fmt::format(
      "<h3>How old a token must be</h3>\n<p class=\"how\">Calls with tokens that were issued in the run, by the time "
      "since then in doublings; all seeds together. {}</p>\n{}",
      reading(ages), ages_table(ages));
}

}  // namespace

std::string sessions_section(const schema::Result& result) {
  if (!spans_sites(result)) return "";
  const std::vector<NodeRefusals> all = refusals_of(result);
  const schema::Metric* metric = find_metric(result, "session.token_refused_elsewhere.count");
  if (all.empty()) {
    return section("No fresh token was refused at another site", "",
                   "<p>Each data center knew every token that was shown to it.</p>\n" + ages_part(result));
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
      table.html() + ages_part(result));
}

}  // namespace parallax::reports
