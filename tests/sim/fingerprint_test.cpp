#include "sim/fingerprint.h"

#include <xxhash.h>

#include <catch2/catch.hpp>
#include <functional>
#include <utility>
#include <vector>

namespace parallax::sim {
namespace {

constexpr Record kRecord{VirtualTime{1'000'000'007}, RecordId::of(SiteId{3}, 5), RecordId::of(SiteId{2}, 4),
                         RecordBody{11, 12, 13, 14, 15}};

Fingerprint of(const Record& record) {
  Hasher hasher;
  hasher.add(record);
  return hasher.digest();
}

TEST_CASE("every field of a record counts") {
  const std::vector<std::function<void(Record&)>> changes{[](Record& r) { r.time.ns += 1; },
                                                          [](Record& r) { r.id = RecordId::of(SiteId{4}, 5); },
                                                          [](Record& r) { r.id = RecordId::of(SiteId{3}, 6); },
                                                          [](Record& r) { r.cause = RecordId::of(SiteId{1}, 4); },
                                                          [](Record& r) { r.cause = {}; },
                                                          [](Record& r) { r.body[0] ^= 1; },
                                                          [](Record& r) { r.body[1] ^= 1; },
                                                          [](Record& r) { r.body[2] ^= std::uint64_t{1} << 63; },
                                                          [](Record& r) { r.body[3] = 0; },
                                                          [](Record& r) { std::swap(r.body[3], r.body[4]); },
                                                          [](Record& r) { r.body[4] += 1; }};
  CHECK(of(kRecord) == of(kRecord));
  for (std::size_t i = 0; i < changes.size(); ++i) {
    INFO("change " << i);
    Record changed = kRecord;
    changes[i](changed);
    CHECK(of(changed) != of(kRecord));
  }
}

TEST_CASE("the order of records counts") {
  Record other = kRecord;
  other.time.ns += 1;
  Hasher forwards;
  forwards.add(kRecord);
  forwards.add(other);
  Hasher backwards;
  backwards.add(other);
  backwards.add(kRecord);
  CHECK(forwards.digest() != backwards.digest());
}

TEST_CASE("a record hashes as its eight words, in the order of its fields") {
  const std::vector<std::uint64_t> words{1'000'000'007, 3ULL << 48 | 5, 2ULL << 48 | 4, 11, 12, 13, 14, 15};
  const XXH128_hash_t expected = XXH3_128bits(words.data(), 64);
  CHECK(of(kRecord) == Fingerprint{expected.high64, expected.low64});
}

TEST_CASE("many small pieces hash as one large piece") {
  // 1,000 words are 8,000 bytes: beyond XXH3's 240-byte short form and several of its 1,024-byte blocks.
  std::vector<std::uint64_t> words(1'000);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = i * i;
  const XXH128_hash_t whole = XXH3_128bits(words.data(), words.size() * 8);
  Hasher hasher;
  const std::span<const std::uint64_t> all{words};
  for (std::size_t at = 0, step = 1; at < all.size(); at += step, step = step % 7 + 1) {
    hasher.add(all.subspan(at, std::min(step, all.size() - at)));
  }
  CHECK(hasher.digest() == Fingerprint{whole.high64, whole.low64});
}

TEST_CASE("a digest does not end the stream") {
  Hasher watched;
  watched.add(kRecord);
  const Fingerprint early = watched.digest();
  watched.add(kRecord);
  Hasher plain;
  plain.add(kRecord);
  plain.add(kRecord);
  CHECK(watched.digest() == plain.digest());
  CHECK(watched.digest() != early);
}

TEST_CASE("a hasher that was moved goes on where it was") {
  Hasher origin;
  origin.add(kRecord);
  Hasher moved{std::move(origin)};
  CHECK(moved.digest() == of(kRecord));
}

TEST_CASE("fingerprints can be hashed in turn, upper half first") {
  Hasher whole;
  whole.add(Fingerprint{1, 2});
  Hasher words;
  words.add(std::vector<std::uint64_t>{1, 2});
  CHECK(whole.digest() == words.digest());
}

TEST_CASE("fingerprints never change") {
  // XXH3's 128 bits of nothing, as its own tools print them (xxhsum -H2 of an empty file).
  CHECK(to_hex(Hasher{}.digest()) == "99aa06d3014798d86001c324468d497f");
  CHECK(to_hex(of(kRecord)) == "7cf69aee2e3d9732683abcc69562807e");
}

TEST_CASE("a fingerprint is written as 32 digits, leading zeros kept") {
  CHECK(to_hex({0, 0x1f}) == "0000000000000000000000000000001f");
  CHECK(to_hex({0x0123'4567'89ab'cdef, 0xfedc'ba98'7654'3210}) == "0123456789abcdeffedcba9876543210");
}

}  // namespace
}  // namespace parallax::sim
