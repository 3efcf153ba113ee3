#include "reports/comparison/beside.h"

#include <fmt/format.h>

#include "reports/escape.h"
#include "reports/table.h"

namespace parallax::reports {

Beside::Beside(std::string_view caption, const std::vector<std::string>& heads) {
  head_ = fmt::format(
      "<table class=\"beside\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\"><span "
      "class=\"unseen\">Design</span></th>",
      escaped(caption));
  for (const std::string& head : heads) head_ += fmt::format("<th scope=\"col\">{}</th>", head);
  head_ += "</tr></thead>\n<tbody>\n";
}

void Beside::begin_row(std::string_view head) { body_ += fmt::format("<tr><th scope=\"row\">{}</th>", head); }

void Beside::cell(std::string_view label, std::string_view content) {
  body_ += fmt::format("<td><span class=\"label\">{}</span>{}</td>", escaped(label), content);
}

void Beside::end_row() { body_ += "</tr>\n"; }

std::string Beside::html() const { return head_ + body_ + "</tbody>\n</table>\n"; }

std::string in_bands(const std::vector<ComparedColumn>& columns,
                     const std::function<std::string(const std::vector<ComparedColumn>&)>& table) {
  const std::size_t bands = (columns.size() + kBesideMost - 1) / kBesideMost;
  std::string out;
  for (std::size_t band = 0; band < bands; ++band) {
    const auto first = static_cast<std::ptrdiff_t>(columns.size() * band / bands);
    const auto last = static_cast<std::ptrdiff_t>(columns.size() * (band + 1) / bands);
    out += table({columns.begin() + first, columns.begin() + last});
  }
  return out;
}

std::vector<std::string> heads_with(const std::vector<ComparedColumn>& columns,
                                    const std::function<std::string(const ComparedColumn&)>& small) {
  std::vector<std::string> heads;
  for (const ComparedColumn& column : columns) {
    heads.push_back(two_lines(escaped(column.words.title), escaped(small(column))));
  }
  return heads;
}

std::string chart(std::string_view mark, std::string_view style) {
  return fmt::format("<span class=\"chart {}\">{}</span>", style, mark);
}

static std::string tally(const schema::Result& design) {
  const TargetCount count = targets_of(design);
  return count.all == 0 ? std::string() : fmt::format("meets {} of {}", count.met, count.all);
}

std::string design_head(const schema::Result& design) {
  const std::string title = design.config().title().empty() ? "" : isolated(design.config().title());
  return fmt::format("<b><a href=\"{}\">{}</a></b> {}<small>{}</small>",
                     path_reference(design.scenario() + "/report.html"), isolated(design.scenario()), tally(design),
                     title);
}

}  // namespace parallax::reports
