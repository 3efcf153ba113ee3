#include "reports/comparison/compare_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/comparison/compared.h"
#include "reports/vocabulary.h"

namespace parallax::reports {
namespace {

using schema::Comparison;
using schema::Metric;
using schema::Result;

std::vector<std::string> asked_metrics(const Comparison& comparison) {
  std::vector<std::string> names(comparison.asked().begin(), comparison.asked().end());
  for (const bool has_target : {true, false}) {
    if (!names.empty()) return names;
    for (const auto& metric : comparison.metrics()) {
      if (metric.has_target() || !has_target) names.push_back(metric.name());
    }
  }
  return names;
}

// Names and words are the scenario's author's.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' || c == '<' || c == '`' || c == '\n' ? ' ' : c;
  return out;
}

std::string cell(const Metric* metric, Measure measure) {
  if (metric == nullptr || !metric->has_estimate()) return "–";
  const auto words = [&](double value, bool open) {
    return fmt::format("{}{}", open ? "≥ " : "", value_words(value, measure, Length::kMeasured));
  };
  const std::string typical = words(metric->estimate(), metric->estimate_open());
  if (!metric->has_low() || !metric->has_high()) return typical;
  const std::string low = words(metric->low(), false);
  const std::string high = words(metric->high(), metric->high_open());
  return low == high ? typical : fmt::format("{} ({} to {})", typical, low, high);
}

std::string rows_of_metric(const Comparison& comparison, const std::string& name) {
  const auto known = std::find_if(comparison.metrics().begin(), comparison.metrics().end(),
                                  [&](const auto& metric) { return metric.name() == name; });
  const MetricWords words = metric_words(name, known == comparison.metrics().end() ? "" : known->unit());
  std::string out;
  std::vector<std::string> populations = populations_of(comparison, name);
  if (populations.empty()) populations = {""};
  for (const std::string& population : populations) {
    out += fmt::format("| {}{}<br>`{}` |", words.title, population.empty() ? "" : ": " + plain(population), name);
    for (const Result& design : comparison.designs())
      out += fmt::format(" {} |", cell(figure_of(design, name, population), words.measure));
    out += "\n";
  }
  return out;
}

}  // namespace

std::string compare_markdown(const Comparison& comparison) {
  std::string out = "| |";
  std::string rule = "|---|";
  for (const Result& design : comparison.designs()) {
    out += fmt::format(" {} |", plain(design.scenario()));
    rule += "---|";
  }
  out += fmt::format("\n{}\n", rule);
  for (const std::string& name : asked_metrics(comparison)) out += rows_of_metric(comparison, name);
  return out;
}

}  // namespace parallax::reports
