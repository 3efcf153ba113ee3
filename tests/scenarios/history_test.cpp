// Histories as Jepsen writes them, from records worked out by hand.
#include "scenarios/history.h"

#include <catch2/catch.hpp>

#include "tests/models/audit/two_nodes.h"

namespace parallax::scenarios {
namespace {

using audit::at;
using audit::kA;
using audit::kFirst;
using audit::kSecond;
using audit::kSubscription;
using domain::Abandoned;
using domain::ChangeKind;
using domain::ObjectRef;
using domain::Outcome;
using domain::TokenId;

constexpr domain::ApiId kApi{0};
constexpr TokenId kOld{0};
constexpr TokenId kFresh{7};

struct Play {
  domain::Catalog catalog = audit::one_of_each();
  History history{audit::two_nodes(catalog)};
  audit::Scribe scribe;

  template <typename Body>
  sim::RecordId say(std::int64_t second, const Body& body, sim::RecordId cause = {}) {
    const sim::Record record = scribe.write(at(second), body, cause);
    history.read({&record, 1});
    return record.id;
  }
  sim::RecordId invoke(std::int64_t second, ChangeKind kind, ObjectRef object) {
    return say(second, domain::ChangeInvoked{kind, kA, object});
  }
  void acknowledge(std::int64_t second, ChangeKind kind, ObjectRef object, domain::Version version,
                   sim::RecordId invocation, sim::VirtualTime expires = sim::kNever) {
    say(second, domain::ChangeAcknowledged{kind, kA, object, version, at(0), expires}, invocation);
  }
  void decide(std::int64_t second, TokenId token, domain::Version known, Outcome outcome) {
    say(second, domain::RequestDecided{kA, token, kApi, domain::kNoSubscription, known, kFirst, {}, outcome});
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    history.write([&](std::string_view text) {
      REQUIRE(text.ends_with('\n'));
      all.emplace_back(text.substr(0, text.size() - 1));
    });
    return all;
  }
};

// Version 1 of site 0 is 1 024. What the catalog holds is written by process 0 when it is first looked at: lines 0
// to 3.
TEST_CASE("a decision is a read of all that it rests on, after the catalog's writes") {
  Play play;
  play.decide(2, kOld, kFirst, Outcome::kAdmitted);
  CHECK(
      play.lines() ==
      std::vector<std::string>{
          R"({:process 0, :type :invoke, :f :write, :value [[:w "api 0" 1024]], :time 0, :index 0})",
          R"({:process 0, :type :ok, :f :write, :value [[:w "api 0" 1024]], :time 0, :index 1})",
          R"({:process 0, :type :invoke, :f :write, :value [[:w "token 0" 1024]], :time 0, :index 2})",
          R"({:process 0, :type :ok, :f :write, :value [[:w "token 0" 1024]], :time 0, :index 3})",
          R"({:process 1, :type :invoke, :f :read, :value [[:r "api 0" nil] [:r "token 0" nil]], :time 2000000000, :index 4})",
          R"({:process 1, :type :ok, :f :read, :value [[:r "api 0" 1024] [:r "token 0" 1024]], :time 2000000000, :index 5})"});
}

// A fresh token is not of the catalog; unknown is nil. The write's value is known from its beginning.
TEST_CASE("an acknowledged change is a write, and its session goes on with its process") {
  Play play;
  const sim::RecordId issue = play.invoke(1, ChangeKind::kTokenIssued, ObjectRef::of(kFresh));
  play.acknowledge(2, ChangeKind::kTokenIssued, ObjectRef::of(kFresh), kFirst, issue);
  play.decide(3, kFresh, {}, Outcome::kTokenInvalid);
  const std::vector<std::string> lines = play.lines();
  REQUIRE(lines.size() == 6);
  CHECK(lines[0] ==
        R"({:process 1, :type :invoke, :f :write, :value [[:w "token 7" 1024]], :time 1000000000, :index 0})");
  CHECK(lines[1] == R"({:process 1, :type :ok, :f :write, :value [[:w "token 7" 1024]], :time 2000000000, :index 1})");
  CHECK(
      lines[5] ==
      R"({:process 1, :type :ok, :f :read, :value [[:r "api 0" 1024] [:r "token 7" nil]], :time 3000000000, :index 5})");
}

// Revoked from 1 s on; a call in between is process 2's. When the write is refused process 1 is free again; when nobody
// knows, it is never.
TEST_CASE("a process does one thing at a time, and none whose end is unknown goes on") {
  const auto ended = [](Abandoned why) {
    Play play;
    const sim::RecordId revocation = play.invoke(1, ChangeKind::kTokenRevoked, ObjectRef::of(kOld));
    play.decide(2, kOld, kFirst, Outcome::kAdmitted);
    play.say(3, domain::ChangeAbandoned{ObjectRef::of(kOld), ChangeKind::kTokenRevoked, why}, revocation);
    play.decide(4, kOld, kFirst, Outcome::kAdmitted);
    std::vector<std::string> lines = play.lines();
    REQUIRE(lines.size() == 10);
    return lines;
  };
  const std::vector<std::string> refused = ended(Abandoned::kRefused);
  CHECK(refused[2] == R"({:process 1, :type :invoke, :f :write, :value nil, :time 1000000000, :index 2})");
  CHECK(refused[6].starts_with("{:process 2, :type :ok, :f :read"));
  CHECK(refused[7] == R"({:process 1, :type :fail, :f :write, :value nil, :time 3000000000, :index 7})");
  CHECK(refused[9].starts_with("{:process 1, :type :ok, :f :read"));
  const std::vector<std::string> unknown = ended(Abandoned::kUnknown);
  CHECK(unknown[7] == R"({:process 1, :type :info, :f :write, :value nil, :time 3000000000, :index 7})");
  CHECK(unknown[9].starts_with("{:process 2, :type :ok, :f :read"));
}

TEST_CASE("a write that nobody answered and that is in a database has the version of its row") {
  Play play;
  const ObjectRef object = ObjectRef::of(kSubscription);
  const sim::RecordId blocked = play.invoke(1, ChangeKind::kSubscriptionBlocked, object);
  play.say(2, domain::EntryPut{audit::kDatabase, object, 0, kSecond, {}}, blocked);
  play.say(3, domain::ChangeAbandoned{object, ChangeKind::kSubscriptionBlocked, Abandoned::kUnknown}, blocked);
  const std::vector<std::string> lines = play.lines();
  CHECK(lines.back() ==
        R"({:process 1, :type :info, :f :write, :value [[:w "subscription 0" 2048]], :time 3000000000, :index 3})");
}

TEST_CASE("of a token that has expired, and where a decision did not come to it, nothing is read") {
  Play play;
  const sim::RecordId issue = play.invoke(1, ChangeKind::kTokenIssued, ObjectRef::of(kFresh));
  play.acknowledge(1, ChangeKind::kTokenIssued, ObjectRef::of(kFresh), kFirst, issue, at(9));
  play.decide(9, kFresh, {}, Outcome::kTokenInvalid);
  CHECK(play.lines().back().find(":value [[:r \"api 0\" 1024]],") != std::string::npos);
  play.decide(2, kOld, {}, Outcome::kValidationUnavailable);
  CHECK(play.lines().back().find(":value [[:r \"api 0\" 1024]],") != std::string::npos);
}

TEST_CASE("what an application and a publisher write is their own sessions'") {
  Play play;
  const ObjectRef api = ObjectRef::of(domain::ApiId{1});
  play.acknowledge(2, ChangeKind::kApiPublished, api, kFirst, play.invoke(1, ChangeKind::kApiPublished, api));
  const ObjectRef subscription = ObjectRef::of(kSubscription);
  play.invoke(3, ChangeKind::kSubscriptionBlocked, subscription);
  const std::vector<std::string> lines = play.lines();
  CHECK(lines[1] == R"({:process 1, :type :ok, :f :write, :value [[:w "api 1" 1024]], :time 2000000000, :index 1})");
  CHECK(lines.back() == R"({:process 2, :type :invoke, :f :write, :value nil, :time 3000000000, :index 4})");
}

}  // namespace
}  // namespace parallax::scenarios
