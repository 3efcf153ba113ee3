#include "scenarios/compile_balancer.h"

#include <array>

#include "models/steering/health/profiles.h"
#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace health = steering::health;

namespace {

void set_where_given(sim::Duration& field, const std::string& text) {
  if (!text.empty()) field = duration(text);
}

health::CheckSpec check_spec(const schema::BalancerChecks& checks, health::CheckSpec spec) {
  set_where_given(spec.interval, checks.interval());
  // HAProxy's checks wait as long as its interval, unless somebody says otherwise.
  set_where_given(spec.connect_timeout, checks.interval());
  set_where_given(spec.answer_timeout, checks.interval());
  set_where_given(spec.connect_timeout, checks.connect_timeout());
  set_where_given(spec.answer_timeout, checks.answer_timeout());
  if (!checks.counted_from().empty()) {
    spec.interval_from = word<health::IntervalFrom>(counted_from_words(), checks.counted_from());
  }
  if (checks.has_fall()) spec.fall = checks.fall();
  if (checks.has_rise()) spec.rise = checks.rise();
  return spec;
}

}  // namespace

steering::AllSeeingBalancer::Spec seeing_balancer_spec(const schema::LoadBalancer& balancer) {
  return {word<health::Algorithm>(algorithm_words(), balancer.algorithm()),
          word<health::Persistence>(affinity_words(), balancer.affinity())};
}

std::optional<health::BalancerSpec> checked_balancer_spec(const schema::LoadBalancer& balancer) {
  if (balancer.profile().empty()) return std::nullopt;
  health::BalancerSpec spec = health::haproxy();
  spec.algorithm = word<health::Algorithm>(algorithm_words(), balancer.algorithm());
  spec.persistence = word<health::Persistence>(affinity_words(), balancer.affinity());
  spec.check = check_spec(balancer.checks(), spec.check);
  if (balancer.has_retries()) spec.retries = balancer.retries();
  if (!balancer.redispatch().empty()) {
    spec.redispatch = word<health::Redispatch>(redispatch_words(), balancer.redispatch());
  }
  set_where_given(spec.connect_timeout, balancer.connect_timeout());
  set_where_given(spec.answer_timeout, balancer.answer_timeout());
  if (balancer.has_connections()) spec.connections = balancer.connections();
  if (balancer.has_idle_connections()) spec.idle_connections = balancer.idle_connections();
  return spec;
}

std::span<const std::string> algorithm_words() {
  static const std::array<std::string, 3> words{"round_robin", "least_connections", "source"};
  return words;
}

std::span<const std::string> affinity_words() {
  static const std::array<std::string, 3> words{"none", "cookie", "source_address"};
  return words;
}

std::span<const std::string> redispatch_words() {
  static const std::array<std::string, 3> words{"never", "last_retry", "every_retry"};
  return words;
}

std::span<const std::string> counted_from_words() {
  static const std::array<std::string, 2> words{"start", "end"};
  return words;
}

}  // namespace parallax::scenarios
