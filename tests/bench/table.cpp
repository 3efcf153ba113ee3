#include "table.h"

#include <fmt/format.h>

#include <algorithm>

namespace parallax::bench {

namespace {

bool reaches(double value, Bar::Side side, double bar) {
  return side == Bar::Side::kAtLeast ? value >= bar : value <= bar;
}

const char* verdict(const Bar& bar) {
  if (reaches(bar.measured, bar.side, bar.aim)) return "aim";
  return reaches(bar.measured, bar.side, bar.bar) ? "met" : "MISSED";
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

void print_bars(const std::string& title, const std::vector<Bar>& bars) {
  fmt::print("\n{:<58} {:>9} {:>10} {:>8}\n", title, "measured", "bar", "aim");
  for (const Bar& bar : bars) {
    fmt::print("  {:<56} {:>9.2f} {:>4} {:>5.4g} {:>8.4g}  {}\n", bar.what, bar.measured,
               bar.side == Bar::Side::kAtLeast ? ">=" : "<=", bar.bar, bar.aim, verdict(bar));
  }
}

}  // namespace parallax::bench
