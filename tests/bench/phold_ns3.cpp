// PHOLD on ns-3 with its quickest scheduler, as a peer that others know (`make bench PEERS=1`).
#include <chrono>

#include "ns3/object-factory.h"
#include "ns3/simulator.h"
#include "phold.h"

namespace parallax::bench {

namespace {

ns3::Time nanoseconds(std::int64_t ns) { return ns3::NanoSeconds(static_cast<std::uint64_t>(ns)); }

struct World {
  explicit World(const PholdSize& phold_size) : size{phold_size} {
    for (std::uint32_t i = 0; i < size.processes; ++i) processes.emplace_back(i);
  }
  static void execute(World* world, std::uint32_t process) {
    world->outcome.add(ns3::Simulator::Now().GetNanoSeconds(), process);
    const PholdStep step = world->processes[process].execute(world->size.processes);
    ns3::Simulator::Schedule(nanoseconds(step.delay_ns), &World::execute, world, step.target);
  }

  PholdSize size;
  std::vector<PholdProcess> processes;
  PholdOutcome outcome;
};

}  // namespace

PholdOutcome phold_ns3(const PholdSize& size) {
  ns3::ObjectFactory scheduler;
  scheduler.SetTypeId("ns3::PriorityQueueScheduler");
  ns3::Simulator::SetScheduler(scheduler);
  World world{size};
  ns3::Simulator::Stop(nanoseconds(size.end_ns));
  for (std::uint32_t process = 0; process < size.processes; ++process) {
    for (std::uint32_t i = 0; i < kPholdEventsPerProcess; ++i) {
      ns3::Simulator::Schedule(nanoseconds(world.processes[process].draw_delay()), &World::execute, &world, process);
    }
  }
  const auto start = std::chrono::steady_clock::now();
  ns3::Simulator::Run();
  world.outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ns3::Simulator::Destroy();
  return world.outcome;
}

}  // namespace parallax::bench
