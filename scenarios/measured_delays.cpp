#include "scenarios/measured_delays.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <vector>

#include "scenarios/data/round_trips.h"
#include "scenarios/fields.h"
#include "scenarios/units.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

using data::OneWay;
using data::RoundTrips;

std::vector<schema::Delay::Measured*> measured_in(Message& root) {
  std::vector<schema::Delay::Measured*> found;
  const auto look = [&](Message& message, const auto& again) -> void {
    if (message.GetDescriptor() == schema::Delay::Measured::descriptor()) {
      found.push_back(static_cast<schema::Delay::Measured*>(&message));
    }
    const google::protobuf::Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (type.field(i)->message_type() == nullptr) continue;
      const int count = value_count(message, *type.field(i));
      for (int k = 0; k < count; ++k) again(mutable_child(message, *type.field(i), k), again);
    }
  };
  look(root, look);
  return found;
}

const RoundTrips* set_named(const std::vector<RoundTrips>& sets, std::string_view name) {
  const auto found = std::find_if(sets.begin(), sets.end(), [&](const RoundTrips& set) { return set.name == name; });
  return found == sets.end() ? nullptr : &*found;
}

void fill_from(const OneWay& way, schema::Delay::Measured& measured) {
  if (measured.p50().empty()) measured.set_p50(format_duration(way.p50));
  if (measured.p95().empty()) measured.set_p95(format_duration(way.p95));
  if (measured.least().empty() && way.least) measured.set_least(format_duration(*way.least));
}

/// Returns whether the set has the region.
bool check_region(const schema::Delay::Measured& measured, const char* field, const std::string& region,
                  const RoundTrips& set, const std::string& path, Reporter& reporter) {
  if (std::find(set.regions.begin(), set.regions.end(), region) != set.regions.end()) return true;
  if (!region.empty()) {
    reporter.report(measured, field,
                    fmt::format("{}.{}: unknown region {} of {}{}", path, field, quoted(region), set.name,
                                suggestion(region, "regions", set.regions)));
  }
  return false;
}

}  // namespace

void fill_measured(schema::Scenario& scenario) {
  const std::vector<schema::Delay::Measured*> all = measured_in(scenario);
  if (all.empty()) return;
  const std::vector<RoundTrips> sets = data::all_round_trips();
  for (schema::Delay::Measured* measured : all) {
    const RoundTrips* set = set_named(sets, measured->set());
    const OneWay* way = set == nullptr ? nullptr : set->find(measured->from(), measured->to());
    if (way != nullptr) fill_from(*way, *measured);
  }
}

void check_measured(const schema::Delay::Measured& measured, const std::string& path, Reporter& reporter) {
  const std::vector<RoundTrips> sets = data::all_round_trips();
  const RoundTrips* set = set_named(sets, measured.set());
  if (set == nullptr) {
    std::vector<std::string> names;
    for (const RoundTrips& one : sets) names.push_back(one.name);
    if (measured.set().empty()) return;
    reporter.report(measured, "set",
                    fmt::format("{}.set: unknown set {}{}", path, quoted(measured.set()),
                                suggestion(measured.set(), "sets", names)));
    return;
  }
  const bool has_from = check_region(measured, "from", measured.from(), *set, path, reporter);
  const bool has_to = check_region(measured, "to", measured.to(), *set, path, reporter);
  if (!has_from || !has_to || set->find(measured.from(), measured.to()) != nullptr) return;
  reporter.report(measured, "to",
                  fmt::format("{}: {} has no round trip from {} to {}; expected a pair that was measured", path,
                              set->name, quoted(measured.from()), quoted(measured.to())));
}

std::string source_of(const schema::Delay::Measured& measured) {
  const std::vector<RoundTrips> sets = data::all_round_trips();
  const RoundTrips* set = set_named(sets, measured.set());
  if (set == nullptr) return {};
  return fmt::format("{}, {} to {}, {} ({}); half a round trip", set->title, measured.from(), measured.to(),
                     set->measured, set->source);
}

}  // namespace parallax::scenarios
