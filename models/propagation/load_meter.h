// How much is asked of a data center in each second: of its key managers, and of its database. After a failover or a
// recovery caches are cold, and all that they do not answer comes here at once: the herd.
//
// The figures of a second are written when the next question in a later second finds them, so that a meter has no
// events of its own and a second in which nothing was asked has no record.
#pragma once

#include <cstdint>

#include "models/domain/journal.h"
#include "sim/site.h"
#include "sim/time.h"

namespace parallax::propagation {

class LoadMeter {
 public:
  explicit LoadMeter(sim::Site& site) : site_{site} {}
  LoadMeter(const LoadMeter&) = delete;
  LoadMeter& operator=(const LoadMeter&) = delete;

  // At its site.
  void request() { ++now().requests; }
  void validation() { ++now().validations; }
  void statement() { ++now().statements; }

  /// Once, at the end of the run.
  void close() { write(); }

 private:
  domain::LoadSecond& now() {
    if (site_.now() >= end_) begin();
    return second_;
  }

  void begin() {
    write();
    const std::int64_t number = site_.now().ns / sim::seconds(1).ns;
    second_ = {site_.id(), static_cast<std::uint32_t>(number), 0, 0, 0};
    end_ = sim::VirtualTime{} + sim::seconds(number + 1);
  }

  // A second is begun by a question, so that there is always something to write, but for the one before the first.
  void write() {
    if (end_ > sim::VirtualTime{}) site_.record(second_.pack());
  }

  sim::Site& site_;
  domain::LoadSecond second_{};
  sim::VirtualTime end_{};  ///< of that second
};

}  // namespace parallax::propagation
