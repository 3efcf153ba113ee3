#include "models/logic/jwt/key_ring.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace parallax::logic::jwt {
namespace {

constexpr sim::Duration kGrace = sim::seconds(3600);
constexpr domain::SiteId kSite{2};

sim::VirtualTime at(std::int64_t seconds) { return sim::VirtualTime{} + sim::seconds(seconds); }
SigningKey key(const std::string& id) { return {id, Algorithm::kRs256, MaterialId{0}}; }

std::string signing(KeyRing& ring, std::int64_t seconds) {
  const SigningKey* active = ring.active(at(seconds));
  return active == nullptr ? "" : active->id;
}

std::vector<std::string> published(KeyRing& ring, std::int64_t seconds) {
  std::vector<std::string> ids;
  for (const SigningKey& one : ring.published(at(seconds)).keys) ids.push_back(one.id);
  return ids;
}

using Ids = std::vector<std::string>;

TEST_CASE("the first key signs, and its set is the first version of the issuer's site") {
  KeyRing ring{key("a"), kGrace, kSite};
  CHECK(signing(ring, 0) == "a");
  CHECK(ring.published(at(0)).version == domain::Version::of(1, kSite));
  CHECK(ring.next_change() == std::nullopt);
}

TEST_CASE("in a rotation the next key is published at once, signs from its instant, and the last stays for the grace") {
  KeyRing ring{key("a"), kGrace, kSite};
  ring.rotate(key("b"), at(100), at(40));
  CHECK(published(ring, 40) == Ids{"a", "b"});
  CHECK(ring.published(at(40)).version == domain::Version::of(2, kSite));
  CHECK(signing(ring, 99) == "a");
  CHECK(signing(ring, 100) == "b");
  // 100 + 3600: the last instant at which a token of "a", an hour long, may live.
  CHECK(ring.next_change() == at(3'700));
  CHECK(published(ring, 3'699) == Ids{"a", "b"});
  CHECK(published(ring, 3'700) == Ids{"b"});
  CHECK(ring.published(at(3'700)).version == domain::Version::of(3, kSite));
}

TEST_CASE("several keys may be in their grace, and each lapse is a version") {
  KeyRing ring{key("a"), kGrace, kSite};
  ring.rotate(key("b"), at(100), at(100));
  ring.rotate(key("c"), at(200), at(200));
  CHECK(published(ring, 200) == Ids{"a", "b", "c"});
  CHECK(published(ring, 3'700) == Ids{"b", "c"});
  CHECK(published(ring, 3'800) == Ids{"c"});
  CHECK(ring.published(at(9'000)).version == domain::Version::of(5, kSite));  // first, two rotations, two lapses
}

TEST_CASE("a rotation overtakes one that is still ahead") {
  KeyRing ring{key("a"), kGrace, kSite};
  ring.rotate(key("b"), at(500), at(0));
  ring.rotate(key("c"), at(300), at(10));
  CHECK(published(ring, 10) == Ids{"a", "c"});
  CHECK(signing(ring, 299) == "a");
  CHECK(signing(ring, 500) == "c");
  CHECK(published(ring, 3'900) == Ids{"c"});  // 300 + 3600
}

TEST_CASE("a rotation ahead whose turn comes before the next one signs until then") {
  KeyRing ring{key("a"), kGrace, kSite};
  ring.rotate(key("b"), at(100), at(0));
  ring.rotate(key("c"), at(300), at(10));
  CHECK(signing(ring, 99) == "a");
  CHECK(signing(ring, 299) == "b");
  CHECK(signing(ring, 300) == "c");
}

TEST_CASE("a retired key leaves the published set at once, and the next in line signs") {
  KeyRing ring{key("a"), kGrace, kSite};
  ring.rotate(key("b"), at(1'000), at(0));
  ring.retire("a", at(50));
  CHECK(published(ring, 50) == Ids{"b"});
  CHECK(signing(ring, 50) == "b");
  CHECK(ring.published(at(50)).version == domain::Version::of(3, kSite));
}

TEST_CASE("a key that was rotated out never signs again, not even when the active one is retired") {
  KeyRing ring{key("a"), kGrace, kSite};
  ring.rotate(key("b"), at(100), at(100));
  ring.retire("b", at(200));
  CHECK(published(ring, 200) == Ids{"a"});
  CHECK(signing(ring, 200) == "");
  ring.rotate(key("c"), at(210), at(210));
  CHECK(signing(ring, 210) == "c");
}

TEST_CASE("when a key is retired before its turn, the one before it goes on as if it had not been there") {
  KeyRing ring{key("a"), kGrace, kSite};
  ring.rotate(key("b"), at(100), at(0));
  ring.retire("b", at(50));
  CHECK(signing(ring, 5'000) == "a");
  CHECK(published(ring, 5'000) == Ids{"a"});
}

TEST_CASE("retiring what is not there changes nothing") {
  KeyRing ring{key("a"), kGrace, kSite};
  const KeySet before = ring.published(at(0));
  ring.retire("b", at(0));
  CHECK(ring.published(at(0)) == before);
}

}  // namespace
}  // namespace parallax::logic::jwt
