#include "sim/journal_reader.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "sim/simulation.h"

namespace parallax::sim {
namespace {

using Where = JournalReader::Where;

std::vector<Record> numbered(std::uint64_t first, std::uint64_t count) {
  std::vector<Record> records;
  for (std::uint64_t i = 0; i < count; ++i) records.push_back({{}, RecordId::of(SiteId{0}, first + i), {}, {}});
  return records;
}

TEST_CASE("every reader gets every stretch once and in order, here or on a thread of its own") {
  for (const Where where : {Where::kHere, Where::kOwnThread}) {
    JournalReader reader{where};
    std::vector<std::uint64_t> one;
    std::size_t stretches = 0;
    reader.add([&](std::span<const Record> records) {
      for (const Record& record : records) one.push_back(record.id.number());
    });
    reader.add([&](std::span<const Record>) { ++stretches; });
    for (std::uint64_t first = 1; first <= 9'901; first += 100) {
      std::vector<Record> journal = numbered(first, 100);
      reader.read(journal);
      CHECK(journal.empty());
    }
    reader.wait();
    CHECK(stretches == 100);
    REQUIRE(one.size() == 10'000);
    for (std::uint64_t i = 0; i < one.size(); ++i) {
      if (one[i] != i + 1) FAIL("record " << one[i] << " in place " << i + 1);
    }
  }
}

TEST_CASE("with a thread of its own the run goes on while a stretch is read") {
  JournalReader reader{Where::kOwnThread};
  std::atomic<bool> may_end{false};
  reader.add([&](std::span<const Record>) {
    while (!may_end) std::this_thread::yield();
  });
  std::vector<Record> journal = numbered(1, 1);
  reader.read(journal);  // returns although the reader waits for what comes after it
  may_end = true;
  reader.wait();
}

TEST_CASE("what a reader throws comes out once, and the reader goes on") {
  for (const Where where : {Where::kHere, Where::kOwnThread}) {
    JournalReader reader{where};
    int stretches = 0;
    reader.add([&](std::span<const Record>) {
      if (++stretches == 1) throw std::runtime_error("unreadable");
    });
    const auto read = [&] {
      std::vector<Record> journal = numbered(1, 1);
      reader.read(journal);
      reader.wait();
    };
    CHECK_THROWS_WITH(read(), "unreadable");
    CHECK_NOTHROW(read());
    CHECK(stretches == 2);
  }
}

TEST_CASE("a reader is not called any more once it has been settled") {
  JournalReader reader{Where::kOwnThread};
  std::atomic<int> stretches{0};
  reader.add([&](std::span<const Record>) {
    ++stretches;
    throw std::runtime_error("forgotten");
  });
  std::vector<Record> journal = numbered(1, 1);
  reader.read(journal);
  reader.settle();
  CHECK(stretches == 1);
  CHECK_NOTHROW(reader.wait());
}

// As a run that stops in the middle does: what reads must not outlive its own data.
TEST_CASE("when an event throws, readers have come to rest before the exception passes") {
  for (const unsigned threads : {1U, 2U}) {
    struct Failure {};
    Simulation simulation{{.seed = 1, .sites = {"a"}, .links = {}, .outages = {}, .threads = threads}};
    Site& site = simulation.site(SiteId{0});
    {
      std::vector<Record> seen;
      simulation.add_reader([&seen](std::span<const Record> records) {
        for (const Record& record : records) seen.push_back(record);
      });
      site.at(VirtualTime{}, [&site] {
        for (int i = 0; i < 100'000; ++i) site.record({});
      });
      site.at(VirtualTime{} + seconds(1), [] { throw Failure{}; });
      CHECK_THROWS_AS(simulation.run(VirtualTime{} + seconds(2)), Failure);
      CHECK(seen.size() == 100'000);
    }
  }
}

}  // namespace
}  // namespace parallax::sim
