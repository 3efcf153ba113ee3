#include "scenarios/fragility.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "scenarios/fields.h"
#include "scenarios/reload.h"
#include "scenarios/result.h"
#include "scenarios/units.h"

namespace parallax::scenarios {

namespace {

enum class Nudged { kHalved, kDoubled };

std::optional<std::string> nudged_duration(const std::string& text, Nudged how) {
  const auto length = parse_duration(text).value;
  constexpr sim::Duration kMost = sim::minutes(60 * 24 * 365);  // longer ones are no longer any number's double
  if (!length || length->ns <= 1 || *length > kMost) return std::nullopt;
  return format_duration({how == Nudged::kHalved ? length->ns / 2 : length->ns * 2});
}

std::optional<std::string> nudged_rate(const std::string& text, Nudged how) {
  const auto rate = parse_rate(text).value;
  if (!rate || rate->count <= 0) return std::nullopt;
  return how == Nudged::kHalved ? fmt::format("{}/{}", rate->count, format_duration({rate->per.ns * 2}))
                                : fmt::format("{}/{}", rate->count * 2, format_duration(rate->per));
}

std::optional<std::string> nudged_number(const std::string& text, Nudged how, bool is_whole) {
  const auto number = parse_number(text).value;
  if (!number || *number <= 0) return std::nullopt;
  const double to = how == Nudged::kHalved ? *number / 2 : *number * 2;
  if (!is_whole) return fmt::format("{}", to);
  const auto whole = static_cast<std::int64_t>(to);
  if (static_cast<double>(whole) < to || to > 1e15) return std::nullopt;
  return fmt::to_string(whole);
}

std::optional<std::string> nudged(const FieldDescriptor& field, const std::string& text, Nudged how) {
  switch (rule_of(field).quantity()) {
    case schema::DURATION:
      return nudged_duration(text, how);
    case schema::RATE:
      return nudged_rate(text, how);
    case schema::PLAIN:
      break;
    default:
      return std::nullopt;
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return nudged_number(text, how, false);
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return nudged_number(text, how, true);
    default:
      return std::nullopt;
  }
}

schema::Nudge outcome_of(const DefaultNudge& nudge, const schema::Result& before, const schema::Result& after) {
  schema::Nudge out;
  out.set_path(nudge.path);
  out.set_from(nudge.from);
  out.set_to(nudge.to);
  out.set_verdict(after.verdict());
  const int common = std::min(before.expectations_size(), after.expectations_size());
  for (int i = 0; i < common; ++i) {
    if (before.expectations(i).verdict() == after.expectations(i).verdict()) continue;
    schema::Flip& flip = *out.add_flips();
    flip.set_metric(before.expectations(i).metric());
    flip.set_from(before.expectations(i).verdict());
    flip.set_to(after.expectations(i).verdict());
  }
  return out;
}

}  // namespace

std::vector<DefaultNudge> default_nudges(const schema::Result& result) {
  std::map<std::string, std::string> defaults;
  for (const auto& assumption : result.assumptions()) {
    if (assumption.origin() == "default") defaults.emplace(assumption.path(), assumption.value());
  }
  std::vector<DefaultNudge> nudges;
  for_each_field(result.config(), [&](const FieldRef& ref) {
    if (ref.field.is_repeated() || defaults.count(ref.path) == 0) return;
    const std::string from = scalar_text(ref.message, ref.field, 0);
    for (const Nudged how : {Nudged::kHalved, Nudged::kDoubled}) {
      const auto to = nudged(ref.field, from, how);
      if (!to) continue;
      const std::string path = path_anywhere(ref.path);
      const auto same = std::find_if(nudges.begin(), nudges.end(), [&](const DefaultNudge& other) {
        return other.path == path && other.from == from && other.to == *to;
      });
      DefaultNudge& nudge = same == nudges.end() ? nudges.emplace_back(DefaultNudge{path, from, *to, {}}) : *same;
      nudge.overrides.push_back(ref.path + "=" + *to);
    }
  });
  return nudges;
}

schema::Fragility fragility_of(const schema::Result& result, const RunOptions& options) {
  const std::vector<DefaultNudge> nudges = default_nudges(result);
  schema::Fragility fragility;
  std::map<std::pair<std::string, std::string>, int> inputs;
  for (std::size_t i = 0; i < nudges.size(); ++i) {
    const DefaultNudge& nudge = nudges[i];
    inputs.emplace(std::pair{nudge.path, nudge.from}, 0);
    const LoadOutcome outcome = reload("fragility", result, nudge.overrides);
    if (!outcome.loaded) continue;
    RunOptions again = options;
    again.progress = [&](unsigned, unsigned) {
      if (options.progress) options.progress(static_cast<unsigned>(i), static_cast<unsigned>(nudges.size()));
    };
    const auto after = draw_up_result(*outcome.loaded, run_seeds(outcome.loaded->scenario, again), "");
    fragility.set_runs(fragility.runs() + 1);
    schema::Nudge found = outcome_of(nudge, result, after);
    if (found.flips_size() > 0) *fragility.add_nudges() = std::move(found);
  }
  fragility.set_inputs(static_cast<std::uint32_t>(inputs.size()));
  return fragility;
}

}  // namespace parallax::scenarios
