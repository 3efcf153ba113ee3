// The loss of a data center as its users saw it: noticing, moving to another site, warming up; or waiting for it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/availability.h"
#include "reports/run/outage_parts.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// What an outage may have lasted that had not ended with its run.
constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max();

std::int64_t median(std::vector<std::int64_t> lengths) {
  std::sort(lengths.begin(), lengths.end());
  const std::size_t half = lengths.size() / 2;
  return lengths.size() % 2 == 1 ? lengths[half] : lengths[half - 1] + (lengths[half] - lengths[half - 1]) / 2;
}

// All seeds of one population and one lost data center.
struct Seen {
  const schema::OutageSeen* worst;
  std::vector<std::int64_t> lengths;
  std::vector<std::int64_t> greatest{};  ///< that they may have been

  std::int64_t typical() const { return median(lengths); }
  bool is_typical_open() const { return median(greatest) > worst->unavailable_ns(); }
};

std::vector<Seen> seen_outages(const schema::Result& result) {
  std::vector<Seen> all;
  for (const auto& outage : result.outages()) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Seen& seen) {
      return seen.worst->population() == outage.population() && seen.worst->site() == outage.site();
    });
    Seen& seen = same == all.end() ? all.emplace_back(Seen{&outage, {}}) : *same;
    seen.lengths.push_back(outage.unavailable_ns());
    seen.greatest.push_back(outage.open() ? kEndless : outage.unavailable_ns());
    if (outage.unavailable_ns() > seen.worst->unavailable_ns()) seen.worst = &outage;
  }
  return all;
}

std::string split_bar(const Seen& seen, std::int64_t full_ns) {
  std::string out = R"(<svg class="stages" aria-hidden="true">)";
  const auto parts = parts_of(*seen.worst);
  double from = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double width = static_cast<double>(parts[i]) / static_cast<double>(full_ns) * 100;
    if (parts[i] > 0) {
      out += fmt::format(R"(<rect class="c{}" x="{:.3f}%" y="4" width="{:.3f}%" height="12"/>)", i, from, width);
    }
    from += width;
  }
  const double typical = static_cast<double>(seen.typical()) / static_cast<double>(full_ns) * 100;
  return out +
         fmt::format(
             R"(<circle class="around" cx="{0:.3f}%" cy="10" r="7.5"/><circle class="ring" cx="{0:.3f}%" cy="10" r="4.5"/></svg>)",
             typical);
}

std::string split_list(const schema::Result& result, const schema::OutageSeen& outage) {
  const auto parts = parts_of(outage);
  const auto names = part_words(result, outage);
  const std::vector<std::string> words = parts_in_words(parts, outage.unavailable_ns());
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += fmt::format(R"(<span class="stage"><i class="c{}"></i>{} {}</span> )", i, words[i], names[i]);
  }
  return "<small>" + out + "</small>";
}

// Whom the loss itself spares, what follows from it may lock out: when all come to where he is served.
std::string spared_words(const schema::Result& result, const schema::OutageSeen& outage) {
  for (const auto& series : result.series()) {
    if (series.name() != "availability" || series.node() != outage.population()) continue;
    for (const Dip& dip : dips(series, kLockedOut)) {
      if (dip.start_ns < outage.start_ns()) continue;
      return fmt::format("but later {}, from {}", clock_words(dip.end_ns - dip.start_ns), clock_words(dip.start_ns));
    }
  }
  return "never under half";
}

std::string worst_cell(const schema::Result& result, const schema::OutageSeen& outage) {
  if (outage.unavailable_ns() == 0) return "<b>0\u00A0s</b><small>" + spared_words(result, outage) + "</small>";
  return fmt::format("<b>{}</b><small>seed\u00A0{}</small>", outage_words(outage), outage.seed());
}

std::string by_seed(const schema::Result& result) {
  using Kind = Column::Kind;
  const bool may_wait = std::any_of(result.outages().begin(), result.outages().end(),
                                    [&](const auto& outage) { return waits_for_return(result, outage); });
  Table table("Each loss as each population saw it",
              {{"Population"},
               {"Lost"},
               {"Seed", Kind::kNumber},
               {"At", Kind::kNumber},
               {"A check failed", Kind::kNumber},
               {"DNS decided", Kind::kNumber},
               {"Last resolver moved", Kind::kNumber},
               {may_wait ? "Warm-up, or until it was back" : "Warm-up", Kind::kNumber},
               {"Together", Kind::kNumber}},
              "outages");
  for (const auto& outage : result.outages()) {
    const std::vector<std::string> words = parts_in_words(parts_of(outage), outage.unavailable_ns());
    table.row({two_lines(isolated(outage.population()), isolated(outage.region())), isolated(outage.site()),
               count_words(outage.seed()), round_clock_words(outage.start_ns()), words[0], words[1], words[2], words[3],
               "<b>" + outage_words(outage) + "</b>"});
  }
  return folded("Every seed in figures", table.html());
}

std::string heading(const schema::Result& result) {
  const schema::OutageSeen* worst = worst_outage(result);
  if (worst == nullptr) return "Nobody was locked out: half of the calls were served in every second";
  const auto parts = parts_of(*worst);
  const auto greatest = static_cast<std::size_t>(std::max_element(parts.begin(), parts.end()) - parts.begin());
  const std::array<std::string_view, 4> causes{
      "noticing the loss", "making sure of it", "waiting for the last client",
      waits_for_return(result, *worst) ? "waiting until it was back" : "warming up"};
  return fmt::format("Of the {}{} without service for {}, {} is {}", worst->open() ? "at least " : "",
                     clock_words(worst->unavailable_ns()), isolated(worst->population()),
                     parts_in_words(parts, worst->unavailable_ns())[greatest], causes[greatest]);
}

}  // namespace

std::string outages_section(const schema::Result& result) {
  const std::vector<Seen> all = seen_outages(result);
  if (all.empty()) return "";
  std::int64_t full_ns = 1;
  for (const Seen& seen : all) full_ns = std::max(full_ns, seen.worst->unavailable_ns());
  using Kind = Column::Kind;
  Table table("Unavailability and its parts, by population",
              {{"Population"},
               {"Lost"},
               {"Where its worst time went; ring: the typical one", Kind::kChart},
               {"Typical", Kind::kNumber},
               {"Worst", Kind::kNumber}},
              "splits");
  for (const Seen& seen : all) {
    const schema::OutageSeen& worst = *seen.worst;
    table.row({two_lines(isolated(worst.population()), isolated(worst.region())),
               two_lines(isolated(worst.site()), "at " + round_clock_words(worst.start_ns())),
               split_bar(seen, full_ns) + (worst.unavailable_ns() > 0 ? split_list(result, worst) : std::string()),
               (seen.is_typical_open() ? "≥\u00A0" : "") + clock_words(seen.typical()), worst_cell(result, worst)});
  }
  return section(heading(result),
                 fmt::format("From the loss until half of a population’s calls were served again, and stayed so for a "
                             "minute; ≥: the run ended before. The parts add up. Worst and median of {}.",
                             counted(result.seeds(), "run", "runs")),
                 table.html() + by_seed(result));
}

}  // namespace parallax::reports
