#include "sim/crew.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace parallax::sim {
namespace {

/// How often each task of a batch was executed. Each is its own counter: a task executed twice at once is a race.
std::vector<int> executions(Crew& crew, std::size_t tasks) {
  std::vector<int> times(tasks);
  crew.run(tasks, [&times](std::size_t i) { ++times.at(i); });
  return times;
}

TEST_CASE("each task of a batch is executed once, whatever the number of threads and tasks") {
  for (unsigned threads = 1; threads <= 8; ++threads) {
    Crew crew{threads};
    CHECK(crew.threads() == threads);
    for (const std::size_t tasks : {0U, 1U, 2U, 3U, 7U, 8U, 9U, 100U, 1'000U}) {
      CHECK(executions(crew, tasks) == std::vector<int>(tasks, 1));
    }
  }
}

TEST_CASE("batches follow each other, and each sees what the one before wrote") {
  for (const unsigned threads : {1U, 2U, 4U}) {
    Crew crew{threads};
    // Task i adds its neighbour's number of the batch before: after n batches of a ring of ones each has 2^n.
    std::vector<std::uint64_t> now(5, 1);
    std::vector<std::uint64_t> before;
    for (int batch = 0; batch < 60; ++batch) {
      before = now;
      crew.run(now.size(), [&](std::size_t i) { now[i] = before[i] + before[(i + 1) % before.size()]; });
    }
    CHECK(now == std::vector<std::uint64_t>(5, std::uint64_t{1} << 60));
  }
}

TEST_CASE("thousands of batches in a row lose none") {
  Crew crew{3};
  std::vector<int> times(4);
  for (int batch = 0; batch < 2'000; ++batch) crew.run(times.size(), [&times](std::size_t i) { ++times[i]; });
  CHECK(times == std::vector<int>(4, 2'000));
}

TEST_CASE("a crew that has gone to sleep wakes up for the next batch") {
  Crew crew{4};
  for (int batch = 0; batch < 3; ++batch) {
    CHECK(executions(crew, 100) == std::vector<int>(100, 1));
    std::this_thread::sleep_for(std::chrono::milliseconds{5});  // far beyond the time that workers look for work
  }
}

TEST_CASE("the threads of a crew work at the same time") {
  // Each task waits until both are under way: one thread alone would never end.
  Crew crew{2};
  std::atomic<int> under_way{0};
  crew.run(2, [&under_way](std::size_t) {
    ++under_way;
    while (under_way.load() < 2) std::this_thread::yield();
  });
  CHECK(under_way == 2);
}

TEST_CASE("an exception of a task comes out after the others have ended, and the crew goes on") {
  for (const unsigned threads : {1U, 2U, 4U}) {
    Crew crew{threads};
    std::vector<int> times(50);
    std::string what;
    try {
      crew.run(times.size(), [&times](std::size_t i) {
        ++times[i];
        if (i == 7) throw std::runtime_error{"seven"};
      });
    } catch (const std::runtime_error& error) {
      what = error.what();
    }
    CHECK(what == "seven");
    CHECK(times == std::vector<int>(50, 1));
    CHECK(executions(crew, 50) == std::vector<int>(50, 1));  // and does not throw it again
  }
}

TEST_CASE("of many exceptions one comes out") {
  Crew crew{4};
  CHECK_THROWS_AS(crew.run(100, [](std::size_t) { throw std::runtime_error{"each"}; }), std::runtime_error);
  CHECK(executions(crew, 10) == std::vector<int>(10, 1));
}

}  // namespace
}  // namespace parallax::sim
