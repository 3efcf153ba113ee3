#include "reports/open_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "reports/utf8.h"
#include "reports/vocabulary.h"

namespace parallax::reports {
namespace {

// Backslash, quote and line feed (OpenMetrics 1.0, "Escaping").
std::string label(std::string_view text) {
  std::string out;
  for (const char c : well_formed(text)) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

// The unit is the name's end where it is one of theirs; a name that says it already, as `..._s`, says it their way.
std::string name_of(const schema::Metric& metric) {
  std::string name = "parallax_" + metric.name();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c != '_' && std::isalnum(static_cast<unsigned char>(c)) == 0; },
      '_');
  if (metric.unit() != "s") return name;
  if (name.ends_with("_s")) name.resize(name.size() - 2);
  return name + "_seconds";
}

class Family {
 public:
  /// `is_begun`: the metric before this one is of the same family; its parts follow it.
  Family(const schema::Result& result, const schema::Metric& metric, bool is_begun)
      : name_{name_of(metric)}, scenario_{label(result.scenario())}, metric_{metric} {
    const MetricWords words = metric_words(metric.name(), metric.unit());
    if (is_begun) return;
    out_ = fmt::format("# TYPE {} gauge\n", name_);
    if (metric.unit() == "s") out_ += fmt::format("# UNIT {} seconds\n", name_);
    out_ += fmt::format("# HELP {} {}: {}\n", name_, label(words.title), label(words.detail));
  }

  void sample(std::string_view figure, bool is_there, double value) {
    if (!is_there) return;
    out_ += fmt::format("{}{{scenario=\"{}\",figure=\"{}\"{}{}{}}} {}\n", name_, scenario_, figure,
                        place("writer", metric_.writer()), place("observer", metric_.observer()),
                        place("population", metric_.population()), value);
  }

  const std::string& text() const { return out_; }

 private:
  static std::string place(std::string_view which, const std::string& site) {
    return site.empty() ? "" : fmt::format(",{}=\"{}\"", which, label(site));
  }

  std::string name_;
  std::string scenario_;
  const schema::Metric& metric_;
  std::string out_;
};

}  // namespace

std::string open_metrics(const schema::Result& result) {
  std::string out;
  std::string before;
  for (const schema::Metric& metric : result.metrics()) {
    Family family{result, metric, metric.name() == before};
    before = metric.name();
    family.sample("estimate", metric.has_estimate(), metric.estimate());
    family.sample("low", metric.has_low(), metric.low());
    family.sample("high", metric.has_high(), metric.high());
    family.sample("worst", metric.has_worst(), metric.worst());
    family.sample("bound", metric.has_bound(), metric.bound());
    out += family.text();
  }
  return out + "# EOF\n";
}

}  // namespace parallax::reports
