#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "reports/escape.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/vocabulary.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// What nobody chose comes first.
constexpr std::array<std::string_view, 5> kOrigins{"default", "data set", "base", "scenario", "command line"};

std::string origin_words(std::string_view origin) {
  if (origin == "default") return "Defaults: nobody chose these for this deployment";
  if (origin == "data set") return "From measured round trips";
  if (origin == "base") return "Given by the scenario that it extends";
  if (origin == "scenario") return "Given by the scenario";
  if (origin == "command line") return "Given on the command line";
  return capitalised(spaced(origin));
}

std::vector<const schema::Assumption*> of_origin(const schema::Result& result, std::string_view origin) {
  std::vector<const schema::Assumption*> found;
  for (const auto& assumption : result.assumptions()) {
    if (assumption.origin() == origin) found.push_back(&assumption);
  }
  return found;
}

std::vector<std::string> origins_of(const schema::Result& result) {
  std::vector<std::string> origins(kOrigins.begin(), kOrigins.end());
  for (const auto& assumption : result.assumptions()) {
    if (std::find(origins.begin(), origins.end(), assumption.origin()) == origins.end()) {
      origins.push_back(assumption.origin());
    }
  }
  return origins;
}

std::string source_words(const schema::Assumption& assumption) {
  if (!assumption.source().empty()) return isolated(assumption.source());
  return assumption.origin() == "default" ? "<small>our figure, not a measured one</small>" : "";
}

std::string origin_block(const schema::Result& result, const std::string& origin) {
  const auto found = of_origin(result, origin);
  if (found.empty()) return "";
  Table table(origin_words(origin), {{"Input"}, {"Value"}, {"Source"}}, "assumptions");
  for (const auto* assumption : found) {
    table.row({"<code>" + escaped(assumption->path()) + "</code>", isolated(spelled_length(assumption->value())),
               source_words(*assumption)});
  }
  return folded(fmt::format("{} <span>{}</span>", escaped(origin_words(origin)),
                            counted(static_cast<std::uint64_t>(found.size()), "input", "inputs")),
                table.html());
}

std::string term(std::string_view name, std::string_view meaning) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, meaning);
}

}  // namespace

std::string assumptions_section(const schema::Result& result) {
  std::string body;
  for (const std::string& origin : origins_of(result)) body += origin_block(result, origin);
  const std::size_t defaults = of_origin(result, "default").size();
  const std::string heading =
      result.assumptions_size() == 0
          ? "No input is on record"
          : fmt::format("{} of {} are defaults: check them first", defaults,
                        counted(static_cast<std::uint64_t>(result.assumptions_size()), "input", "inputs"));
  return "<div id=\"assumptions\">\n" + section(heading, "Each with its source.", body) + "</div>\n";
}

std::string glossary_section() {
  return section(
      "Words", "",
      "<dl class=\"glossary\">\n" +
          term("Change", "A committed write that gateways must come to obey: a token revoked, an API published.") +
          term("Window",
               "From the moment a change is acknowledged to the last moment at which a node would still decide by the "
               "old state.") +
          term("Open at the end", "The run ended before the window did, so its length is a least value (≥).") +
          term("Moot",
               "The window ended because the change could no longer matter, for example because the token expired.") +
          term("Wrong decision",
               "A request decided otherwise than the same logic decides on one copy that every change reaches at "
               "once.") +
          term("Over-admission", "Calls admitted in one limit window beyond its limit, over all nodes.") +
          term("Stage", "What a part of a window was spent on. At each instant exactly one stage is charged.") +
          term("Cannot exceed", "The greatest window that the topology allows, by arithmetic and without simulating.") +
          term(
              "Seed",
              "The number that fixes all chance of a run. The same scenario and seed give the same run, bit for bit.") +
          term("Fingerprint", "A hash of everything that happened in a run.") + "</dl>\n");
}

}  // namespace parallax::reports
