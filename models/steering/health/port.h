// Where a server takes connections: of balancers, and of those who check its health. What the other end sees of a
// failure depends on what has failed:
//
//  * the process ends, or is restarted: the kernel resets what is open and refuses what comes, within a round trip;
//  * the host loses its power, hangs, or is cut off: nothing comes back, and only time-outs tell.
//
// A third kind answers, but badly (an error status): the process runs and is not ready.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "sim/connection.h"
#include "sim/distribution.h"
#include "sim/site.h"

namespace parallax::steering::health {

enum class Status : std::uint8_t { kGood, kBad };

class Port {
 public:
  /// `service`: of a request, from its arrival to its answer. `name`: of its random stream.
  explicit Port(sim::Site& site, const std::string& name, const sim::Distribution& service = {})
      : site_{site}, service_{service}, times_{site.stream(name, "service")} {}
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  sim::Site& site() const { return site_; }

  /// A connection that ends here. Before the run, or when it is made.
  void join(sim::ConnectionEnd& end);

  /// The process that answers there: its kernel takes connections while it stands still. Before any join.
  void belongs_to(sim::Standstill& process) { process_ = &process; }

  // What happens to the server, at its site.
  void stop();     ///< the process
  void start();    ///< again; it listens at once
  void lose();     ///< the host
  void restore();  ///< the host, and the process with it
  void set_status(Status status) { status_ = status; }
  /// It answers well while this is so, in place of a status that is set.
  void answer_well_if(std::function<bool()> is_well) { is_well_ = std::move(is_well); }

  Status status() const { return !is_well_ ? status_ : is_well_() ? Status::kGood : Status::kBad; }
  bool is_listening() const { return is_running_ && has_power_; }
  sim::Duration draw_service_time() { return service_.sample(times_); }

 private:
  sim::Site& site_;
  sim::Distribution service_;
  sim::Stream times_;
  std::vector<sim::ConnectionEnd*> ends_;
  sim::Standstill* process_{nullptr};
  Status status_{Status::kGood};
  std::function<bool()> is_well_;
  bool is_running_{true};
  bool has_power_{true};
};

}  // namespace parallax::steering::health
