#include "reports/run/journey.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/findings.h"
#include "reports/plain_text.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string line(std::string_view text, std::size_t indent) { return wrapped(safe(plain(text)), indent); }

std::string length_of(const schema::Window& window) {
  return fmt::format("{}{}", window.ending() == "censored" ? "≥\u00A0" : "", clock_words(window.length_ns()));
}

std::string head(const schema::Result& result, const schema::Window& window) {
  const ChangeWords words = change_words(window.change());
  const std::string observer = node_name(result, window.observer());
  std::string out = line(fmt::format("{}: {}, {}", window.id(), words.name, window.object()), 4);
  out += line(fmt::format("  {} took the write; acknowledged at {} [seed {}]", node_name(result, window.writer()),
                          clock_words(window.start_ns()), window.seed()),
              4);
  if (window.length_ns() == 0) return out + line(fmt::format("  {} went by it at once", observer), 4);
  return out + line(fmt::format("  seen by {}: {} {}", observer, words.clause, length_of(window)), 4);
}

std::string ending_words(const schema::Window& window) {
  if (window.ending() == "censored") return "the run ends, and the window is still open";
  if (window.ending() == "moot") return "it no longer matters";
  return "the change is obeyed";
}

std::string short_ending(const schema::Window& window) {
  if (window.ending() == "censored") return "still open";
  return window.ending() == "visible" ? "obeyed" : spaced(window.ending());
}

// A stage that comes again and again, as pauses between tries do, has a row each time: these are the hops.
std::string hops(const schema::Window& window) {
  if (window.stages_size() == 0) return "";
  std::vector<std::int64_t> parts;
  for (const auto& stage : window.stages()) parts.push_back(stage.length_ns());
  const std::vector<std::string> lengths = parts_in_words(parts, window.length_ns());
  Columns columns({0, 4});
  columns.row({"at", "after", "for", "share", "spent on"});
  std::int64_t passed = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double share =
        static_cast<double>(parts[i]) / static_cast<double>(std::max<std::int64_t>(1, window.length_ns()));
    columns.row({clock_words(window.start_ns() + passed), clock_words(passed), lengths[i], percent_words(share),
                 stage_label(window.stages(static_cast<int>(i)).name())});
    passed += parts[i];
  }
  columns.row({clock_words(window.start_ns() + passed), clock_words(passed), "", "", ending_words(window)});
  return fmt::format("\n{}\n", columns.text());
}

std::string cost(const schema::Window& window) {
  if (window.wrong_decisions() == 0) return line("  it made no decision wrong", 4);
  return line(fmt::format("  it made {} wrong", counted(window.wrong_decisions(), "decision", "decisions")), 4);
}

std::string flapping(const schema::Window& window) {
  if (!window.has_first_visible_ns()) return "";
  return line(fmt::format("  the change was seen after {}, and then the old version again",
                          clock_words(window.first_visible_ns())),
              4);
}

// What the topology allows, whatever this run has seen.
std::string bound_of(const schema::Result& result, const schema::Window& window) {
  for (const schema::Bound& bound : result.bounds()) {
    const bool is_of = bound.change() == window.change() && bound.writer() == site_of(window.writer()) &&
                       bound.observer() == site_of(window.observer());
    if (!is_of) continue;
    if (!bound.has_greatest_ns()) return line(fmt::format("  it has no bound: {}", bound.why()), 4);
    return line(fmt::format("  it cannot exceed {}{}", clock_words(bound.greatest_ns()),
                            bound.ends_with_token() ? ", when the token has expired" : ""),
                4);
  }
  return "";
}

std::string also_seen(const schema::Result& result, const std::vector<schema::Window>& others) {
  if (others.empty()) return "";
  std::vector<std::string> items;
  for (const schema::Window& other : others) {
    items.push_back(fmt::format("{} for {}", node_name(result, other.observer()), length_of(other)));
  }
  return line("  also seen by " + joined(items) + " (--observer picks one)", 4);
}

std::string signed_length(std::int64_t ns) { return fmt::format("{}{}", ns > 0 ? "+" : "", clock_words(ns)); }

// Rows of two figures and their difference.
class Comparison {
 public:
  Comparison() { columns_.row({"", "as it was", "what if", "difference"}); }

  void words(std::string_view name, const std::string& before, const std::string& after) {
    columns_.row({std::string(name), before, after, before == after ? "same" : ""});
  }

  void lengths(std::string_view name, std::int64_t before, std::int64_t after) {
    columns_.row({std::string(name), clock_words(before), clock_words(after), signed_length(after - before)});
  }

  void counts(std::string_view name, std::uint64_t before, std::uint64_t after) {
    const auto difference = static_cast<std::int64_t>(after) - static_cast<std::int64_t>(before);
    columns_.row({std::string(name), count_words(before), count_words(after), fmt::format("{:+}", difference)});
  }

  std::string text() const { return columns_.text(); }

 private:
  Columns columns_{{0}};
};

std::int64_t spent_on(const schema::Window& window, const std::string& stage) {
  std::int64_t sum = 0;
  for (const auto& one : window.stages()) sum += one.name() == stage ? one.length_ns() : 0;
  return sum;
}

std::vector<std::string> stages_of(const schema::Window& before, const schema::Window& after) {
  std::vector<std::string> names;
  for (const schema::Window* window : {&before, &after}) {
    for (const auto& stage : window->stages()) {
      if (std::find(names.begin(), names.end(), stage.name()) == names.end()) names.push_back(stage.name());
    }
  }
  return names;
}

std::string compared(const schema::Window& before, const schema::Window& after) {
  Comparison rows;
  if (before.start_ns() != after.start_ns()) rows.lengths("acknowledged at", before.start_ns(), after.start_ns());
  if (before.ending() == "censored" || after.ending() == "censored") {
    rows.words("window", length_of(before), length_of(after));
  } else {
    rows.lengths("window", before.length_ns(), after.length_ns());
  }
  for (const std::string& stage : stages_of(before, after)) {
    rows.lengths(fmt::format("- {}", stage_label(stage)), spent_on(before, stage), spent_on(after, stage));
  }
  rows.words("ended", short_ending(before), short_ending(after));
  rows.counts("wrong decisions", before.wrong_decisions(), after.wrong_decisions());
  if (before.start_ns() == after.start_ns()) return rows.text();
  return rows.text() + line("  acknowledged at another instant: what is written when depends on that value too", 4);
}

std::string no_counterpart(const schema::Result& result, const schema::Window& window) {
  return line(fmt::format("  there is no such change then: no \"{}\" of {} by {} that {} could see, or not so many",
                          change_words(window.change()).name, window.object(), node_name(result, window.writer()),
                          node_name(result, window.observer())),
              4);
}

bool is_known(const schema::WindowClass& of, double q) { return !is_open(of, q); }

std::string p99_words(const schema::WindowClass* of) {
  if (of == nullptr || of->count() == 0) return "no window";
  return fmt::format("{}{}", is_known(*of, 0.99) ? "" : "≥\u00A0", clock_words(of->p99_ns()));
}

std::string class_compared(const schema::Result& result, const schema::Window& window,
                           const schema::WindowClass* before, const schema::WindowClass* after) {
  const auto count = [](const schema::WindowClass* of) { return of == nullptr ? 0 : of->count(); };
  Comparison rows;
  if (before != nullptr && after != nullptr && is_known(*before, 0.99) && is_known(*after, 0.99)) {
    rows.lengths("99 % within", before->p99_ns(), after->p99_ns());
  } else {
    rows.words("99 % within", p99_words(before), p99_words(after));
  }
  rows.counts("windows", count(before), count(after));
  return line(fmt::format("All windows of \"{}\" written in {} and seen by {}, in seed {}",
                          change_words(window.change()).name, site_of(window.writer()),
                          node_name(result, window.observer()), window.seed()),
              2) +
         rows.text();
}

}  // namespace

std::string journey(const schema::Result& result, const schema::Window& window,
                    const std::vector<schema::Window>& others) {
  return head(result, window) + hops(window) + flapping(window) + cost(window) + bound_of(result, window) +
         also_seen(result, others);
}

std::string what_if(const schema::Result& result, const std::vector<std::string>& overrides, const Seen& before,
                    const Seen& after) {
  const std::string own =
      after.window == nullptr ? no_counterpart(result, *before.window) : compared(*before.window, *after.window);
  return fmt::format("\n{}{}\n{}", line("What if " + joined(overrides), 2), own,
                     class_compared(result, *before.window, before.of_class, after.of_class));
}

}  // namespace parallax::reports
