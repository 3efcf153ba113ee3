#include "models/steering/dns/monitor.h"

#include <numeric>
#include <utility>

#include "models/domain/journal.h"

namespace parallax::steering::dns {

Monitor::Monitor(sim::Site& at, const std::string& name, const MonitorSpec& spec,
                 const std::vector<sim::Site*>& vantage_points, const std::vector<health::Port*>& ports,
                 std::vector<Authority*> authorities)
    : site_{at}, spec_{spec}, authorities_{std::move(authorities)} {
  for (const health::Port* port : ports) {
    watched_.push_back({port->site().id(), Health::kHealthy, std::vector<std::uint8_t>(vantage_points.size(), 1)});
  }
  for (std::size_t number = 0; number < vantage_points.size(); ++number) {
    vantage_points_.push_back(std::make_unique<Vantage>(*vantage_points[number], *this, number));
    for (std::uint32_t port = 0; port < ports.size(); ++port) {
      const std::string path = name + " vantage point " + std::to_string(number) + " port " + std::to_string(port);
      vantage_points_.back()->checkers.emplace_back(*vantage_points[number], *ports[port], path, spec.check, port,
                                                    *vantage_points_.back());
    }
  }
}

void Monitor::start() {
  for (const auto& vantage : vantage_points_) vantage->start();
  repeat();
}

std::vector<health::Checker*> Monitor::checkers_at(sim::SiteId place, std::optional<sim::SiteId> data_center) {
  std::vector<health::Checker*> found;
  for (const auto& vantage : vantage_points_) {
    for (health::Checker& checker : vantage->checkers) {
      const sim::SiteId checked = checker.server().site().id();
      if (checker.site().id() == place && checked == data_center.value_or(checked)) found.push_back(&checker);
    }
  }
  return found;
}

void Monitor::Vantage::start() {
  for (health::Checker& checker : checkers) checker.start();
  report();
}

void Monitor::Vantage::report() {
  site_.after(monitor_.spec_.check.interval, [this] { report(); });
  for (std::uint32_t port = 0; port < checkers.size(); ++port) judged(port, checkers[port].verdict());
}

void Monitor::Vantage::judged(std::uint32_t checked, health::Verdict verdict) {
  site_.send(monitor_.site_.id(),
             [monitor = &monitor_, checked, number = number_, verdict] { monitor->heard(checked, number, verdict); });
}

void Monitor::heard(std::size_t port, std::size_t vantage, health::Verdict verdict) {
  Watched& watched = watched_[port];
  watched.says_up[vantage] = verdict == health::Verdict::kUp ? 1 : 0;
  const auto up = std::accumulate(watched.says_up.begin(), watched.says_up.end(), std::uint64_t{0});
  const bool is_healthy = 100 * up > spec_.quorum_percent * watched.says_up.size();
  const Health health = is_healthy ? Health::kHealthy : Health::kUnhealthy;
  if (health == watched.health) return;
  watched.health = health;
  const auto change = is_healthy ? domain::SiteChange::kMarkedUp : domain::SiteChange::kMarkedDown;
  site_.record(domain::SiteChanged{watched.data_center, site_.id(), change}.pack());
  tell(watched);
}

void Monitor::repeat() {
  site_.after(spec_.check.interval, [this] { repeat(); });
  for (const Watched& watched : watched_) tell(watched);
}

void Monitor::tell(const Watched& watched) {
  for (Authority* authority : authorities_) {
    site_.send(authority->site().id(), [authority, data_center = watched.data_center, health = watched.health] {
      authority->set_health(data_center, health);
    });
  }
}

}  // namespace parallax::steering::dns
