// What load balancers are told: known words, and nothing that only a balancer that has to find out could heed.
#include <fmt/format.h>

#include <array>
#include <string>

#include "scenarios/check_word.h"
#include "scenarios/compile_balancer.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {

namespace {

// The first field that is the profile's to begin with; empty: none is given.
std::string field_of_profile(const schema::LoadBalancer& balancer) {
  if (balancer.has_checks()) return "checks";
  if (balancer.has_retries()) return "retries";
  if (!balancer.redispatch().empty()) return "redispatch";
  if (!balancer.connect_timeout().empty()) return "connect_timeout";
  if (!balancer.answer_timeout().empty()) return "answer_timeout";
  if (balancer.has_connections()) return "connections";
  return balancer.has_idle_connections() ? "idle_connections" : "";
}

void check_without_profile(const schema::LoadBalancer& balancer, Reporter& reporter) {
  const std::string field = field_of_profile(balancer);
  if (!field.empty()) {
    reporter.report(balancer, field.c_str(),
                    fmt::format("{} without profile, of a balancer that sees at once which nodes are ready; expected "
                                "profile: \"haproxy\" with it",
                                field));
  }
  if (balancer.algorithm() == "least_connections") {
    reporter.report(balancer, "algorithm",
                    "algorithm \"least_connections\" without profile; expected round_robin or source, or profile: "
                    "\"haproxy\" with it");
  }
}

void check_balancer(const schema::LoadBalancer& balancer, Reporter& reporter) {
  static const std::array<std::string, 1> policies{"round_robin"};
  static const std::array<std::string, 1> profiles{"haproxy"};
  const std::string& policy = balancer.policy();
  if (!policy.empty() && policy != policies[0]) {
    reporter.report(balancer, "policy",
                    fmt::format("unknown policy {}{}", quoted(policy), suggestion(policy, "policies", policies)));
  }
  check_word(balancer, "algorithm", balancer.algorithm(), algorithm_words(), reporter);
  check_word(balancer, "affinity", balancer.affinity(), affinity_words(), reporter);
  check_word(balancer, "profile", balancer.profile(), profiles, reporter);
  check_word(balancer, "redispatch", balancer.redispatch(), redispatch_words(), reporter);
  check_word(balancer.checks(), "counted_from", balancer.checks().counted_from(), counted_from_words(), reporter);
  if (balancer.profile().empty()) return check_without_profile(balancer, reporter);
  if (balancer.has_connections() && balancer.idle_connections() > balancer.connections()) {
    reporter.report(balancer, "idle_connections",
                    fmt::format("idle_connections {} of connections {}; expected no more than those",
                                balancer.idle_connections(), balancer.connections()));
  }
}

}  // namespace

void check_balancers(const schema::Scenario& scenario, Reporter& reporter) {
  bool any_cookies = false;
  for (const schema::Site& site : scenario.sites()) {
    check_balancer(site.load_balancer(), reporter);
    any_cookies = any_cookies || site.load_balancer().affinity() == "cookie";
  }
  for (const schema::Population& population : scenario.workload().populations()) {
    if (population.drops_cookies() <= 0 || any_cookies) continue;
    reporter.report(population, "drops_cookies",
                    "no load balancer has affinity by cookie; expected affinity: \"cookie\" at a site, or no "
                    "drops_cookies");
  }
}

}  // namespace parallax::scenarios
