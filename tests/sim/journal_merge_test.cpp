#include "sim/journal_merge.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace parallax::sim {
namespace {

using Journal = std::vector<Record>;

Record record(std::int64_t ns, std::uint16_t site, std::uint64_t number) {
  return {VirtualTime{ns}, RecordId::of(SiteId{site}, number), {}, {}};
}

std::vector<RecordId> ids_of(const Journal& journal) {
  std::vector<RecordId> ids;
  for (const Record& one : journal) ids.push_back(one.id);
  return ids;
}

Journal merge(const std::vector<Journal>& journals) {
  std::vector<std::span<const Record>> spans{journals.begin(), journals.end()};
  Journal merged{record(0, 9, 9)};  // left from the last time
  merge_journals(spans, merged);
  return merged;
}

/// In order of execution: sites take turns at random, so those of one instant are mixed. Site i is `sites[i]`.
Journal any_journal(std::mt19937_64& random, const std::vector<std::uint16_t>& sites, std::size_t records) {
  Journal journal;
  std::vector<std::uint64_t> numbers(sites.size());
  std::int64_t ns = 0;
  for (std::size_t i = 0; i < records; ++i) {
    ns += random() % 3 == 0 ? static_cast<std::int64_t>(random() % 4) : 0;
    const std::size_t who = random() % sites.size();
    journal.push_back(record(ns, sites[who], ++numbers[who]));
  }
  return journal;
}

TEST_CASE("the records of each instant are put in order, and only those move") {
  Journal journal{record(1, 2, 1), record(2, 3, 1), record(2, 1, 1), record(2, 3, 2), record(2, 1, 2), record(3, 0, 1)};
  sort_instants(journal);
  CHECK(ids_of(journal) ==
        ids_of({record(1, 2, 1), record(2, 1, 1), record(2, 1, 2), record(2, 3, 1), record(2, 3, 2), record(3, 0, 1)}));
  Journal none;
  sort_instants(none);
  CHECK(none.empty());
}

TEST_CASE("sorting instants at random is sorting") {
  std::mt19937_64 random{20'260'101};  // specified by the standard, so the same everywhere
  for (const std::size_t records : {1U, 2U, 10U, 1'000U}) {
    Journal journal = any_journal(random, {5, 1, 7, 3}, records);
    Journal expected = journal;
    std::sort(expected.begin(), expected.end(), journal_order);
    sort_instants(journal);
    CHECK(ids_of(journal) == ids_of(expected));
  }
}

TEST_CASE("nothing merged is nothing, and one journal is itself") {
  CHECK(merge({}).empty());
  CHECK(merge({{}, {}}).empty());
  const Journal one{record(1, 1, 1), record(2, 0, 1)};
  CHECK(ids_of(merge({one})) == ids_of(one));
  CHECK(ids_of(merge({{}, one, {}})) == ids_of(one));
}

TEST_CASE("merging journals is sorting all their records") {
  std::mt19937_64 random{20'260'101};
  for (std::uint16_t journals = 2; journals <= 9; ++journals) {
    std::vector<Journal> each;
    Journal expected;
    for (std::uint16_t i = 0; i < journals; ++i) {
      // Two sites each, of lengths from none to hundreds; the second site lies among the others' first ones.
      const auto second = static_cast<std::uint16_t>(20 - i);
      Journal journal = any_journal(random, {i, second}, random() % 3 * (random() % 300));
      sort_instants(journal);
      expected.insert(expected.end(), journal.begin(), journal.end());
      each.push_back(std::move(journal));
    }
    std::sort(expected.begin(), expected.end(), journal_order);
    CHECK(ids_of(merge(each)) == ids_of(expected));
  }
}

}  // namespace
}  // namespace parallax::sim
