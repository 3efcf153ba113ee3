#include "models/runtime/control_plane.h"

#include "models/steering/clients.h"

namespace parallax::runtime {

sim::Process ControlPlane::answer(sim::Site& site, steering::PageCall call) {
  const std::uint32_t life = power_.life();
  const auto takes_writes =
      co_await access_.read([](propagation::Database& there) { return std::uint8_t{there.replica().is_writable()}; });
  co_await power_.standstill().over();
  if (power_.outlived(life)) co_return;
  const bool is_good = takes_writes && (call.service == steering::Service::kPortal || *takes_writes != 0);
  const auto outcome = is_good ? domain::Outcome::kAdmitted : domain::Outcome::kUnavailable;
  site.send(call.caller->site().id(), [call, outcome] { call.caller->page_answered(call, outcome); });
}

}  // namespace parallax::runtime
