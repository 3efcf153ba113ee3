#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "scenarios/check.h"
#include "scenarios/fields.h"
#include "scenarios/metrics.h"
#include "scenarios/reporter.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

/// The names that values may refer to; empty when the file could not be read to its end.
struct Names {
  std::vector<std::string> sites;
  std::vector<std::string> nodes;
  std::vector<std::string> metrics;
};

Names names_in(const Draft& draft) {
  Names names;
  for (const MetricDefinition& metric : all_metrics()) names.metrics.push_back(metric.name);
  if (draft.extent == Draft::Extent::until_syntax_error) return names;
  for (const schema::Site& site : draft.scenario->sites()) {
    names.sites.push_back(site.name());
    for (const std::string& node : site.nodes()) names.nodes.push_back(site.name() + "/" + node);
  }
  for (const schema::Region& region : draft.scenario->regions()) names.sites.push_back(region.name());
  return names;
}

std::string range_text(const schema::Rule& rule) {
  if (rule.greatest().empty()) return "at least " + rule.least();
  if (rule.least().empty()) return "at most " + rule.greatest();
  return fmt::format("{} to {}", rule.least(), rule.greatest());
}

/// Parses a value and the limits of its rule alike and compares them with `less`.
template <typename Parse, typename Less>
std::string out_of_range(const std::string& text, const schema::Rule& rule, Parse parse, Less less) {
  const auto value = parse(text);
  if (!value.value) return value.error;
  const bool below = !rule.least().empty() && less(*value.value, *parse(rule.least()).value);
  const bool above = !rule.greatest().empty() && less(*parse(rule.greatest()).value, *value.value);
  if (!below && !above) return {};
  return fmt::format("{} is out of range; expected {}", quoted(text), range_text(rule));
}

std::string unlisted(const std::string& text, std::string_view what, std::string_view kind,
                     std::span<const std::string> names) {
  if (names.empty() || std::find(names.begin(), names.end(), text) != names.end()) return {};
  return fmt::format("unknown {} {}{}", what, quoted(text), suggestion(text, kind, names));
}

/// Names stand in paths ("sites[dc]"), in "site/node" and in names of folders.
std::string unfit_name(const std::string& text) {
  constexpr std::size_t kNameBytesMax = 100;
  const bool edged = text.empty() || text.front() == ' ' || text.back() == ' ' || text.front() == '.';
  const bool fit = !edged && text.find_first_of("/\\[]\"=") == std::string::npos && text.size() <= kNameBytesMax;
  if (fit) return {};
  return fmt::format("{} is no name; expected 1 to {} characters, no / \\ [ ] = or quotes, no dot or space in front",
                     quoted(text), kNameBytesMax);
}

std::string no_plain_text(const std::string& text) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
  });
  if (!control && find_invalid_utf8(text) == std::string_view::npos) return {};
  return quoted(text) + " is no text; expected UTF-8 without control characters";
}

std::string wrong_number(const std::string& text, const FieldDescriptor& field) {
  const bool number =
      field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 || field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE;
  return number ? out_of_range(text, rule_of(field), parse_number, std::less<>{}) : std::string{};
}

/// What is wrong with one value that is given, or nothing.
std::string wrong_value(const std::string& text, const FieldDescriptor& field, const Names& names) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return wrong_number(text, field);
  if (const std::string error = no_plain_text(text); !error.empty()) return error;
  const schema::Rule& rule = rule_of(field);
  switch (rule.quantity()) {
    case schema::NAME:
      return unfit_name(text);
    case schema::DURATION:
      return out_of_range(text, rule, parse_duration, std::less<>{});
    case schema::RATE:
      return out_of_range(text, rule, parse_rate, [](const Rate& a, const Rate& b) { return compare(a, b) < 0; });
    case schema::SITE:
      return unlisted(text, "site", "sites and regions", names.sites);
    case schema::NODE:
      return unlisted(text, "node", "nodes", names.nodes);
    case schema::METRIC:
      return unlisted(text, "metric", "metrics", names.metrics);
    default:
      return {};
  }
}

void check_field(const FieldRef& at, const Names& names, const Places& places, Reporter& reporter) {
  if (at.field.message_type() != nullptr) return;
  const char* field = at.field.name().c_str();
  for (int i = 0; i < value_count(at.message, at.field); ++i) {
    const std::string error = wrong_value(scalar_text(at.message, at.field, i), at.field, names);
    if (!error.empty()) reporter.report(at.message, field, at.path + ": " + error, i);
  }
  // A plain string that is given as "" is not silence, and not the default.
  const bool emptied = value_count(at.message, at.field) == 0 && places.find(at.message, at.field.number(), 0);
  const schema::Rule& rule = rule_of(at.field);
  const bool prose = rule.quantity() == schema::PLAIN && rule.default_value().empty();
  if (!emptied || prose || at.field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
  reporter.report(at.message, field, fmt::format("{}: \"\" is empty; expected {}", at.path, expected_value(at.field)));
}

void check_required(const FieldRef& at, const Places& places, Reporter& reporter) {
  if (!rule_of(at.field).required() || value_count(at.message, at.field) > 0) return;
  const bool given = places.find(at.message, at.field.number(), 0) != nullptr;
  if (given && at.field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) return;  // said of the empty value already
  const schema::Rule& rule = rule_of(at.field);
  if (given && !rule.least().empty()) {  // a plain number that is given as 0
    return reporter.report(at.message, at.field.name().c_str(),
                           fmt::format("{}: \"0\" is out of range; expected {}", at.path, range_text(rule)));
  }
  reporter.report(at.message, at.field.name().c_str(),
                  fmt::format("{} is missing; expected {}{}", at.path, at.field.is_repeated() ? "at least one: " : "",
                              expected_value(at.field)));
}

/// The name of an element in a list: the element itself in a list of names, else its field `name`. Empty: none.
std::string listed_name(const FieldRef& at, int index) {
  if (at.field.message_type() == nullptr) {
    return rule_of(at.field).quantity() == schema::NAME ? scalar_text(at.message, at.field, index) : "";
  }
  const FieldDescriptor* name = at.field.message_type()->FindFieldByName("name");
  return name == nullptr ? "" : scalar_text(child(at.message, at.field, index), *name, 0);
}

void report_duplicate(const FieldRef& at, int index, int first, const std::string& name, Reporter& reporter) {
  const std::string text = fmt::format("duplicate name {} in {}{}; expected each name once", quoted(name), at.path,
                                       reporter.line_note(at.message, at.field.number(), first));
  if (at.field.message_type() == nullptr) return reporter.report(at.message, at.field.name().c_str(), text, index);
  reporter.report(child(at.message, at.field, index), "name", text);
}

NameClash check_unique(const FieldRef& at, Reporter& reporter) {
  NameClash clash = NameClash::none;
  if (!at.field.is_repeated()) return clash;
  std::map<std::string, int> first;
  for (int i = 0; i < value_count(at.message, at.field); ++i) {
    const std::string name = listed_name(at, i);
    if (name.empty()) continue;
    const auto [known, added] = first.emplace(name, i);
    if (added) continue;
    clash = NameClash::some;
    report_duplicate(at, i, known->second, name, reporter);
  }
  return clash;
}

NameClash check_all(const Message& message, const Names& names, Draft::Extent extent, const Places& places,
                    std::vector<Problem>& problems) {
  Reporter reporter(places, problems);
  NameClash clash = NameClash::none;
  for_each_field(message, [&](const FieldRef& at) {
    check_field(at, names, places, reporter);
    if (check_unique(at, reporter) == NameClash::some) clash = NameClash::some;
    if (extent == Draft::Extent::whole) check_required(at, places, reporter);
  });
  return clash;
}

}  // namespace

NameClash check_values(Draft& draft) {
  return check_all(*draft.scenario, names_in(draft), draft.extent, draft.places, draft.problems);
}

void check_values(const Message& message, Draft::Extent extent, const Places& places, std::vector<Problem>& problems) {
  check_all(message, {}, extent, places, problems);
}

}  // namespace parallax::scenarios
