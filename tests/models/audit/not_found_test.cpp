// What clients see of a new API while one of two gateways lacks it, against schedules worked out by hand.
#include "models/audit/not_found.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::audit {
namespace {

using domain::ApiId;
using domain::ChangeKind;
using domain::NodeId;
using domain::ObjectRef;
using domain::Outcome;
using domain::TokenId;

constexpr ApiId kNew{1};

struct Books {
  enum class At : std::uint8_t { kAcknowledgement, kStart };

  explicit Books(At at = At::kAcknowledgement) {
    if (at == At::kAcknowledgement) published();
  }

  void published() { not_found.acknowledged({ChangeKind::kApiPublished, kA, ObjectRef::of(kNew), kFirst, {}, {}}); }
  void put(domain::LayerId layer) { not_found.put({layer, ObjectRef::of(kNew), 0, kFirst, {}}); }
  void call(NodeId node, Outcome outcome, std::uint32_t token = 0, ApiId api = kNew) {
    not_found.decided({node, TokenId{token}, api, kSubscription, {}, {}, {}, outcome});
  }
  void found(NodeId node, std::uint32_t token = 0) { call(node, Outcome::kAdmitted, token); }
  void missed(NodeId node, std::uint32_t token = 0) { call(node, Outcome::kApiUnknown, token); }
  NotFoundFinding finish() {
    Findings findings;
    not_found.finish(findings);
    return findings.not_found;
  }

  domain::Catalog catalog = one_of_each();
  Setup setup = two_nodes(catalog);
  NotFound not_found{setup};
};

// A has it, B has not. In turn: 200, 404, 200, 404: two shown, two hidden, and each 404 comes after a 200.
TEST_CASE("calls in turn to a gateway with the API and one without flip back each time") {
  Books books;
  books.put(kArtifactsA);
  for (int i = 0; i < 2; ++i) {
    books.found(kA);
    books.missed(kB);
  }
  const NotFoundFinding found = books.finish();
  CHECK(found.shown == 2);
  CHECK(found.hidden == 2);
  CHECK(found.flips == 2);
  CHECK(found.sessions == 1);
  CHECK(found.flipped_sessions == 1);
}

// The same four calls, but each client stays at its gateway.
TEST_CASE("clients that stay at their gateway see as many 404s and no flip") {
  Books books;
  books.put(kArtifactsA);
  for (int i = 0; i < 2; ++i) {
    books.found(kA, 0);
    books.missed(kB, 1);
  }
  const NotFoundFinding found = books.finish();
  CHECK(found.shown == 2);
  CHECK(found.hidden == 2);
  CHECK(found.flips == 0);
  CHECK(found.sessions == 2);
  CHECK(found.flipped_sessions == 0);
}

TEST_CASE("a 404 before the first answer is no flip, and clients are told apart") {
  Books books;
  books.put(kArtifactsA);
  books.missed(kB, 0);
  books.found(kA, 1);
  books.missed(kB, 0);
  books.found(kA, 0);
  CHECK(books.finish().flips == 0);
  books.missed(kB, 0);
  CHECK(books.finish().flips == 1);
}

TEST_CASE("it is over when the last gateway has the API, or when it is retired") {
  Books books;
  books.put(kArtifactsA);
  books.found(kA);
  books.put(kArtifactsB);
  books.found(kA);
  books.found(kB);
  CHECK(books.finish().hidden == 1);

  Books retired;
  retired.put(kArtifactsA);
  retired.found(kA);
  retired.not_found.acknowledged({ChangeKind::kApiRetired, kA, ObjectRef::of(kNew), kSecond, {}, {}});
  retired.missed(kB);
  const NotFoundFinding found = retired.finish();
  CHECK(found.shown == 0);
  CHECK(found.flips == 0);
}

TEST_CASE("before the acknowledgement nothing counts, and what is put up by then is known") {
  Books books{Books::At::kStart};
  books.put(kArtifactsA);
  books.missed(kB);
  books.published();
  books.found(kA);
  const NotFoundFinding found = books.finish();
  CHECK(found.shown == 0);
  CHECK(found.hidden == 1);
}

// With B lost no other gateway could have got the call.
TEST_CASE("a gateway that is lost could not have had the call") {
  Books books;
  books.put(kArtifactsA);
  books.not_found.node_changed({kB, domain::SiteChange::kLost});
  books.found(kA);
  CHECK(books.finish().hidden == 0);
  books.not_found.node_changed({kB, domain::SiteChange::kReady});
  books.found(kA);
  CHECK(books.finish().hidden == 1);
}

TEST_CASE("gateways of another data center hide nothing") {
  Books books;
  books.setup.observers[1].site = sim::SiteId{1};
  books.put(kArtifactsA);
  books.found(kA);
  books.missed(kB);
  const NotFoundFinding found = books.finish();
  CHECK(found.hidden == 0);
  CHECK(found.shown == 1);
}

TEST_CASE("APIs that are there from the start, and new revisions, are no news") {
  Books books;
  books.put(kArtifactsA);
  books.put(kArtifactsB);
  books.published();
  books.missed(kB);
  books.call(kB, Outcome::kApiUnknown, 0, ApiId{0});
  CHECK(books.finish().shown == 0);
}

}  // namespace
}  // namespace parallax::audit
