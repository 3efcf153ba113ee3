#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string item(std::string_view mark, std::string_view strong, std::string_view rest) {
  return fmt::format("<li>{}<span><b>{}</b> {}</span></li>\n", glyph(mark), strong, rest);
}

// Tallies of one error and reason, over all nodes; causes by their most frequent tally.
struct Reason {
  std::string why;
  std::uint64_t count{0};
  std::vector<std::string> causes;
};

Reason& reason_for(std::vector<Reason>& reasons, const std::string& why) {
  const auto same = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& r) { return r.why == why; });
  return same == reasons.end() ? reasons.emplace_back(Reason{why, 0, {}}) : *same;
}

std::vector<Reason> reasons_of(const schema::Result& result, std::string_view error) {
  std::vector<const schema::DecisionTally*> tallies;
  for (const auto& tally : result.decisions()) {
    if (tally.error() == error && tally.count() > 0) tallies.push_back(&tally);
  }
  std::stable_sort(tallies.begin(), tallies.end(),
                   [](const auto* a, const auto* b) { return a->count() > b->count(); });
  std::vector<Reason> reasons;
  for (const auto* tally : tallies) {
    Reason& reason = reason_for(reasons, tally->why());
    reason.count += tally->count();
    const std::string cause = escaped(stage_words(tally->cause()));
    auto& causes = reason.causes;
    if (std::find(causes.begin(), causes.end(), cause) == causes.end()) causes.push_back(cause);
  }
  std::stable_sort(reasons.begin(), reasons.end(), [](const Reason& a, const Reason& b) { return a.count > b.count; });
  return reasons;
}

// The first two; tables have them all.
std::string cause_words(const std::vector<std::string>& causes) {
  constexpr std::size_t kTold = 2;
  if (causes.size() <= kTold) return joined(causes);
  return "mostly " + joined({causes.begin(), causes.begin() + kTold});
}

std::string missed_glyph(const schema::Result& result, std::string_view prefix) {
  const bool missed = std::any_of(result.expectations().begin(), result.expectations().end(), [&](const auto& e) {
    return e.verdict() == "fail" && e.metric().starts_with(prefix);
  });
  return missed ? "cross" : "dot";
}

std::string error_item(const schema::Result& result, std::string_view error, std::string_view right) {
  const std::uint64_t count = wrong_decisions(result, error);
  if (count == 0) return item("tick", fmt::format("No request was {}.", error_words(error)), right);
  const std::vector<Reason> reasons = reasons_of(result, error);
  std::string rest;
  for (const Reason& reason : reasons) {
    rest += fmt::format("{}{} although {} ({})", rest.empty() ? "" : "; ",
                        reasons.size() == 1 ? "All" : count_words(reason.count),
                        escaped(error_reason(error, reason.why)), cause_words(reason.causes));
  }
  return item(
      missed_glyph(result, fmt::format("decision.{}.", error)),
      fmt::format("{} {} {}.", counted(count, "request", "requests"), count == 1 ? "was" : "were", error_words(error)),
      rest + ".");
}

std::string quota_item(const schema::Result& result) {
  const schema::LimitWindow* worst = worst_limit_window(result);
  if (worst == nullptr) return item("tick", "No quota was exceeded.", "Every limit window kept its limit.");
  std::uint64_t flips = 0;
  for (const auto& window : result.limit_windows()) flips = std::max(flips, window.flips());
  const std::string flipped = flips == 0 ? ""
                                         : fmt::format(" In one window the answer flipped from refused to admitted {}.",
                                                       counted(flips, "time", "times"));
  return item(missed_glyph(result, "throttle.over_admission."),
              fmt::format("{} were admitted for a limit of {}.", counted(worst->admitted(), "call", "calls"),
                          count_words(worst->limit())),
              fmt::format("Tier {}, {}, {} from {}.{}", isolated(worst->tier()), isolated(worst->key()),
                          round_clock_words(worst->width_ns()), round_clock_words(worst->start_ns()), flipped));
}

std::string variant_item(const schema::Result& result) {
  return wrong_decisions(result, "wrong_variant") == 0 ? "" : error_item(result, "wrong_variant", "");
}

// Where more than one data center can hold a change.
std::string losses_item(const schema::Result& result) {
  const schema::Metric* lost = find_metric(result, "recovery.lost_writes");
  if (!spans_sites(result) || lost == nullptr || !lost->has_worst()) return "";
  const schema::Metric* late = find_metric(result, "recovery.late_writes");
  const std::string came_late =
      late != nullptr && late->worst() > 0
          ? fmt::format("Up to {} copies of changes came late, kept back by a fault.", number_words(late->worst()))
          : std::string("None was kept back by a fault.");
  if (lost->worst() <= 0) return item("tick", "No acknowledged change was lost.", came_late);
  return item(missed_glyph(result, "recovery.lost_writes"),
              fmt::format("Up to {} acknowledged changes were lost in a run.", number_words(lost->worst())), came_late);
}

// Where APIs were published that some gateways had before others: what balancers without affinity show to everybody,
// and those with affinity to some clients only.
std::string new_apis_item(const schema::Result& result) {
  const schema::Metric* flips = find_metric(result, "not_found.flips.count");
  const schema::Metric* hidden = find_metric(result, "not_found.hidden.share");
  if (flips == nullptr || hidden == nullptr || !flips->has_worst()) return "";
  const std::string share = percent_words(hidden->estimate());
  if (flips->worst() > 0) {
    return item(missed_glyph(result, "not_found."),
                fmt::format("Up to {} calls got a 404 from an API that had answered the same client.",
                            number_words(flips->worst())),
                fmt::format("Until all gateways of a data center had a new API, {} of its calls met one that had it, "
                            "and the others a 404; without affinity one client sees both.",
                            share));
  }
  return item("tick", "No client saw a new API come and go.",
              fmt::format("Until all gateways of a data center had it, {} of its calls met one that had it; clients of "
                          "the other gateways got a 404 until theirs had it too.",
                          share));
}

std::string not_covered(const schema::Result& result) {
  std::string items;
  for (const std::string& text : result.config().not_covered()) {
    items += fmt::format("<li><span>{}</span></li>\n", isolated(text));
  }
  if (items.empty())
    items = "<li><span>The scenario names nothing. Everything that it does not model is not covered.</span></li>\n";
  return section("What is not covered", "A pass here says nothing about these.",
                 "<ul class=\"points\">\n" + items + "</ul>\n");
}

std::size_t defaults_of(const schema::Result& result) {
  return static_cast<std::size_t>(std::count_if(result.assumptions().begin(), result.assumptions().end(),
                                                [](const auto& a) { return a.origin() == "default"; }));
}

std::string cost_items(const schema::Result& result) {
  if (result.requests() == 0) return item("dot", "No request was made.", "So none could be decided wrongly.");
  return error_item(result, "wrong_allow", "Nobody got in who should not have.") +
         error_item(result, "wrong_deny", "Nobody was turned away who should not have been.") + variant_item(result) +
         new_apis_item(result) + quota_item(result) + losses_item(result);
}

std::string code(const std::string& text) { return text.empty() ? "—" : "<code>" + escaped(text) + "</code>"; }

}  // namespace

std::string cost_section(const schema::Result& result) {
  const std::string how =
      "Against one copy of the data that every change reaches at once" +
      (result.seeds() > 1 ? fmt::format("; the {} runs together.", result.seeds()) : std::string("."));
  return "<div class=\"pair\">\n" +
         section("What it cost", how, "<ul class=\"points\">\n" + cost_items(result) + "</ul>\n") +
         not_covered(result) + "</div>\n";
}

std::string evidence_strip(const schema::Result& result) {
  std::string out = "<dl class=\"evidence\">\n";
  const auto entry = [&](std::string_view name, std::string_view value) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
  };
  entry("Run it again", code(result.command()));
  entry("Fingerprint", code(result.fingerprint()));
  entry("Made by", "Parallax " + escaped(result.version()));
  entry("Assumed", fmt::format("{} of {} are defaults, <a href=\"#assumptions\">listed below</a>", defaults_of(result),
                               counted(static_cast<std::uint64_t>(result.assumptions_size()), "input", "inputs")));
  return out + "</dl>\n";
}

}  // namespace parallax::reports
