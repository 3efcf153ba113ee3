#include "reports/compare_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

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

// One of those that a metric is split by, or all together.
const Metric* find(const Result& design, const std::string& name, const std::string& population) {
  for (const Metric& metric : design.metrics()) {
    const bool is_whole = metric.writer().empty() && metric.observer().empty();
    if (is_whole && metric.name() == name && metric.population() == population) return &metric;
  }
  return nullptr;
}

// In the order of the first design that has any; without any all together, by the empty name.
std::vector<std::string> populations_of(const Comparison& comparison, const std::string& name) {
  std::vector<std::string> populations;
  for (const Result& design : comparison.designs()) {
    for (const Metric& metric : design.metrics()) {
      if (metric.name() == name && !metric.population().empty()) populations.push_back(metric.population());
    }
    if (!populations.empty()) return populations;
  }
  return {""};
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
  for (const std::string& population : populations_of(comparison, name)) {
    out += fmt::format("| {}{}<br>`{}` |", words.title, population.empty() ? "" : ": " + plain(population), name);
    for (const Result& design : comparison.designs())
      out += fmt::format(" {} |", cell(find(design, name, population), words.measure));
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
