#include "models/audit/sessions.h"

#include <algorithm>
#include <bit>

#include "models/audit/read_operation.h"
#include "models/audit/token_version.h"

namespace parallax::audit {

using domain::ChangeKind;
using domain::ObjectKind;
using domain::ObjectRef;
using domain::Outcome;
using domain::RequestDecided;
using domain::Version;
using Operation = SessionOperation;

namespace {

// How long ago, in powers of two of a millisecond.
std::size_t gap_bucket(sim::Duration gap) {
  const auto milliseconds = static_cast<std::uint64_t>(gap.ns / sim::milliseconds(1).ns);
  return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(milliseconds)), kGapBuckets - 1);
}

}  // namespace

Sessions::Sessions(const Setup& setup, const Holdings& holdings)
    : setup_{setup},
      holdings_{holdings},
      subscription_writes_(setup.catalog->subscriptions.size()),
      has_changed_(setup.catalog->subscriptions.size()),
      apis_seen_(setup.catalog->tokens.size()) {}

Sessions::Token* Sessions::find_token(domain::TokenId id) {
  const std::size_t index = domain::index(id);
  const std::uint32_t place = index < place_of_token_.size() ? place_of_token_[index] : 0;
  return place == 0 ? nullptr : &tokens_[place - 1];
}

Sessions::Token& Sessions::token_at(std::uint32_t id) {
  if (id >= place_of_token_.size()) place_of_token_.resize(id + std::size_t{1});
  std::uint32_t& place = place_of_token_[id];
  if (place != 0) return tokens_[place - 1];
  Token& token = tokens_.emplace_back();
  place = static_cast<std::uint32_t>(tokens_.size());
  const domain::Catalog& catalog = *setup_.catalog;
  if (id < catalog.tokens.size()) {
    token.expires = catalog.tokens[id].expires;
    token.application = catalog.tokens[id].application;
  }
  return token;
}

domain::ApplicationId Sessions::application_of(domain::TokenId token) {
  const auto& catalog_tokens = setup_.catalog->tokens;
  if (domain::index(token) < catalog_tokens.size()) return catalog_tokens[domain::index(token)].application;
  const Token* issued = find_token(token);
  return issued == nullptr ? domain::kNoApplication : issued->application;
}

void Sessions::invoked(const domain::ChangeInvoked& change) {
  if (change.object.kind() == ObjectKind::kSubscription) has_changed_[change.object.id()] = 1;
  if (change.object.kind() != ObjectKind::kToken) return;
  token_at(change.object.id()).endings += change.change == ChangeKind::kTokenRevoked;
}

void Sessions::abandoned(const domain::ChangeAbandoned& change) {
  if (change.change != ChangeKind::kTokenRevoked || change.why == domain::Abandoned::kUnknown) return;
  --token_at(change.object.id()).endings;
}

void Sessions::acknowledged(const domain::ChangeAcknowledged& change, sim::VirtualTime now) {
  const Write write{now, change.version, change.writer, change.change};
  const auto keep_newest = [&](Write& last) {
    if (write.version >= last.version) last = write;
  };
  if (change.object.kind() == ObjectKind::kSubscription) keep_newest(subscription_writes_[change.object.id()]);
  if (change.object.kind() != ObjectKind::kToken) return;
  Token& token = token_at(change.object.id());
  keep_newest(token.last);
  if (change.change != ChangeKind::kTokenIssued) return;
  token.issue = write;
  token.expires = change.expires;
  token.application = change.application;
}

Sessions::Read& Sessions::seen_of_api(const RequestDecided& d) {
  const std::size_t token = domain::index(d.token);
  if (token >= apis_seen_.size()) apis_seen_.resize(token + 1);
  for (ApiRead& read : apis_seen_[token]) {
    if (read.api == d.api) return read.seen;
  }
  return apis_seen_[token].emplace_back(ApiRead{d.api, {}}).seen;
}

void Sessions::decided(const RequestDecided& d, sim::VirtualTime now) {
  Broken broken;
  compare(seen_of_api(d), {ObjectRef::of(d.api), d.api_version}, d, now, broken);
  read_token(d, now, broken);
  read_subscription(d, now, broken);
  ++found_.of(Guarantee::kReadYourWrites).looked_at;
  ++found_.of(Guarantee::kMonotonicReads).looked_at;
  if (broken.own_write) ++found_.of(Guarantee::kReadYourWrites).broken;
  if (broken.step_back) ++found_.of(Guarantee::kMonotonicReads).broken;
}

// Rows of the catalog's tokens change without a change of their own too, when another takes their place.
void Sessions::read_token(const RequestDecided& d, sim::VirtualTime now, Broken& broken) {
  Token* token = find_token(d.token);
  const bool is_as_at_start = d.token_version <= domain::initial_version(domain::Standing::kActive);
  if (token == nullptr && is_as_at_start) return;
  const std::optional<Version> version = token_version(d, setup_, holdings_);
  if (!version) return;
  if (token == nullptr) token = &token_at(static_cast<std::uint32_t>(d.token));
  if (token->expires <= now) return;
  const Rests rests{ObjectRef::of(d.token), *version};
  compare(token->last, rests, d, now, broken);
  compare(token->seen, rests, d, now, broken);
  if (token->issue && token->endings == 0) count_use(*token, *version, d, now);
}

domain::SubscriptionId Sessions::subscription(const RequestDecided& d) {
  if (d.subscription != domain::kNoSubscription || d.outcome != Outcome::kSubscriptionMissing) return d.subscription;
  const domain::ApplicationId application = application_of(d.token);
  if (application == domain::kNoApplication) return domain::kNoSubscription;
  return setup_.catalog->subscription(application, d.api);
}

void Sessions::read_subscription(const RequestDecided& d, sim::VirtualTime now, Broken& broken) {
  const domain::SubscriptionId id = subscription(d);
  if (id == domain::kNoSubscription || has_changed_[domain::index(id)] == 0) return;
  const Rests rests{ObjectRef::of(id), d.subscription_version};
  compare(subscription_writes_[domain::index(id)], rests, d, now, broken);
  compare(subscriptions_seen_[pair(static_cast<std::uint32_t>(d.token), static_cast<std::uint32_t>(id))], rests, d, now,
          broken);
}

void Sessions::compare(const Write& write, const Rests& rests, const RequestDecided& d, sim::VirtualTime now,
                       Broken& broken) {
  if (rests.version >= write.version || write.acknowledged >= now) return;
  broken.own_write = true;
  Operation wrote{Operation::Kind::kWrote, write.acknowledged, rests.object, write.version, write.writer};
  wrote.change = write.change;
  offer(Guarantee::kReadYourWrites, wrote, read_operation(d, rests.object, rests.version, now));
}

void Sessions::compare(Read& seen, const Rests& rests, const RequestDecided& d, sim::VirtualTime now, Broken& broken) {
  if (rests.version >= seen.version) {
    seen = {now, rests.version, d.node, d.outcome};
    return;
  }
  if (seen.time == now) return;
  broken.step_back = true;
  Operation before = read_operation(d, rests.object, seen.version, seen.time);
  before.node = seen.node;
  before.outcome = seen.outcome;
  offer(Guarantee::kMonotonicReads, before, read_operation(d, rests.object, rests.version, now));
}

void Sessions::offer(Guarantee guarantee, const Operation& before, const Operation& read) {
  found_.of(guarantee).offer({read.token, application_of(read.token), {before, read}});
}

void Sessions::count_use(const Token& token, Version version, const RequestDecided& d, sim::VirtualTime now) {
  const Write& issue = *token.issue;
  if (now <= issue.acknowledged) return;
  const bool is_there =
      setup_.observers[domain::index(issue.writer)].site == setup_.observers[domain::index(d.node)].site;
  const Used used = is_there ? Used::kWhereIssued : Used::kElsewhere;
  GapCount& count = found_.gaps[static_cast<std::size_t>(used)][gap_bucket(now - issue.acknowledged)];
  ++count.asked;
  count.refused += d.outcome == Outcome::kTokenInvalid && version < issue.version;
}

void Sessions::finish(Findings& findings) {
  findings.sessions.gaps = found_.gaps;
  for (const Guarantee guarantee : {Guarantee::kReadYourWrites, Guarantee::kMonotonicReads}) {
    findings.sessions.of(guarantee) = found_.of(guarantee);
  }
}

}  // namespace parallax::audit
