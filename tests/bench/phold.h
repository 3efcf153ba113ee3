// PHOLD (Fujimoto, "Performance of Time Warp under synthetic workloads", 1990), the yardstick of event engines: each
// executed event draws a delay and a process from its own process's random numbers and schedules one event there. The
// number of pending events stays the same, so what is measured is the future event list and dispatch.
//
// Every engine here does the same work: the sum over all executed (time, process) is equal, whatever the order of the
// terms.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace parallax::bench {

struct PholdSize {
  const char* name;
  std::uint32_t processes;
  std::int64_t end_ns;  ///< events before this instant of virtual time are executed
};

inline constexpr std::uint32_t kPholdEventsPerProcess = 16;

// 16,384 pending events at a mean delay of 1.1 s are 14,895 events a second: 4 million in 269 s. The large one starts
// with a million events and executes 4 million in 4.2 s.
inline constexpr PholdSize kPholdSmall{"small", 1'024, 269'000'000'000};
inline constexpr PholdSize kPholdLarge{"large", 65'536, 4'200'000'000};

struct PholdStep {
  std::int64_t delay_ns;
  std::uint32_t target;
};

/// The part of a process that is the same in all engines.
class PholdProcess {
 public:
  explicit PholdProcess(std::uint32_t number) : state_{0x9e3779b97f4a7c15ULL * (number + 1)} {}

  /// 0.1 s + Exp(mean 1 s).
  std::int64_t draw_delay() {
    const double u = static_cast<double>((next() >> 11) + 1) * 0x1p-53;  // in (0, 1]
    return 100'000'000 + static_cast<std::int64_t>(-std::log(u) * 1e9);
  }

  PholdStep execute(std::uint32_t processes) {
    ++executed_;
    const std::int64_t delay = draw_delay();
    return {delay, static_cast<std::uint32_t>(next() % processes)};
  }

  std::uint64_t executed() const { return executed_; }

 private:
  // splitmix64 (Vigna, public domain).
  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15ULL); }

 public:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
  std::uint64_t executed_{0};
};

struct PholdOutcome {
  std::uint64_t events{0};
  std::uint64_t checksum{0};
  double seconds{0};

  void add(std::int64_t time_ns, std::uint32_t process) {
    ++events;
    checksum += PholdProcess::mix(static_cast<std::uint64_t>(time_ns) ^ static_cast<std::uint64_t>(process) << 40);
  }
};

// The engines.
PholdOutcome phold_callbacks(const PholdSize& size);       ///< this project's, event handlers
PholdOutcome phold_processes(const PholdSize& size);       ///< this project's, a coroutine for each pending event
PholdOutcome phold_priority_queue(const PholdSize& size);  ///< std::priority_queue of 32-byte events
PholdOutcome phold_ns3(const PholdSize& size);             ///< ns-3, PriorityQueueScheduler

}  // namespace parallax::bench
