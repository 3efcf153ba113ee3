#include "reports/csv.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "reports/utf8.h"

namespace parallax::reports {
namespace {

// What begins so is a formula to common spreadsheets (OWASP, CSV injection).
bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos;
}

std::string text_cell(std::string_view text) {
  std::string cell = well_formed(text);
  if (is_formula(cell)) cell = fmt::format("'{}", cell);
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

/// A share of nothing has no value: result.json has -1 there, which a spreadsheet would take into its mean.
bool has_value(const schema::Series& series, int place) {
  return series.unit() != "ratio" || series.values(place) >= 0;
}

/// Lines of cells; numbers as C++ prints them, so that reading them again gives the same.
class Csv {
 public:
  explicit Csv(std::string_view header) : out_{header} { out_ += "\r\n"; }

  Csv& text(std::string_view value) { return cell(text_cell(value)); }
  template <typename Number>
  Csv& number(Number value) {
    return cell(fmt::format("{}", value));
  }
  template <typename Number>
  Csv& number_if(bool is_there, Number value) {
    return is_there ? number(value) : cell("");
  }
  void end() {
    out_ += "\r\n";
    is_first_ = true;
  }

  std::string take() { return std::move(out_); }

 private:
  Csv& cell(std::string_view content) {
    if (!is_first_) out_ += ',';
    is_first_ = false;
    out_ += content;
    return *this;
  }

  std::string out_;
  bool is_first_{true};
};

}  // namespace

std::string metrics_csv(const schema::Result& result) {
  Csv csv{
      "metric,unit,writer,observer,population,estimate,low,high,seeds,cases,worst,worst_seed,bound,no_bound_because"};
  for (const schema::Metric& metric : result.metrics()) {
    csv.text(metric.name()).text(metric.unit()).text(metric.writer()).text(metric.observer());
    csv.text(metric.population());
    csv.number_if(metric.has_estimate(), metric.estimate());
    csv.number_if(metric.has_low(), metric.low()).number_if(metric.has_high(), metric.high());
    csv.number(metric.n()).number(metric.count()).number_if(metric.has_worst(), metric.worst());
    csv.number_if(metric.has_worst_seed(), metric.worst_seed()).number_if(metric.has_bound(), metric.bound());
    csv.text(metric.unbounded()).end();
  }
  return csv.take();
}

std::string windows_csv(const schema::Result& result) {
  Csv csv{"id,seed,change,object,writer,observer,start_ns,length_ns,ending,wrong_decisions"};
  for (const schema::Window& window : result.windows()) {
    csv.text(window.id()).number(window.seed()).text(window.change()).text(window.object());
    csv.text(window.writer()).text(window.observer()).number(window.start_ns()).number(window.length_ns());
    csv.text(window.ending()).number(window.wrong_decisions()).end();
  }
  return csv.take();
}

std::string stages_csv(const schema::Result& result) {
  Csv csv{"id,observer,place,stage,length_ns"};
  for (const schema::Window& window : result.windows()) {
    for (int place = 0; place < window.stages_size(); ++place) {
      csv.text(window.id()).text(window.observer()).number(place + 1);
      csv.text(window.stages(place).name()).number(window.stages(place).length_ns()).end();
    }
  }
  return csv.take();
}

std::string window_classes_csv(const schema::Result& result) {
  Csv csv{"change,writer,observer,windows,zero,censored,moot,flapping,p50_ns,p95_ns,p99_ns,max_ns"};
  for (const schema::WindowClass& of : result.window_classes()) {
    csv.text(of.change()).text(of.writer()).text(of.observer()).number(of.count()).number(of.zero());
    csv.number(of.censored()).number(of.moot()).number(of.flapping());
    csv.number_if(of.has_p50_ns(), of.p50_ns()).number_if(of.has_p95_ns(), of.p95_ns());
    csv.number_if(of.has_p99_ns(), of.p99_ns()).number_if(of.has_max_ns(), of.max_ns()).end();
  }
  return csv.take();
}

std::string series_csv(const schema::Result& result) {
  Csv csv{"series,unit,of,time_ns,value"};
  for (const schema::Series& series : result.series()) {
    for (int i = 0; i < series.values_size(); ++i) {
      csv.text(series.name()).text(series.unit()).text(series.node());
      csv.number(series.step_ns() * i).number_if(has_value(series, i), series.values(i)).end();
    }
  }
  return csv.take();
}

}  // namespace parallax::reports
