#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/marks.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string verdict_words(const schema::Result& result) {
  if (result.verdict() == "pass") return result.expectations_size() == 0 ? "No target set" : "Verdict: pass";
  if (result.verdict() == "fail") return "Verdict: fail";
  return result.verdict().empty() ? "No verdict" : "Verdict: " + spaced(result.verdict());
}

std::string_view verdict_glyph(const schema::Result& result) {
  if (result.verdict() == "pass") return result.expectations_size() == 0 ? "dot" : "tick";
  return result.verdict() == "fail" ? "cross" : "half";
}

std::string size_words(const schema::Result& result) {
  std::string out = counted(result.seeds(), "run", "runs");
  if (!result.config().duration().empty()) out += " of " + escaped(spelled_length(result.config().duration()));
  return out + " · " + large_count_words(result.requests()) + " requests";
}

bool is_part_of(std::string_view word, const schema::Result& result) {
  return std::any_of(result.config().sites().begin(), result.config().sites().end(),
                     [&](const auto& site) { return !site.name().empty() && word.starts_with(site.name()); });
}

// Escaped prose in which no line breaks at the hyphen or slash of a data center's or a node's name.
std::string prose(const schema::Result& result, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string word = escaped(text.substr(0, end));
    out += is_part_of(text, result) ? fmt::format("<span class=\"name\">{}</span>", word) : word;
    if (end < text.size()) out += ' ';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// "5 min" or "at least 99.9 %".
std::string target_cell(const Row& row) {
  if (!row.target) return row.outcome == Outcome::kNoTarget ? "—" : missing("no limit given");
  const std::string value = value_words(*row.target, row.words.measure, Length::kChosen);
  return row.limit == Row::Limit::kAtLeast ? "≥\u00A0" + value : value;
}

std::string figure(const std::optional<double>& value, const Row& row, std::string_view reason) {
  return value ? value_words(*value, row.words.measure, Length::kMeasured) : missing(reason);
}

std::string typical_cell(const Row& row) {
  const std::string value = figure(row.typical, row, "nothing measured");
  return row.typical && row.typical_open ? "≥\u00A0" + value : value;
}

std::string worst_cell(const Row& row) {
  const std::string value = figure(row.worst, row, "nothing measured");
  return row.worst && row.open_at_end ? "≥\u00A0" + value : value;
}

std::string bound_cell(const Row& row) {
  if (!row.bound && row.unbounded.empty()) return missing("not computed");
  const std::string most = row.bound ? value_words(*row.bound, row.words.measure, Length::kMeasured) : "no bound";
  if (!row.undisturbed || row.undisturbed == row.bound) return most;
  return two_lines(most, value_words(*row.undisturbed, row.words.measure, Length::kMeasured) + " undisturbed");
}

std::string met_words(const Row& row) {
  if (row.met_in_the_middle()) return two_lines("Met", "not in every run");
  if (row.cannot_miss()) return two_lines("Met", "cannot miss");
  return two_lines(fmt::format("Met in {} of {}", row.seeds, row.seeds),
                   row.bound || !row.unbounded.empty() ? "could miss" : "no bound computed");
}

std::string missed_words(const Row& row) {
  if (!row.worst || !row.target) return two_lines("Missed", "nothing measured");
  const double miss = std::abs(*row.worst - *row.target);
  return two_lines("Missed", "by " + value_words(miss, row.words.measure, Length::kMeasured));
}

std::string outcome_cell(const Row& row) {
  switch (row.outcome) {
    case Outcome::kMet:
      return met_words(row);
    case Outcome::kMissed:
      return missed_words(row);
    case Outcome::kUndecided:
      return two_lines("Undecided", "see below");
    case Outcome::kNoTarget:
      break;
  }
  return "<small>no target</small>";
}

std::string_view row_class(const Row& row) {
  if (row.outcome == Outcome::kMissed) return "missed";
  return row.outcome == Outcome::kNoTarget ? "free" : "met";
}

std::string mark_class(const Row& row) {
  if (!row.target) return "chart";
  return row.limit == Row::Limit::kAtLeast ? "chart zone-left" : "chart zone";
}

std::string cell(std::string_view kind, std::string_view label, std::string_view content) {
  return fmt::format("<td class=\"{}\"><span class=\"label\">{}</span><span>{}</span></td>\n", kind, label, content);
}

std::string row_html(const schema::Result& result, const Row& row) {
  const std::string detail =
      escaped(row.words.detail) + (row.where.empty() ? "" : ", <bdi>" + prose(result, row.where) + "</bdi>");
  std::string out = fmt::format("<tr class=\"{}\">\n<th scope=\"row\">{}<span>{}</span></th>\n", row_class(row),
                                glyph(outcome_glyph(row)), two_lines(escaped(row.words.title), detail));
  out += cell("n target", glyph("target") + "Target", target_cell(row));
  out += cell("n", glyph("ring") + "Typical", typical_cell(row));
  out += cell("n worst", glyph("disc") + "Worst seen", worst_cell(row));
  out += cell("n gap", glyph("bound") + "Cannot exceed", bound_cell(row));
  out += fmt::format("<td class=\"{}\">{}</td>\n", mark_class(row), row_mark(row));
  return out + fmt::format("<td class=\"outcome\">{}</td>\n</tr>\n", outcome_cell(row));
}

std::string head_html() {
  const auto number = [](std::string_view mark, std::string_view label) {
    return fmt::format("<th scope=\"col\" class=\"n{}\">{}{}</th>\n", mark == "bound" ? " gap" : "", glyph(mark),
                       label);
  };
  return "<thead><tr>\n<th scope=\"col\">In clock words</th>\n" + number("target", "Target") +
         number("ring", "Typical") + number("disc", "Worst seen") + number("bound", "Cannot exceed") +
         "<th scope=\"col\" class=\"axis\"><span>0</span><span>target</span><span>2×</span></th>\n"
         "<th scope=\"col\" class=\"outcome\"><span class=\"unseen\">Outcome</span></th>\n</tr></thead>\n";
}

bool beyond_axis(const Row& row) { return row.target && row.worst && *row.worst > 2 * *row.target; }

std::string how_to_read(const schema::Result& result, const std::vector<Row>& rows) {
  std::string out = result.seeds() <= 1
                        ? "Typical: the value of the one run. "
                        : fmt::format("Typical: median of {} runs{}. ", result.seeds(),
                                      std::any_of(rows.begin(), rows.end(), [](auto& r) { return r.low; })
                                          ? ", with its 95\u00A0% interval as the pale blue band"
                                          : "");
  out += "Worst seen: the worst value in any run. ";
  if (std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.bound.has_value(); })) {
    out +=
        "Cannot exceed: by arithmetic on the topology, each outage at its worst moment; undisturbed: while nothing "
        "fails.";
  }
  for (const Row& row : rows) {
    if (!row.unbounded.empty()) {
      out += fmt::format(" No bound of <b>{}</b>: {}.", escaped(row.words.title), prose(result, row.unbounded));
    }
  }
  const auto is_past = [](const Row& row) { return row.worst && row.past_target(*row.worst); };
  if (std::any_of(rows.begin(), rows.end(), is_past)) out += " A diamond is past the target.";
  if (std::any_of(rows.begin(), rows.end(), beyond_axis)) {
    out += " Behind a broken line is more than twice the target, where the axis ends.";
  }
  if (std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.open_at_end || row.typical_open; })) {
    out += " A triangle was still open when the run ended: it is at least that long.";
  }
  for (const std::string& reason : result.reasons()) {
    out += fmt::format(" <b>{}:</b> {}.", capitalised(escaped(spaced(reason))), escaped(reason_words(reason, result)));
  }
  return out;
}

}  // namespace

std::string masthead(const schema::Result& result) {
  const bool failed = result.verdict() == "fail";
  std::string out = fmt::format(
      "<header>\n<p><b>Parallax</b> {}</p>\n<p>{}</p>\n</header>\n<p class=\"verdict{}\">{}{}</p>\n<h1>{}</h1>\n",
      isolated(title_of(result)), size_words(result), failed ? " miss" : "", glyph(verdict_glyph(result)),
      escaped(verdict_words(result)), "<bdi>" + prose(result, headline(result)) + "</bdi>");
  const std::string cause = lede(result);
  if (!cause.empty()) out += fmt::format("<p class=\"lede\">{}</p>\n", prose(result, cause));
  return out;
}

std::string targets_section(const schema::Result& result) {
  const std::vector<Row> rows = rows_of(result);
  if (rows.empty()) return "<section><p class=\"how\">No target was set and no metric was measured.</p></section>\n";
  std::string out = "<section>\n<table class=\"targets\">\n<caption>Targets against what was seen</caption>\n" +
                    head_html() + "<tbody>\n";
  for (const Row& row : rows) out += row_html(result, row);
  out += "</tbody>\n</table>\n";
  for (const std::string& sentence : known_misses(rows)) out += "<p class=\"how\">" + isolated(sentence) + "</p>\n";
  return out + fmt::format("<p class=\"how\">{}</p>\n</section>\n", how_to_read(result, rows));
}

}  // namespace parallax::reports
