// A DNS provider's health checks. Checkers at several vantage points judge each data center, each for itself; their
// verdicts come together at one place, where a data center counts as healthy as long as more than a share of the
// vantage points say so. What that place finds goes to the authorities, which answer by it from then on.
//
// So a fault between a data center and some vantage points does not take it out of the answers: with more than 18 % of
// them that still see it, Route 53 leaves it in. And a failure is not seen before the last but 18 % of them have found
// out, each at a phase of its own. A verdict is sent when it changes and once every interval, so that one which is lost
// on its way is made good.
//
// Stages: health detection [(fall - 1) I, fall I + what the last check waits for + the ways].
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/steering/dns/authority.h"
#include "models/steering/dns/monitor_spec.h"
#include "models/steering/health/checker.h"
#include "sim/site.h"

namespace parallax::steering::dns {

class Monitor {
 public:
  /// `at`: where verdicts come together. `ports`: by data center, what is checked there.
  Monitor(sim::Site& at, const std::string& name, const MonitorSpec& spec,
          const std::vector<sim::Site*>& vantage_points, const std::vector<health::Port*>& ports,
          std::vector<Authority*> authorities);
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  /// Before the run, or at one instant of it.
  void start();

  /// Those of the vantage points at `place`; of one data center, or of all.
  std::vector<health::Checker*> checkers_at(sim::SiteId place, std::optional<sim::SiteId> data_center);

  Health health_of(std::size_t port) const { return watched_[port].health; }

 private:
  /// A vantage point's checkers, which sends their verdicts on.
  class Vantage final : public health::CheckListener {
   public:
    Vantage(sim::Site& site, Monitor& monitor, std::size_t number) : site_{site}, monitor_{monitor}, number_{number} {}
    void judged(std::uint32_t checked, health::Verdict verdict) override;

    void start();
    std::deque<health::Checker> checkers;

   private:
    void report();

    sim::Site& site_;
    Monitor& monitor_;
    std::size_t number_;
  };
  struct Watched {
    sim::SiteId data_center;
    Health health{Health::kHealthy};
    std::vector<std::uint8_t> says_up;  ///< by vantage point
  };

  void heard(std::size_t port, std::size_t vantage, health::Verdict verdict);
  void tell(const Watched& watched);
  void repeat();

  sim::Site& site_;
  MonitorSpec spec_;
  std::vector<Authority*> authorities_;
  std::vector<Watched> watched_;
  std::vector<std::unique_ptr<Vantage>> vantage_points_;
};

}  // namespace parallax::steering::dns
