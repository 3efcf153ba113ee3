// What a client saw that contradicts what it had done or seen before: the four session guarantees.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/guarantees.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

struct Known {
  std::string_view name;
  std::string_view meaning;
  std::string_view counted;  ///< what its metric counts
};

constexpr std::array<Known, 4> kKnown{
    {{kGuarantees[0], "A call of a client rests on an older state than it had written itself.", "calls"},
     {kGuarantees[1], "A call of a client rests on an older state than one that it had seen before.", "calls"},
     {kGuarantees[2], "A database has a later change of an application without an earlier one.", "rows"},
     {kGuarantees[3], "A database has a change without what its writer had seen when it wrote it.", "rows"}}};

std::string later(std::int64_t gap_ns) {
  return gap_ns == 0 ? "at the same time" : clock_words(gap_ns) + "\u00A0later";
}

std::string witness_words(const schema::Result& result, const schema::GuaranteeSeen* seen) {
  if (seen == nullptr) return missing("never broken");
  std::string steps;
  for (int i = 0; i < seen->witness_size(); ++i) {
    const schema::SessionStep& step = seen->witness(i);
    const std::string when =
        i == 0 ? clock_words(step.time_ns()) : later(step.time_ns() - seen->witness(i - 1).time_ns());
    steps +=
        fmt::format("<li><b>{}</b> {} {}</li>", when, isolated(node_name(result, step.place())), escaped(step.text()));
  }
  const std::string seed = result.seeds() > 1 ? fmt::format("<small>seed {}</small>", seen->seed()) : "";
  return fmt::format("<ol class=\"steps\">{}</ol>{}", steps, seed);
}

// Of guarantees that were looked at.
std::vector<const Known*> told_of(const schema::Result& result) {
  std::vector<const Known*> told;
  for (const Known& known : kKnown) {
    if (find_metric(result, guarantee_metric(known.name)) != nullptr) told.push_back(&known);
  }
  return told;
}

std::string heading(const schema::Result& result) {
  const std::uint64_t own = times_broken(result, "read_your_writes");
  const std::uint64_t back = times_broken(result, "monotonic_reads");
  if (own + back > 0) {
    return fmt::format("Clients did not see their own changes in {}, and stepped back in time in {}",
                       counted(own, "call", "calls"), counted(back, "call", "calls"));
  }
  const std::uint64_t orders = times_broken(result, "monotonic_writes") + times_broken(result, "writes_follow_reads");
  if (orders == 0) return "Clients saw their own changes, and never stepped back in time";
  return fmt::format("Changes were out of order in {}", counted(orders, "database row", "database rows"));
}

}  // namespace

std::string guarantees_section(const schema::Result& result) {
  const std::vector<const Known*> told = told_of(result);
  if (told.empty()) return "";
  if (result.guarantees_size() == 0) {
    return section(heading(result), "", "<p>What a client had done or seen was there at each of its calls.</p>\n");
  }
  Table table("What clients saw against what they had done or seen",
              {{"Broken"}, {"Times", Column::Kind::kNumber}, {"Of", Column::Kind::kNumber}, {"The shortest proof"}},
              "guarantees");
  for (const Known* known : told) {
    const std::string metric = guarantee_metric(known->name);
    const std::uint64_t times = times_broken(result, known->name);
    const std::uint64_t cases = find_metric(result, metric)->count();
    table.row({glyph(times > 0   ? "cross"
                     : cases > 0 ? "tick"
                                 : "dot") +
                   two_lines(escaped(metric_words(metric, "").title), escaped(known->meaning)),
               count_words(times),
               cases > 0 ? fmt::format("{} {}", large_count_words(cases), known->counted) : "no case",
               cases > 0 ? witness_words(result, shortest_proof(result, known->name)) : ""});
  }
  return section(heading(result),
                 "A client is a token: its calls, its issue and revocation, and the changes of its application’s "
                 "subscriptions. All seeds together.",
                 table.html());
}

}  // namespace parallax::reports
