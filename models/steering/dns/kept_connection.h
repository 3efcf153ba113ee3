// A client's connection to a data center, used again for the next request. While it lives the client does not look the
// name up: what a resolver says of it meanwhile changes nothing. So a busy client whose data center was only taken out
// of the answers stays there until its connection reaches its age or breaks, however short the TTL; one that pauses for
// longer than either end keeps an idle connection looks the name up again.
#pragma once

#include <optional>

#include "models/steering/dns/spec.h"
#include "sim/record.h"
#include "sim/time.h"

namespace parallax::steering::dns {

class KeptConnection {
 public:
  /// Where the next request goes without a look-up; nothing if a new connection is needed. `spec`: the same for all of
  /// its life; its owner has many of one kind.
  std::optional<sim::SiteId> usable(const KeepAliveSpec& spec, sim::VirtualTime now) const {
    if (!is_open_) return std::nullopt;
    if (spec.idle.ns > 0 && now - used_ >= spec.idle) return std::nullopt;
    if (spec.greatest_age.ns > 0 && now - opened_ >= spec.greatest_age) return std::nullopt;
    return to_;
  }

  void opened(sim::SiteId to, sim::VirtualTime now) {
    is_open_ = true;
    to_ = to;
    opened_ = used_ = now;
  }
  void used(sim::VirtualTime now) { used_ = now; }

  /// By the other end, or because nothing has come back for too long.
  void broken() { is_open_ = false; }

 private:
  sim::VirtualTime opened_{};
  sim::VirtualTime used_{};
  sim::SiteId to_{};
  bool is_open_{false};
};

}  // namespace parallax::steering::dns
