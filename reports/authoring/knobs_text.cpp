#include "reports/authoring/knobs_text.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "reports/plain_text.h"
#include "scenarios/fields.h"

namespace parallax::reports {
namespace {

using scenarios::FieldDescriptor;

struct Knob {
  const FieldDescriptor* field;
  std::string path;  ///< as a person would write it: "links[eu/us].loss", where assumptions have "links[0].loss"
  const schema::Assumption* assumption;
};

/// Structure and names are no knobs.
bool is_knob(const FieldDescriptor& field) {
  switch (scenarios::rule_of(field).quantity()) {
    case schema::NAME:
    case schema::SITE:
    case schema::NODE:
    case schema::METRIC:
    case schema::LIMIT:
      return false;
    default:
      return !field.is_repeated();
  }
}

using Fields = std::map<std::string, std::pair<const FieldDescriptor*, std::string>>;

/// Each field by its path, with the path in which elements have their keys.
void collect(const scenarios::Message& message, const std::string& prefix, const std::string& keyed, Fields& fields) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    fields.try_emplace(prefix + field.name(), &field, keyed + field.name());
    if (field.message_type() == nullptr) continue;
    for (int k = 0; k < scenarios::value_count(message, field); ++k) {
      const std::string name = field.is_repeated() ? scenarios::element_name(message, field, k) : "";
      const std::string key = field.is_repeated() ? scenarios::element_key(message, field, k) : "";
      const std::string place = field.is_repeated() ? "[" + name + "]." : ".";
      const std::string keyed_place = key.empty() ? place : "[" + key + "].";
      collect(scenarios::child(message, field, k), prefix + field.name() + place, keyed + field.name() + keyed_place,
              fields);
    }
  }
}

std::vector<Knob> knobs_of(const scenarios::Loaded& loaded) {
  Fields fields;
  collect(loaded.scenario, "", "", fields);
  std::vector<Knob> knobs;
  for (const schema::Assumption& assumption : loaded.assumptions) {
    const auto found = fields.find(assumption.path());
    if (found == fields.end() || !is_knob(*found->second.first)) continue;
    knobs.push_back({found->second.first, found->second.second, &assumption});
  }
  return knobs;
}

/// "0s to 1h, default 30s".
std::string allowed(const FieldDescriptor& field) {
  const schema::Rule& rule = scenarios::rule_of(field);
  std::string out;
  if (!rule.least().empty() && !rule.greatest().empty()) {
    out = rule.least() + " to " + rule.greatest();
  } else if (!rule.least().empty()) {
    out = "at least " + rule.least();
  } else if (!rule.greatest().empty()) {
    out = "at most " + rule.greatest();
  }
  const bool has_default = !rule.default_value().empty();
  return out + (has_default && !out.empty() ? ", " : "") + (has_default ? "default " + rule.default_value() : "");
}

std::string knob_text(const std::string& path, const Knob& knob) {
  const schema::Rule& rule = scenarios::rule_of(*knob.field);
  const std::string limits = allowed(*knob.field);
  std::string out = fmt::format("  {}={}{}\n", safe(path), safe(knob.assumption->value()),
                                limits.empty() ? "" : "  (" + limits + ")");
  if (!rule.help().empty()) out += wrapped("      " + rule.help(), 6);
  const std::string& source = knob.assumption->source();
  if (!source.empty()) out += wrapped("      Source: " + safe(source), 6);
  return out;
}

std::string given_text(const std::vector<Knob>& knobs, std::string_view origin, std::string_view heading) {
  std::string out;
  for (const Knob& knob : knobs) {
    if (knob.assumption->origin() == origin) out += knob_text(knob.path, knob);
  }
  return out.empty() ? out : fmt::format("\n{}\n", heading) + out;
}

std::string defaults_text(const std::vector<Knob>& knobs) {
  std::string out;
  std::set<std::pair<std::string, std::string>> told;
  for (const Knob& knob : knobs) {
    if (knob.assumption->origin() != "default") continue;
    const std::string path = scenarios::path_anywhere(knob.assumption->path());
    if (told.emplace(path, knob.assumption->value()).second) out += knob_text(path, knob);
  }
  if (out.empty()) return out;
  return "\nLeft at their defaults (* stands for each name; a default without a source is our figure)\n" + out;
}

}  // namespace

std::string knobs_text(const scenarios::Loaded& loaded) {
  const std::vector<Knob> knobs = knobs_of(loaded);
  return given_text(knobs, "scenario", "Knobs that it sets (parallax run FILE --set PATH=VALUE)") +
         given_text(knobs, "base", "Knobs that the scenario sets which it extends") +
         given_text(knobs, "data set", "From measured round trips") +
         given_text(knobs, "command line", "Given on the command line") + defaults_text(knobs);
}

}  // namespace parallax::reports
