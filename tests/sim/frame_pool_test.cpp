#include "sim/frame_pool.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace parallax::sim {
namespace {

std::uintptr_t address(const void* frame) { return reinterpret_cast<std::uintptr_t>(frame); }

/// Frames by address; a new one must be aligned and lie between its neighbours.
class Frames {
 public:
  void add(void* frame, std::size_t bytes) {
    if (address(frame) % 16 != 0) FAIL("not aligned: " << bytes << " bytes");
    const auto [place, is_new] = bytes_.emplace(address(frame), bytes);
    if (!is_new) FAIL("given out twice");
    if (const auto next = std::next(place); next != bytes_.end() && address(frame) + bytes > next->first) {
      FAIL("reaches into the next frame");
    }
    if (place != bytes_.begin()) {
      const auto previous = std::prev(place);
      if (previous->first + previous->second > address(frame)) FAIL("begins in the frame before");
    }
    std::memset(frame, 0xa5, bytes);  // all of it may be written
  }
  void remove(const void* frame) { bytes_.erase(address(frame)); }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::map<std::uintptr_t, std::size_t> bytes_;
};

TEST_CASE("frames of all sizes are aligned to 16 bytes and never overlap") {
  FramePool pool;
  Frames frames;
  std::vector<void*> given;
  for (std::size_t bytes = 1; bytes <= 2'000; ++bytes) {
    given.push_back(pool.allocate(bytes));
    frames.add(given.back(), bytes);
  }
  CHECK(frames.size() == 2'000);
  for (std::size_t bytes = 1; bytes <= 2'000; ++bytes) FramePool::free(given[bytes - 1], bytes);
}

TEST_CASE("frames at random, freed in any order, never overlap") {
  struct Given {
    void* frame;
    std::size_t bytes;
  };
  std::mt19937_64 random{20'260'101};  // specified by the standard, so the same everywhere
  FramePool pool;
  Frames frames;
  std::vector<Given> given;
  std::size_t most = 0;
  for (int step = 0; step < 30'000; ++step) {
    if (random() % 16 < 9 || given.empty()) {
      const std::size_t bytes = 1 + random() % 1'100;
      given.push_back({pool.allocate(bytes), bytes});
      frames.add(given.back().frame, bytes);
    } else {
      std::swap(given[random() % given.size()], given.back());
      frames.remove(given.back().frame);
      FramePool::free(given.back().frame, given.back().bytes);
      given.pop_back();
    }
    most = std::max(most, given.size());
  }
  CHECK(most > 2'000);  // over a megabyte: several blocks
  for (const Given& one : given) FramePool::free(one.frame, one.bytes);
}

TEST_CASE("the frame freed last is the next of its size") {
  FramePool pool;
  void* first = pool.allocate(100);
  void* second = pool.allocate(112);  // rounded to 16 bytes, 100 is 112
  void* other = pool.allocate(113);
  CHECK(first != second);
  FramePool::free(first, 100);
  FramePool::free(other, 113);
  FramePool::free(second, 112);
  CHECK(pool.allocate(97) == second);
  CHECK(pool.allocate(112) == first);
  CHECK(pool.allocate(128) == other);
}

TEST_CASE("a frame goes back to the pool that it came from") {
  FramePool mine;
  FramePool other;
  void* frame = mine.allocate(64);
  CHECK(other.allocate(64) != frame);
  FramePool::free(frame, 64);
  CHECK(other.allocate(64) != frame);
  CHECK(mine.allocate(64) == frame);
}

TEST_CASE("a frame may be freed and used again by another thread, one after the other") {
  FramePool pool;
  std::vector<void*> frames;
  for (int i = 0; i < 1'000; ++i) frames.push_back(pool.allocate(200));
  std::vector<void*> again;
  std::thread other{[&] {
    for (void* frame : frames) FramePool::free(frame, 200);
    for (int i = 0; i < 500; ++i) again.push_back(pool.allocate(200));
  }};
  other.join();
  for (int i = 0; i < 500; ++i) again.push_back(pool.allocate(200));
  CHECK(std::vector<void*>(again.rbegin(), again.rend()) == frames);  // last in, first out
}

}  // namespace
}  // namespace parallax::sim
