#include "models/audit/holdings.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ObjectRef;
using domain::Version;

constexpr ObjectRef kToken = ObjectRef::of(domain::TokenId{0});

sim::RecordId id(std::uint64_t number) { return sim::RecordId::of(sim::SiteId{0}, number); }

struct Sample {
  domain::Catalog catalog = one_of_each();
  Setup setup = two_nodes(catalog);
  Holdings holdings{setup};
};

TEST_CASE("before any record an observer holds what the catalog says") {
  const Sample sample;
  CHECK(sample.holdings.version(kA, kToken) == kFirst);
  CHECK(sample.holdings.version(kA, ObjectRef::of(kSubscription)) == kFirst);
  CHECK(sample.holdings.version(kA, ObjectRef::of(domain::ApiId{0})) == kFirst);
  CHECK_FALSE(sample.holdings.deciding(kA, kToken));
}

TEST_CASE("before any record nobody holds what is yet to come") {
  const Sample sample;
  CHECK(sample.holdings.version(kA, ObjectRef::of(domain::ApiId{1})) == Version{});    // not published
  CHECK(sample.holdings.version(kA, ObjectRef::of(domain::TokenId{1})) == Version{});  // not issued
}

TEST_CASE("a cached entry decides before the database behind it") {
  Sample sample;
  sample.holdings.put({kCacheB, kToken, 0}, kFirst, id(1));
  sample.holdings.put({kDatabase, kToken, 0}, kSecond, id(2));
  CHECK(sample.holdings.version(kB, kToken) == kFirst);
  CHECK(sample.holdings.deciding(kB, kToken)->holding.put == id(1));
  // The other node has cached nothing, so the database decides there.
  CHECK(sample.holdings.version(kA, kToken) == kSecond);
  CHECK(sample.holdings.deciding(kA, kToken)->holding.put == id(2));
}

TEST_CASE("when the cache drops its entry the database decides") {
  Sample sample;
  sample.holdings.put({kDatabase, kToken, 0}, kSecond, id(1));
  sample.holdings.put({kCacheB, kToken, 0}, kFirst, id(2));
  CHECK(sample.holdings.drop({kCacheB, kToken, 0}) == id(2));
  CHECK(sample.holdings.version(kB, kToken) == kSecond);
}

TEST_CASE("of several variants the stalest speaks for the observer") {
  Sample sample;
  sample.holdings.put({kCacheB, kToken, 0}, kSecond, id(1));
  sample.holdings.put({kCacheB, kToken, 1}, kFirst, id(2));
  sample.holdings.put({kCacheB, kToken, 2}, kSecond, id(3));
  CHECK(sample.holdings.version(kB, kToken) == kFirst);
  CHECK(sample.holdings.deciding(kB, kToken)->holding.variant == 1);
  sample.holdings.drop({kCacheB, kToken, 1});
  CHECK(sample.holdings.version(kB, kToken) == kSecond);
}

TEST_CASE("a put replaces the entry of its variant and names the record that had put it") {
  Sample sample;
  CHECK_FALSE(sample.holdings.put({kCacheB, kToken, 0}, kFirst, id(1)).exists());
  CHECK_FALSE(sample.holdings.put({kCacheB, kToken, 1}, kFirst, id(2)).exists());
  CHECK(sample.holdings.put({kCacheB, kToken, 0}, kSecond, id(3)) == id(1));
  CHECK(sample.holdings.drop({kCacheB, kToken, 1}) == id(2));
  CHECK(sample.holdings.version(kB, kToken) == kSecond);
}

TEST_CASE("dropping what nobody holds names no record and changes nothing") {
  Sample sample;
  CHECK_FALSE(sample.holdings.drop({kCacheB, kToken, 0}).exists());
  sample.holdings.put({kCacheB, kToken, 0}, kFirst, id(1));
  CHECK_FALSE(sample.holdings.drop({kCacheB, kToken, 1}).exists());
  CHECK_FALSE(sample.holdings.drop({kCacheA, kToken, 0}).exists());
  CHECK(sample.holdings.deciding(kB, kToken)->holding.put == id(1));
}

TEST_CASE("objects of different kinds with one number are held apart") {
  Sample sample;
  sample.holdings.put({kDatabase, kToken, 0}, kSecond, id(1));
  CHECK(sample.holdings.version(kA, ObjectRef::of(kSubscription)) == kFirst);
  CHECK(sample.holdings.version(kA, kToken) == kSecond);
}

}  // namespace
}  // namespace parallax::audit
