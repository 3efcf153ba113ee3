// A counter that several nodes share: a key-value store, a data grid. Gateways use one for global burst limits, counter
// stores another for distributed quotas; the two must not be the same, since both use the same keys.
//
// It keeps one window for each key. Whoever reports first in a window sets it, and the others take it over: so windows
// that begin with the first request begin alike on all nodes, and a counter never outlives its window whatever happens
// to the nodes (counters that were not reset after a restart: wso2/api-manager#4683, #4744).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>

#include "models/logic/throttling/throttle_key.h"
#include "models/logic/throttling/window.h"

namespace parallax::logic::throttling {

struct SharedCount {
  Window window{};         ///< as all nodes have it
  std::uint64_t total{0};  ///< in that window, of all nodes
};

class SharedCounter {
 public:
  virtual ~SharedCounter() = default;

  /// Adds `delta`, which may be 0, and reads. Nothing if it could not be asked; then nothing was added. If `window`
  /// begins after the key's window ended, it becomes the key's window; if it ended before that begins, `delta` is
  /// forgotten; otherwise `delta` belongs to the key's window.
  virtual std::optional<SharedCount> add(ThrottleKey key, Window window, std::uint64_t delta) = 0;
};

/// What to do while the shared counter cannot be asked.
enum class WhenSharedDown : std::uint8_t {
  kOpen,    ///< nobody becomes throttled
  kClosed,  ///< everybody who comes does
  kLocal,   ///< each node by what it knows: the last total it learned and its own requests since
};

/// In one process's memory, for tests and for simulated deployments.
class InMemorySharedCounter final : public SharedCounter {
 public:
  std::optional<SharedCount> add(ThrottleKey key, Window window, std::uint64_t delta) override;

  enum class State : std::uint8_t { kUp, kDown };
  void set_state(State state) { state_ = state; }

 private:
  State state_{State::kUp};
  boost::unordered_flat_map<ThrottleKey, SharedCount> counts_;
};

}  // namespace parallax::logic::throttling
