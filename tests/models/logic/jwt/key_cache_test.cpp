#include "models/logic/jwt/key_cache.h"

#include <catch2/catch.hpp>
#include <string>

#include "models/logic/jwt/key_ring.h"
#include "tests/support/allocations.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::jwt {
namespace {

using Fetch = KeyLookUp::Fetch;
constexpr IssuerId kOne{0};
constexpr IssuerId kTwo{1};

sim::VirtualTime at(std::int64_t seconds) { return sim::VirtualTime{} + sim::seconds(seconds); }
SigningKey key(const std::string& id) { return {id, Algorithm::kRs256, MaterialId{0}}; }

KeySet set_of(std::initializer_list<std::string> ids, std::uint32_t version = 1) {
  KeySet set{domain::Version::of(version, domain::SiteId{0}), {}};
  for (const std::string& id : ids) set.keys.push_back(key(id));
  return set;
}

// The figures of the scenarios: fresh for 300 s, one fetch in 30 s, unknown kids remembered for 120 s.
KeyCacheOptions options() {
  KeyCacheOptions options;
  options.ttl = sim::seconds(300);
  options.refetch_interval = sim::seconds(30);
  options.negative_ttl = sim::seconds(120);
  options.negative_capacity = 3;
  options.fetch_timeout = sim::seconds(100'000);
  return options;
}

struct Cache : KeyCache {
  explicit Cache(const KeyCacheOptions& chosen = options()) : KeyCache{2, chosen, {}} {}

  KeyStatus status(const std::string& kid, std::int64_t seconds) { return look_up(kOne, kid, at(seconds)).status; }
  bool begins_fetch(const std::string& kid, std::int64_t seconds) {
    return look_up(kOne, kid, at(seconds)).fetch == Fetch::kBegin;
  }
};

TEST_CASE("the first look-up begins a fetch, the others wait for it") {
  Cache cache;
  CHECK(cache.begins_fetch("a", 0));
  CHECK_FALSE(cache.begins_fetch("a", 1));
  CHECK(cache.status("a", 1) == KeyStatus::kPending);
  cache.fetched(kOne, set_of({"a"}), at(2));
  const KeyLookUp found = cache.look_up(kOne, "a", at(2));
  CHECK(found.status == KeyStatus::kFound);
  CHECK(found.key->id == "a");
  CHECK(found.version == domain::Version::of(1, domain::SiteId{0}));
  CHECK(found.fetch == Fetch::kNo);
}

TEST_CASE("a fetch that nobody answers has failed after its time, and another one begins") {
  KeyCacheOptions impatient = options();
  impatient.fetch_timeout = sim::seconds(15);
  Cache cache{impatient};
  CHECK(cache.begins_fetch("a", 0));
  CHECK(cache.status("a", 14) == KeyStatus::kPending);
  CHECK(cache.status("a", 15) == KeyStatus::kUnavailable);  // and it is too early for the next
  CHECK(cache.begins_fetch("a", 30));
}

TEST_CASE("issuers have nothing to do with one another") {
  Cache cache;
  cache.fetched(kOne, set_of({"a"}), at(0));
  CHECK(cache.look_up(kTwo, "a", at(0)).status == KeyStatus::kPending);
  cache.fetched(kTwo, set_of({"b"}), at(1));
  CHECK(cache.look_up(kTwo, "b", at(1)).status == KeyStatus::kFound);
  CHECK(cache.status("b", 1) != KeyStatus::kFound);
}

TEST_CASE("a set is fresh until its time to live has passed since it came, to the nanosecond") {
  Cache cache;
  cache.fetched(kOne, set_of({"a"}), at(10));
  CHECK(cache.look_up(kOne, "a", at(310) - sim::nanoseconds(1)).status == KeyStatus::kFound);
  const KeyLookUp late = cache.look_up(kOne, "a", at(310));
  CHECK(late.status == KeyStatus::kPending);
  CHECK(late.fetch == Fetch::kBegin);
}

TEST_CASE("a rotation is seen after the time to live, or at once if the new kid comes first") {
  KeyRing ring{key("a"), sim::seconds(3600), domain::SiteId{0}};
  Cache patient;
  patient.fetched(kOne, ring.published(at(0)), at(0));
  Cache asked;
  asked.fetched(kOne, ring.published(at(0)), at(0));
  ring.rotate(key("b"), at(100), at(100));

  CHECK(patient.status("a", 299) == KeyStatus::kFound);
  CHECK(patient.version(kOne) == domain::Version::of(1, domain::SiteId{0}));
  CHECK(patient.begins_fetch("a", 300));
  patient.fetched(kOne, ring.published(at(300)), at(300));
  CHECK(patient.version(kOne) == domain::Version::of(2, domain::SiteId{0}));

  CHECK(asked.begins_fetch("b", 101));
  CHECK(asked.status("b", 101) == KeyStatus::kPending);
  CHECK(asked.status("a", 101) == KeyStatus::kFound);  // what is known goes on meanwhile
  asked.fetched(kOne, ring.published(at(102)), at(102));
  CHECK(asked.status("b", 102) == KeyStatus::kFound);
}

TEST_CASE("a retired key is accepted until the set is replaced") {
  KeyRing ring{key("a"), sim::seconds(3600), domain::SiteId{0}};
  ring.rotate(key("b"), at(1), at(1));
  Cache cache;
  cache.fetched(kOne, ring.published(at(10)), at(10));
  ring.retire("a", at(20));
  CHECK(cache.status("a", 309) == KeyStatus::kFound);
  CHECK(cache.begins_fetch("a", 310));
  cache.fetched(kOne, ring.published(at(311)), at(311));
  CHECK(cache.status("b", 311) == KeyStatus::kFound);
  CHECK(cache.status("a", 342) == KeyStatus::kPending);  // as unknown as any other now; may be asked for
}

TEST_CASE("unknown kids cause one fetch in an interval, counted from its beginning") {
  Cache cache;
  CHECK(cache.begins_fetch("a", 0));
  cache.fetched(kOne, set_of({"a"}), at(5));
  CHECK_FALSE(cache.begins_fetch("x1", 29));
  CHECK(cache.status("x1", 29) == KeyStatus::kUnknown);
  CHECK(cache.begins_fetch("x2", 30));
  cache.fetched(kOne, set_of({"a"}), at(31));
  int fetches = 0;
  for (std::int64_t second = 31; second < 331; ++second) {  // a new kid each second, for 300 s
    const bool begins = cache.begins_fetch("r" + std::to_string(second), second);
    if (begins) cache.fetched(kOne, set_of({"a"}), at(second));
    fetches += begins ? 1 : 0;
  }
  CHECK(fetches == 10);  // at 60, 90, ... 330
}

TEST_CASE("a kid that a fetch did not bring is unknown for a while, and then asks again") {
  Cache cache;
  cache.fetched(kOne, set_of({"a"}), at(0));
  CHECK(cache.begins_fetch("x", 100));
  cache.fetched(kOne, set_of({"a"}), at(101));
  CHECK(cache.status("x", 101) == KeyStatus::kUnknown);
  CHECK(cache.negatives(kOne) == 1);
  CHECK(cache.status("x", 220) == KeyStatus::kUnknown);  // 101 + 120 = 221
  CHECK(cache.begins_fetch("x", 221));
}

TEST_CASE("a kid remembered as unknown is known as soon as some set has it") {
  Cache cache;
  cache.fetched(kOne, set_of({"a"}), at(0));
  CHECK(cache.begins_fetch("b", 100));
  cache.fetched(kOne, set_of({"a"}), at(101));  // the replica that was asked is behind
  CHECK(cache.status("b", 102) == KeyStatus::kUnknown);
  CHECK(cache.begins_fetch("c", 131));
  cache.fetched(kOne, set_of({"a", "b"}, 2), at(132));
  CHECK(cache.status("b", 132) == KeyStatus::kFound);
}

TEST_CASE("no more unknown kids are remembered than fit, the oldest forgotten first") {
  KeyCacheOptions mindful = options();
  mindful.negative_ttl = sim::seconds(1'000);
  Cache cache{mindful};
  cache.fetched(kOne, set_of({"a"}), at(0));
  for (int i = 0; i < 5; ++i) {
    CHECK(cache.begins_fetch("x" + std::to_string(i), 100 + 30 * i));
    cache.fetched(kOne, set_of({"a"}), at(100 + 30 * i));
  }
  CHECK(cache.negatives(kOne) == 3);
  // x3 and x4 pushed out x0 and x1. The interval of x4's fetch ends at 100 + 4 * 30 + 30 = 250.
  for (const std::string kid : {"x2", "x3", "x4"}) CHECK_FALSE(cache.begins_fetch(kid, 250));
  CHECK(cache.begins_fetch("x1", 250));
}

TEST_CASE("a million random kids grow nothing and fetch at the limited rate") {
  Cache cache;
  cache.fetched(kOne, set_of({"a"}), at(0));
  const std::uint64_t before = testing::allocations();
  int fetches = 0;
  std::array<char, 16> kid{};
  for (int i = 0; i < 1'000'000; ++i) {  // a kid each millisecond, for 1000 s
    for (std::size_t digit = 0; digit < 8; ++digit) kid[digit] = static_cast<char>('a' + (i >> 4 * digit & 15));
    const sim::VirtualTime now = sim::VirtualTime{} + sim::milliseconds(i);
    if (cache.look_up(kOne, {kid.data(), 8}, now).fetch == Fetch::kNo) continue;
    ++fetches;
    cache.fetched(kOne, set_of({}), now);
  }
  CHECK(fetches == 34);  // at 0, 30, ... 990 s: 1000 / 30 rounded up
  CHECK(cache.negatives(kOne) == 3);
  CHECK(testing::allocations() == before);
}

TEST_CASE("when a fetch fails, the next begins an interval after it began; until then there is nothing to ask") {
  Cache cache;
  CHECK(cache.begins_fetch("a", 0));
  cache.fetch_failed(kOne);
  CHECK(cache.status("a", 10) == KeyStatus::kUnavailable);
  CHECK_FALSE(cache.begins_fetch("a", 29));
  CHECK(cache.begins_fetch("a", 30));
  CHECK(cache.status("a", 31) == KeyStatus::kPending);
}

TEST_CASE("a fetch for an unknown kid that fails makes nothing known, and nothing unknown") {
  Cache cache;
  cache.fetched(kOne, set_of({"a"}), at(0));
  CHECK(cache.begins_fetch("b", 100));
  cache.fetch_failed(kOne);
  CHECK(cache.negatives(kOne) == 0);
  CHECK(cache.status("b", 129) == KeyStatus::kUnknown);
  CHECK(cache.status("a", 129) == KeyStatus::kFound);
  CHECK(cache.begins_fetch("b", 130));
}

TEST_CASE("a stale set serves for its limit while it is fetched again or cannot be") {
  KeyCacheOptions patient = options();
  patient.stale_limit = sim::seconds(1'000);
  Cache cache{patient};
  cache.fetched(kOne, set_of({"a"}), at(0));
  const KeyLookUp stale = cache.look_up(kOne, "a", at(300));
  CHECK(stale.status == KeyStatus::kFound);
  CHECK(stale.fetch == Fetch::kBegin);
  CHECK(cache.status("a", 301) == KeyStatus::kFound);
  cache.fetch_failed(kOne);
  CHECK(cache.status("a", 302) == KeyStatus::kFound);
  CHECK(cache.status("b", 302) == KeyStatus::kUnavailable);
  CHECK(cache.begins_fetch("a", 330));
  cache.fetch_failed(kOne);
  CHECK(cache.look_up(kOne, "a", at(1'300) - sim::nanoseconds(1)).status == KeyStatus::kFound);
  CHECK(cache.status("a", 1'300) == KeyStatus::kPending);  // 0 + 300 + 1000
}

TEST_CASE("a token without a kid means the only key, and none if there are several") {
  Cache cache;
  cache.fetched(kOne, set_of({"a"}), at(0));
  CHECK(cache.look_up(kOne, "", at(1)).key->id == "a");
  cache.fetched(kOne, set_of({"a", "b"}), at(50));
  CHECK(cache.status("", 100) == KeyStatus::kUnknown);
  CHECK_FALSE(cache.begins_fetch("", 100));
}

TEST_CASE("options of zero: every unknown kid fetches, as WSO2 has it, and none is remembered") {
  KeyCacheOptions naive = options();
  naive.refetch_interval = {};
  naive.negative_ttl = {};
  Cache cache{naive};
  cache.fetched(kOne, set_of({"a"}), at(0));
  for (int i = 0; i < 5; ++i) {
    CHECK(cache.begins_fetch("x", 1));
    cache.fetched(kOne, set_of({"a"}), at(1));
  }
  CHECK(cache.negatives(kOne) == 0);
}

TEST_CASE("whatever happens, fetches keep their distance and one is under way at a time") {
  testing::check("fetch distance", 300, [] {
    Cache cache;
    std::int64_t now = 0;
    std::optional<std::int64_t> begun;
    bool fetching = false;
    for (int step = 0; step < 200; ++step) {
      now += testing::pick<std::int64_t>(0, 40);
      const auto kid = std::string(1, testing::pick<char>('a', 'h'));
      if (cache.begins_fetch(kid, now)) {
        RC_ASSERT_FALSE(fetching);
        RC_ASSERT((!begun || now - *begun >= 30));  // rapidcheck takes || apart, and then both sides are evaluated
        begun = now;
        fetching = true;
      }
      const int answer = testing::pick(0, 4);
      if (fetching && answer == 0) cache.fetch_failed(kOne);
      if (fetching && answer == 1) cache.fetched(kOne, set_of({"a", "b"}), at(now));
      fetching = fetching && answer > 1;
      RC_ASSERT(cache.negatives(kOne) <= 3u);
    }
  });
}

}  // namespace
}  // namespace parallax::logic::jwt
