#include "reports/authoring/fit_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "reports/plain_text.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

/// Each line of it as a comment.
std::string commented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "#";
    if (end > 0) out += " ";
    out += std::string(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string paragraph(std::string_view text) { return commented(wrapped(plain(text), 0)); }

/// Four figures: "22.71 ms". A person who pastes a delay compares it with what was measured.
std::string precise(double ns) {
  struct Unit {
    double ns;
    const char* name;
  };
  for (const Unit& unit : {Unit{1e9, "s"}, Unit{1e6, "ms"}, Unit{1e3, "us"}}) {
    if (std::abs(ns) >= unit.ns) return fmt::format("{:.4g} {}", ns / unit.ns, unit.name);
  }
  return fmt::format("{:.4g} ns", ns);
}

std::string precise(std::int64_t ns) { return precise(static_cast<double>(ns)); }

std::string figures(const schema::LengthSummary& of) {
  return fmt::format("from {} to {}, p50 {}, p95 {}, p99 {}, mean {}", precise(of.least_ns()),
                     precise(of.greatest_ns()), precise(of.p50_ns()), precise(of.p95_ns()), precise(of.p99_ns()),
                     precise(of.mean_ns()));
}

std::string source(const schema::Fit& fit) {
  std::string text = safe(fit.file());
  if (!fit.column().empty()) text += ", " + safe(fit.column());
  text += fmt::format(": {} {}{}.", fit.measured().count(),
                      fit.round_trips() ? "round trips, each halved, " : "values ", figures(fit.measured()));
  if (fit.lost() > 0) text += fmt::format(" Without an answer: {}, which is a link's loss.", fit.lost());
  return text;
}

std::string family_table(const schema::Fit& fit) {
  Columns columns({0});
  columns.row({"family", "parameters", "AIC", "BIC", "distance", "by chance"});
  for (const schema::FittedFamily& family : fit.families()) {
    const bool was_asked = family.has_distance();
    columns.row({family.name(), std::to_string(family.freedom()), fmt::format("{:.1f}", family.aic()),
                 fmt::format("{:.1f}", family.bic()), was_asked ? fmt::format("{:.4f}", family.distance()) : "-",
                 was_asked ? fmt::format("{:.4f}", family.critical()) : "-"});
  }
  return columns.text();
}

std::string how_to_read(const schema::Fit& fit) {
  std::string text =
      "The distance (Kolmogorov and Smirnov) is the greatest difference between the shares of values and of the family "
      "below any length; by chance: what one in twenty samples passes that come from the family and are fitted too.";
  if (fit.measured().count() > fit.tested()) {
    text += fmt::format(" It is what {} values could tell; more would find fault with any family.", fit.tested());
  }
  return text;
}

std::string parameter_words(const schema::FittedFamily& family) {
  std::string text;
  for (const schema::FittedParameter& parameter : family.parameters()) {
    const bool is_length = parameter.unit() == "ns";
    const auto said = [&](double value) { return is_length ? precise(value) : fmt::format("{:.4g}", value); };
    text += (text.empty() ? "" : ", ") + parameter.name() + " " + said(parameter.value());
    if (parameter.error() > 0) text += " +- " + said(1.96 * parameter.error());
  }
  return "Parameters with their 95 % intervals: " + text + ".";
}

std::string_view place(std::string_view as) {
  if (as == "lag") {
    return "A lag is the time from a commit until a copy shows it: file_replica.delay. A database's lag a scenario "
           "makes "
           "of ship_interval, apply_interval and the link; hold these figures against window.<change>.p50, p95 and p99 "
           "of a run.";
  }
  if (as == "window") {
    return "A window is the time for which a change was not seen. Where people or scripts make it, it is an input: "
           "steps.takes, by_hand.delay, publish_apis.operator_delay. Where the software makes it, a run should find "
           "it: "
           "hold these figures against window.<change>.p50, p95 and p99.";
  }
  return "A delay is one way: links.delay, link_slow.adds; or how long somebody takes: gateway.backend, "
         "workers.service, "
         "populations.think.";
}

std::string length_list(const schema::Delay::Empirical& empirical) {
  constexpr std::size_t kWidth = 100;
  std::string text;
  std::string line = "   ";
  for (int i = 0; i < empirical.quantiles_size(); ++i) {
    const std::string item =
        fmt::format(" \"{}\"{}", empirical.quantiles(i), i + 1 < empirical.quantiles_size() ? "," : "");
    if (line.size() + item.size() > kWidth) {
      text += line + "\n";
      line = "   ";
    }
    line += item;
  }
  return text + line + "\n";
}

std::string quoted_text(std::string_view text) {
  std::string out;
  for (const char c : safe(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string delay_text(const schema::Delay& delay) {
  if (!delay.constant().empty()) return fmt::format("delay {{ constant: \"{}\" }}\n", delay.constant());
  if (delay.has_lognormal()) {
    const auto& of = delay.lognormal();
    return fmt::format("delay {{\n  lognormal {{ p50: \"{}\" p95: \"{}\" least: \"{}\" }}\n}}\n", of.p50(), of.p95(),
                       of.least());
  }
  return fmt::format("delay {{\n  empirical {{\n    data: \"{}\"\n    quantiles: [\n{}    ]\n  }}\n}}\n",
                     quoted_text(delay.empirical().data()), length_list(delay.empirical()));
}

}  // namespace

std::string fit_text(const schema::Fit& fit) {
  std::string text = paragraph(source(fit)) + paragraph(fmt::format("Chosen: {}. {}", fit.chosen(), fit.why()));
  if (!fit.families().empty()) text += "#\n" + commented(family_table(fit)) + "#\n" + paragraph(how_to_read(fit));
  for (const schema::FittedFamily& family : fit.families()) {
    if (family.name() == fit.chosen()) text += paragraph(parameter_words(family));
  }
  text += paragraph(fmt::format("A run draws from it {}.", figures(fit.drawn())));
  return text + paragraph(place(fit.as())) + delay_text(fit.delay());
}

}  // namespace parallax::reports
