// What a node asks the control plane for when it starts: policies (counter store), blocking conditions and key
// templates (gateway). Once, and never again if that failed: a counter store started before the control plane had no
// policies for the rest of its life (wso2/api-manager#1920), a gateway that missed the key templates ignored custom
// policies (wso2/api-manager#4862). The cure is to ask again until somebody answers. Tells when; asking is the host's.
#pragma once

#include <optional>

#include "sim/time.h"

namespace parallax::logic::throttling {

struct StartupPullOptions {
  std::optional<sim::Duration> retry_every{};  ///< > 0; nothing: one attempt
};

class StartupPull {
 public:
  StartupPull(StartupPullOptions options, sim::VirtualTime start) : options_{options}, next_attempt_{start} {}

  /// kNever once answered or given up.
  sim::VirtualTime next_attempt() const { return next_attempt_; }
  bool is_answered() const { return is_answered_; }

  void answered() {
    is_answered_ = true;
    next_attempt_ = sim::kNever;
  }
  void failed(sim::VirtualTime now) {
    next_attempt_ = options_.retry_every && !is_answered_ ? now + *options_.retry_every : sim::kNever;
  }

 private:
  StartupPullOptions options_;
  sim::VirtualTime next_attempt_;
  bool is_answered_{false};
};

}  // namespace parallax::logic::throttling
