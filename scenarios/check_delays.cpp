#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <string>

#include "scenarios/fields.h"
#include "scenarios/measured_delays.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

enum class Equal { allowed, refused };

/// Reports `field` of `message` if its value is a longer duration than `other`, or an equal one where that is refused.
void check_order(const Message& message, const char* field, const std::string& value, const std::string& other,
                 Equal equal, const std::string& what, Reporter& reporter) {
  const auto left = duration_in(value);
  const auto right = duration_in(other);
  if (!left || !right || *left < *right || (equal == Equal::allowed && *left == *right)) return;
  const char* relation = equal == Equal::allowed ? "is greater than" : "is not below";
  reporter.report(message, field,
                  fmt::format("{} {} {} {} {}; expected it {}", field, quoted(value), relation, what, quoted(other),
                              equal == Equal::allowed ? "at most equal" : "below"));
}

/// Of a lognormal delay, given or measured.
template <typename Quantiles>
void check_quantiles(const Quantiles& delay, Reporter& reporter) {
  check_order(delay, "p50", delay.p50(), delay.p95(), Equal::allowed, "p95", reporter);
  if (!delay.least().empty()) {
    check_order(delay, "least", delay.least(), delay.p50(), Equal::refused, "p50", reporter);
  } else if (duration_in(delay.p50()) == sim::Duration{0}) {
    reporter.report(delay, "p50", "p50 \"0s\" leaves no room for a floor below it; expected more than 0s");
  }
}

void check_empirical(const schema::Delay::Empirical& delay, Reporter& reporter) {
  const int count = delay.quantiles_size();
  if (count == 1) {
    reporter.report(delay, "quantiles", "quantiles has one value; expected at least two, in ascending order");
  }
  for (int i = 1; i < count; ++i) {
    const auto before = duration_in(delay.quantiles(i - 1));
    const auto here = duration_in(delay.quantiles(i));
    if (!before || !here || *before <= *here) continue;
    reporter.report(delay, "quantiles",
                    fmt::format("quantiles go down from {} to {}; expected ascending order",
                                quoted(delay.quantiles(i - 1)), quoted(delay.quantiles(i))),
                    i);
  }
}

void check_delay(const schema::Delay& delay, const std::string& path, Reporter& reporter) {
  std::vector<std::string> kinds;
  const google::protobuf::Descriptor& type = *delay.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (value_count(delay, *type.field(i)) > 0) kinds.push_back(type.field(i)->name());
  }
  if (kinds.size() > 1) {
    reporter.report(delay, kinds.back().c_str(),
                    fmt::format("{} is of more than one kind: {}; expected one of them", path, listing(kinds)));
  }
  check_order(delay.uniform(), "least", delay.uniform().least(), delay.uniform().greatest(), Equal::allowed, "greatest",
              reporter);
  if (delay.has_lognormal()) check_quantiles(delay.lognormal(), reporter);
  if (delay.has_empirical()) check_empirical(delay.empirical(), reporter);
  if (delay.has_measured()) {
    check_measured(delay.measured(), path + ".measured", reporter);
    check_quantiles(delay.measured(), reporter);
  }
}

}  // namespace

void check_delays(const schema::Scenario& scenario, Reporter& reporter) {
  for_each_field(scenario, [&](const FieldRef& at) {
    if (at.field.message_type() != schema::Delay::descriptor() || value_count(at.message, at.field) == 0) return;
    check_delay(static_cast<const schema::Delay&>(child(at.message, at.field, 0)), at.path, reporter);
  });
}

}  // namespace parallax::scenarios
