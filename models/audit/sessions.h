// What a session saw of its own writes, and of what it had seen before.
//
// A session is a token: one user of one application. Its writes are the token's issue and revocation, and the changes
// of its application's subscriptions; its reads are the decisions on its calls, each at its instant, and each of the
// versions that the decision rests on:
//
//   API           of every call; 0 where the gateway has not put it up
//   token         where the decision came to it: it has a version, or the token was refused as unknown
//   subscription  where the decision came to it, or was refused for want of one
//
//   read your writes   a decision rests on an older version than a write that the session had acknowledged before
//   monotonic reads    a decision rests on an older version than one that the session had seen before: an API that it
//                      could call is answered 404, a revoked token is let through again
//
// What happens in the same nanosecond has no order. A decision counts once, however many of its versions are too old.
// Not told: of two calls of one session that are under way together the order of their decisions stands for that of
// the session, for the journal does not say when a decided call was sent; a token that takes the place of another
// begins a session of its own; publishers call no APIs, so nobody reads their writes here. A token that has expired is
// not read any more: databases forget it.
//
// The same pass counts calls with tokens that were issued in the run by the time since their issue, and how many of
// them were refused because the gateway did not know the token. Where nobody could be asked, and from a revocation's
// invocation on, nothing counts; unless nothing came of it.
//
// Each decision costs one look-up, of the token and the API. Of tokens and subscriptions only those that have changed
// are followed: others are the same everywhere.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <vector>

#include "models/audit/fetch.h"
#include "models/audit/findings.h"
#include "models/audit/holdings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class Sessions {
 public:
  /// `holdings`: whose node has heard of a revocation, for a signed token does not say so itself.
  Sessions(const Setup& setup, const Holdings& holdings);

  /// A decision on a call with this token is going to be read.
  void fetch(domain::TokenId token) const {
    const std::size_t index = domain::index(token);
    if (index < apis_seen_.size()) fetch_lines(apis_seen_[index]);
    if (index < place_of_token_.size()) fetch_lines(place_of_token_[index]);
  }

  void invoked(const domain::ChangeInvoked& change);
  void abandoned(const domain::ChangeAbandoned& change);
  void acknowledged(const domain::ChangeAcknowledged& change, sim::VirtualTime now);
  /// After all writes of the same instant.
  void decided(const domain::RequestDecided& decision, sim::VirtualTime now);

  void finish(Findings& findings);

 private:
  struct Write {
    sim::VirtualTime acknowledged{-1};
    domain::Version version{};
    domain::NodeId writer{};
    domain::ChangeKind change{};
  };
  /// The newest version that a session has seen of an object, and when it last did.
  struct Read {
    sim::VirtualTime time{-1};
    domain::Version version{};
    domain::NodeId node{};
    domain::Outcome outcome{};
  };
  struct ApiRead {
    domain::ApiId api;
    Read seen;
  };
  /// A token that was issued or revoked in the run, or is told to have been.
  struct Token {
    Write last;  ///< acknowledged, with the newest version
    Read seen{};
    std::optional<Write> issue{};
    sim::VirtualTime expires{sim::kNever};
    domain::ApplicationId application{domain::kNoApplication};
    std::uint32_t endings{0};  ///< revocations that were invoked, but for those that came to nothing
  };
  /// What a decision rests on, of one object.
  struct Rests {
    domain::ObjectRef object;
    domain::Version version;
  };
  struct Broken {
    bool own_write{false};
    bool step_back{false};
  };

  static std::uint64_t pair(std::uint32_t token, std::uint32_t id) { return std::uint64_t{token} << 32 | id; }
  Token& token_at(std::uint32_t id);
  Token* find_token(domain::TokenId id);
  Read& seen_of_api(const domain::RequestDecided& decision);
  domain::SubscriptionId subscription(const domain::RequestDecided& decision);
  void read_token(const domain::RequestDecided& decision, sim::VirtualTime now, Broken& broken);
  void read_subscription(const domain::RequestDecided& decision, sim::VirtualTime now, Broken& broken);
  void compare(const Write& write, const Rests& rests, const domain::RequestDecided& decision, sim::VirtualTime now,
               Broken& broken);
  void compare(Read& seen, const Rests& rests, const domain::RequestDecided& decision, sim::VirtualTime now,
               Broken& broken);
  void offer(Guarantee guarantee, const SessionOperation& before, const SessionOperation& read);
  void count_use(const Token& token, domain::Version version, const domain::RequestDecided& decision,
                 sim::VirtualTime now);
  domain::ApplicationId application_of(domain::TokenId token);

  const Setup& setup_;
  const Holdings& holdings_;
  std::vector<std::uint32_t> place_of_token_;  ///< by TokenId: in tokens_, and 1; 0: it is not there
  std::vector<Token> tokens_;
  std::vector<Write> subscription_writes_;  ///< by SubscriptionId: the last
  std::vector<std::uint8_t> has_changed_;   ///< by SubscriptionId, or is about to
  /// By TokenId. A token is used for a few APIs.
  std::vector<boost::container::small_vector<ApiRead, 4>> apis_seen_;
  boost::unordered_flat_map<std::uint64_t, Read> subscriptions_seen_;  ///< by token and subscription; never iterated
  SessionsFinding found_;
};

}  // namespace parallax::audit
