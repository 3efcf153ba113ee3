#include "reports/run/bounds_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/findings.h"
#include "reports/plain_text.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string least_words(const schema::Bound& bound) {
  return bound.least_ns() == 0 ? "at once" : clock_words(bound.least_ns());
}

std::string most_words(bool has_bound, std::int64_t ns) {
  if (!has_bound) return "no bound";
  return ns == 0 ? "at once" : clock_words(ns);
}

std::string legs_words(const schema::Bound& bound) {
  std::string out;
  for (const schema::BoundStage& stage : bound.way()) {
    if (!out.empty()) out += ", then ";
    out += fmt::format("{} {}", round_clock_words(stage.greatest_ns()), stage_words(stage.stage()));
  }
  return out;
}

// What the longest of a kind consists of.
const schema::Bound* longest_of(const schema::Result& foreseen, const std::string& change) {
  const schema::Bound* longest = nullptr;
  for (const schema::Bound& bound : foreseen.bounds()) {
    if (bound.change() != change || bound.way_size() == 0) continue;
    if (longest == nullptr || bound.undisturbed_ns() > longest->undisturbed_ns()) longest = &bound;
  }
  return longest;
}

std::string reasons(const schema::Result& foreseen, const std::string& change) {
  std::set<std::string> told;
  std::string out;
  for (const schema::Bound& bound : foreseen.bounds()) {
    if (bound.change() != change || bound.why().empty() || bound.ends_with_token()) continue;
    if (told.insert(bound.why()).second) out += wrapped(fmt::format("  no bound: {}.", safe(bound.why())), 4);
  }
  return out;
}

std::string of_change(const schema::Result& foreseen, const std::string& change) {
  Columns columns({0});
  columns.row({"written at > seen at", "at the least", "at the most", "with the outages"});
  bool ends_with_token = false;
  for (const schema::Bound& bound : foreseen.bounds()) {
    if (bound.change() != change) continue;
    ends_with_token |= bound.ends_with_token();
    columns.row({fmt::format("{} > {}", bound.writer(), bound.observer()), least_words(bound),
                 most_words(bound.has_undisturbed_ns(), bound.undisturbed_ns()),
                 fmt::format("{}{}", most_words(bound.has_greatest_ns(), bound.greatest_ns()),
                             bound.ends_with_token() ? "*" : "")});
  }
  std::string out = fmt::format("\n{}\n{}", capitalised(change_words(change).name), columns.text());
  if (const schema::Bound* longest = longest_of(foreseen, change)) {
    out += wrapped(fmt::format("  the longest: {}.", plain(legs_words(*longest))), 4);
  }
  if (ends_with_token) out += "  * then the token has expired.\n";
  return out + reasons(foreseen, change);
}

}  // namespace

std::string bounds_text(const schema::Result& foreseen) {
  std::string out = fmt::format("{}\n", safe(title_of(foreseen)));
  out += wrapped(
      "How long a change may remain unseen, by arithmetic on the topology. At the most: while "
      "nothing fails and nobody is before it. With the outages: each of the scenario's at its "
      "worst moment.",
      0);
  std::string change;
  for (const schema::Bound& bound : foreseen.bounds()) {
    if (std::exchange(change, bound.change()) != bound.change()) out += of_change(foreseen, change);
  }
  if (foreseen.bounds_size() == 0) out += "\nNothing is written in it.\n";
  return out;
}

std::string dependencies_text(const schema::Result& foreseen) {
  std::string out = "\nWho needs whom\n";
  if (foreseen.dependencies_size() == 0) out += "  No data center needs another.\n";
  std::string path;
  for (const schema::Dependency& one : foreseen.dependencies()) {
    if (std::exchange(path, one.path()) != one.path()) out += fmt::format("  {}\n", path);
    out += wrapped(fmt::format("    {} > {}: {}.", safe(one.who()), safe(one.whom()), one.why()), 6);
  }
  out += "\nWhat there is only one of\n";
  if (foreseen.single_points_size() == 0)
    out += "  No data center is alone, and no part of one has a single node. Databases are not\n  looked at.\n";
  for (const schema::SinglePoint& point : foreseen.single_points()) {
    out += wrapped(fmt::format("  without {}: {}.", safe(point.what()), point.breaks()), 4);
  }
  if (foreseen.under_any_fault_size() == 0) return out;
  out += "\nUnder any one fault that lasts for good\n";
  for (const schema::AnyFault& worst : foreseen.under_any_fault()) {
    const std::string length = plain(most_words(worst.has_greatest_ns(), worst.greatest_ns()));
    out += wrapped(fmt::format("  {}: {}{} ({}, from {} to {}).", change_words(worst.change()).name, length,
                               worst.ends_with_token() ? ", then the token has expired" : "", safe(worst.fault()),
                               safe(worst.writer()), safe(worst.observer())),
                   4);
  }
  return out;
}

}  // namespace parallax::reports
