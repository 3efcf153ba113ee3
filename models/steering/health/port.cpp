#include "models/steering/health/port.h"

namespace parallax::steering::health {

void Port::join(sim::ConnectionEnd& end) {
  ends_.push_back(&end);
  if (process_ != nullptr) end.belongs_to(*process_);
  if (!is_running_) end.stop_listening();
  if (!has_power_) end.lose();
}

void Port::stop() {
  is_running_ = false;
  for (sim::ConnectionEnd* end : ends_) {
    end->stop_listening();
    end->close();
  }
}

void Port::start() {
  is_running_ = true;
  for (sim::ConnectionEnd* end : ends_) end->listen();
}

void Port::lose() {
  has_power_ = false;
  for (sim::ConnectionEnd* end : ends_) end->lose();
}

void Port::restore() {
  has_power_ = true;
  for (sim::ConnectionEnd* end : ends_) end->restore();
  start();
}

}  // namespace parallax::steering::health
