#include "reports/table.h"

#include <fmt/format.h>

#include "reports/escape.h"

namespace parallax::reports {
namespace {

std::string_view kind_class(Column::Kind kind) {
  switch (kind) {
    case Column::Kind::kNumber:
      return "n";
    case Column::Kind::kChart:
      return "chart";
    case Column::Kind::kText:
      break;
  }
  return "t";
}

}  // namespace

Table::Table(std::string_view caption, std::vector<Column> columns, std::string_view style)
    : columns_(std::move(columns)) {
  head_ = fmt::format("<table class=\"data {}\">\n<caption>{}</caption>\n<thead><tr>", style, escaped(caption));
  for (const Column& column : columns_) {
    head_ += fmt::format(R"(<th scope="col" class="{}">{}</th>)", kind_class(column.kind), escaped(column.label));
  }
  head_ += "</tr></thead>\n";
}

void Table::group(std::string_view heading) {
  body_ += fmt::format("{}<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                       body_.empty() ? "" : "</tbody>\n", columns_.size(), heading);
}

void Table::row(const std::vector<std::string>& cells, std::string_view attributes) {
  if (body_.empty()) body_ = "<tbody>\n";
  body_ += fmt::format("<tr{}>", attributes);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view kind = kind_class(columns_[i].kind);
    body_ += i == 0
                 ? fmt::format(R"(<th scope="row" class="{}">{}</th>)", kind, cells[i])
                 : fmt::format(R"(<td class="{}" data-label="{}">{}</td>)", kind, escaped(columns_[i].label), cells[i]);
  }
  body_ += "</tr>\n";
  ++rows_;
}

std::string Table::html() const { return head_ + body_ + (body_.empty() ? "" : "</tbody>\n") + "</table>\n"; }

std::string two_lines(std::string_view strong_html, std::string_view small_html) {
  std::string out = strong_html.empty() ? "" : fmt::format("<b>{}</b>", strong_html);
  if (!small_html.empty()) out += fmt::format("<small>{}</small>", small_html);
  return out;
}

std::string missing(std::string_view reason) { return fmt::format("—<small>{}</small>", escaped(reason)); }

}  // namespace parallax::reports
