// PHOLD on the plain engine that one would write first: std::priority_queue of 32-byte events with a function pointer.
#include <chrono>
#include <queue>

#include "phold.h"

namespace parallax::bench {

namespace {

class Engine {
 public:
  using Call = void (*)(Engine&, std::uint64_t argument);

  void schedule(std::int64_t time, Call call, std::uint64_t argument) {
    queue_.push({time, ++scheduled_, call, argument});
  }
  std::int64_t now() const { return now_; }
  void run(std::int64_t end) {
    while (!queue_.empty() && queue_.top().time < end) {
      const Event event = queue_.top();
      queue_.pop();
      now_ = event.time;
      event.call(*this, event.argument);
    }
  }

 private:
  struct Event {
    std::int64_t time;
    std::uint64_t number;
    Call call;
    std::uint64_t argument;
    bool operator<(const Event& other) const { return time != other.time ? time > other.time : number > other.number; }
  };
  static_assert(sizeof(Event) == 32);

  std::priority_queue<Event> queue_;
  std::uint64_t scheduled_{0};
  std::int64_t now_{0};
};

struct World : Engine {
  explicit World(const PholdSize& phold_size) : size{phold_size} {
    for (std::uint32_t i = 0; i < size.processes; ++i) processes.emplace_back(i);
  }
  static void execute(Engine& engine, std::uint64_t argument) {
    World& world = static_cast<World&>(engine);
    const auto process = static_cast<std::uint32_t>(argument);
    world.outcome.add(world.now(), process);
    const PholdStep step = world.processes[process].execute(world.size.processes);
    world.schedule(world.now() + step.delay_ns, execute, step.target);
  }

  PholdSize size;
  std::vector<PholdProcess> processes;
  PholdOutcome outcome;
};

}  // namespace

PholdOutcome phold_priority_queue(const PholdSize& size) {
  World world{size};
  for (std::uint32_t process = 0; process < size.processes; ++process) {
    for (std::uint32_t i = 0; i < kPholdEventsPerProcess; ++i) {
      world.schedule(world.processes[process].draw_delay(), World::execute, process);
    }
  }
  const auto start = std::chrono::steady_clock::now();
  world.run(size.end_ns);
  world.outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return world.outcome;
}

}  // namespace parallax::bench
