#include "scenarios/workers.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace parallax::scenarios {
namespace {

void wait_for(const std::atomic<bool>& flag) {
  while (!flag) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

std::string failure_of(unsigned jobs, const WorkPiece& piece) {
  try {
    share_out(4, jobs, piece, {});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("each piece is done once, however many are done at a time") {
  for (const unsigned jobs : {0U, 1U, 3U, 100U}) {
    std::vector<int> done(50);
    unsigned told = 0;
    share_out(
        done.size(), jobs, [&](std::size_t i, const std::atomic<bool>&) { ++done[i]; },
        [&](unsigned finished, unsigned total) {
          CHECK(total == 50);
          told = finished;
        });
    CHECK(done == std::vector<int>(50, 1));
    CHECK(told == 50);
  }
  share_out(0, 2, [](std::size_t, const std::atomic<bool>&) { throw std::runtime_error("there is none"); }, {});
}

TEST_CASE("of several pieces that fail the least is told, though another has failed before it") {
  std::atomic<bool> has_second_failed{false};
  std::atomic<bool> is_first_stopped{false};
  const WorkPiece piece = [&](std::size_t i, const std::atomic<bool>& stop) {
    if (i == 0) {
      wait_for(has_second_failed);
      // Time for the other failure to be noted.
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
      if (stop) is_first_stopped = true;
      throw std::runtime_error("first");
    }
    has_second_failed = true;
    throw std::runtime_error("another");
  };
  CHECK(failure_of(2, piece) == "first");
  CHECK(failure_of(4, piece) == "first");
  CHECK_FALSE(is_first_stopped);
}

TEST_CASE("what comes after a piece that fails is stopped, and nothing more is begun") {
  std::atomic<bool> has_begun{false};
  std::atomic<int> begun{0};
  const WorkPiece piece = [&](std::size_t i, const std::atomic<bool>& stop) {
    ++begun;
    if (i == 1) {
      has_begun = true;
      wait_for(stop);
      throw std::runtime_error("stopped");
    }
    wait_for(has_begun);
    throw std::runtime_error("failed");
  };
  CHECK(failure_of(2, piece) == "failed");
  CHECK(begun == 2);
}

TEST_CASE("what the caller's callback throws stops all that is under way") {
  const WorkPiece piece = [](std::size_t, const std::atomic<bool>& stop) { wait_for(stop); };
  CHECK_THROWS_AS(share_out(3, 2, piece, [](unsigned, unsigned) { throw std::runtime_error("interrupted"); }),
                  std::runtime_error);
}

}  // namespace parallax::scenarios
