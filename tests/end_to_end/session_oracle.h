// Session guarantees once more, as plainly as they can be said: of every decision all that its session had seen or
// written before is gone through. It shares no code with the audit.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "models/world/layers.h"
#include "tests/end_to_end/rehearsal.h"

namespace parallax::test {

struct SessionVerdicts {
  std::uint64_t own_writes_not_read{0};
  std::uint64_t steps_back{0};
  std::uint64_t asked_here{0};
  std::uint64_t refused_here{0};
  std::uint64_t asked_elsewhere{0};
  std::uint64_t refused_elsewhere{0};
};

class SessionOracle {
 public:
  /// `signed_tokens`: JWTs, for which a gateway says that it refuses them, but not by which version.
  SessionOracle(const Rehearsal& played, std::size_t nodes, bool signed_tokens)
      : played_{played}, nodes_{nodes}, has_signed_tokens_{signed_tokens} {}

  SessionVerdicts judge() {
    for (const sim::Record& record : played_.journal) learn(record);
    for (const sim::Record& record : played_.journal) {
      if (domain::kind_of(record.body) != domain::RecordKind::kRequestDecided) continue;
      judge(domain::RequestDecided::unpack(record.body), record.time);
    }
    return verdicts_;
  }

 private:
  using Token = std::uint32_t;
  struct Seen {
    sim::VirtualTime time;
    domain::Version version;
  };
  struct Issue {
    domain::ChangeAcknowledged what;
    sim::VirtualTime time;
  };

  void learn(const sim::Record& record) {
    const auto kind = domain::kind_of(record.body);
    if (kind == domain::RecordKind::kEntryPut) {
      const auto put = domain::EntryPut::unpack(record.body);
      if (put.object.kind() == domain::ObjectKind::kToken)
        heard_[{put.layer, put.object}].push_back({record.time, put.version});
    }
    if (kind == domain::RecordKind::kChangeInvoked) {
      const auto change = domain::ChangeInvoked::unpack(record.body);
      if (change.change == domain::ChangeKind::kTokenRevoked)
        endings_[change.object].insert({record.time, record.id.packed});
    }
    if (kind == domain::RecordKind::kChangeAbandoned) {
      const auto change = domain::ChangeAbandoned::unpack(record.body);
      if (change.change == domain::ChangeKind::kTokenRevoked && change.why != domain::Abandoned::kUnknown) {
        ended_[record.cause.packed] = record.time;
      }
    }
    if (kind != domain::RecordKind::kChangeAcknowledged) return;
    const auto change = domain::ChangeAcknowledged::unpack(record.body);
    written_[change.object].push_back({record.time, change.version});
    if (change.change == domain::ChangeKind::kTokenIssued) issues_.insert({change.object, {change, record.time}});
  }

  sim::VirtualTime expiry(domain::TokenId token) const {
    if (domain::index(token) < played_.catalog.tokens.size())
      return played_.catalog.tokens[domain::index(token)].expires;
    const auto issue = issues_.find(domain::ObjectRef::of(token));
    return issue == issues_.end() ? sim::kNever : issue->second.what.expires;
  }

  // What a decision rests on.
  std::vector<std::pair<domain::ObjectRef, domain::Version>> reads(const domain::RequestDecided& d,
                                                                   sim::VirtualTime now) const {
    std::vector<std::pair<domain::ObjectRef, domain::Version>> all{{domain::ObjectRef::of(d.api), d.api_version}};
    const bool is_refused = d.outcome == domain::Outcome::kTokenInvalid;
    domain::Version token = d.token_version;
    if (is_refused && has_signed_tokens_) token = heard_by(d.node, d.token, now);
    const bool comes_to_token =
        has_signed_tokens_ && is_refused ? token > d.token_version : is_refused || d.token_version != domain::Version{};
    if (comes_to_token && now < expiry(d.token)) all.emplace_back(domain::ObjectRef::of(d.token), token);
    if (d.subscription != domain::kNoSubscription) {
      all.emplace_back(domain::ObjectRef::of(d.subscription), d.subscription_version);
    } else if (d.outcome == domain::Outcome::kSubscriptionMissing) {
      const auto id = played_.catalog.subscription(application(d.token), d.api);
      if (id != domain::kNoSubscription) all.emplace_back(domain::ObjectRef::of(id), domain::Version{});
    }
    return all;
  }

  domain::ApplicationId application(domain::TokenId token) const {
    if (domain::index(token) < played_.catalog.tokens.size())
      return played_.catalog.tokens[domain::index(token)].application;
    return issues_.at(domain::ObjectRef::of(token)).what.application;
  }

  // Nothing is dropped from the list of a gateway that is not lost.
  domain::Version heard_by(domain::NodeId node, domain::TokenId token, sim::VirtualTime now) const {
    const domain::LayerId layer = world::layers_of(node, {nodes_, 0}).gateway.token_cache;
    const auto found = heard_.find({layer, domain::ObjectRef::of(token)});
    domain::Version newest{};
    if (found == heard_.end()) return newest;
    for (const Seen& heard : found->second) {
      if (heard.time <= now) newest = std::max(newest, heard.version);
    }
    return newest;
  }

  void judge(const domain::RequestDecided& d, sim::VirtualTime now) {
    bool misses_own = false;
    bool steps_back = false;
    for (const auto& [object, version] : reads(d, now)) {
      const bool is_api = object.kind() == domain::ObjectKind::kApi;
      if (!is_api) {
        for (const Seen& write : written_[object]) misses_own |= write.time < now && write.version > version;
      }
      std::vector<Seen>& seen = seen_[{static_cast<Token>(d.token), object}];
      for (const Seen& before : seen) steps_back |= before.time < now && before.version > version;
      seen.push_back({now, version});
      if (object == domain::ObjectRef::of(d.token)) count_use(d, version, now);
    }
    verdicts_.own_writes_not_read += misses_own;
    verdicts_.steps_back += steps_back;
  }

  bool is_ending(domain::ObjectRef token, sim::VirtualTime now) {
    for (const auto& [time, id] : endings_[token]) {
      const auto over = ended_.find(id);
      if (time <= now && (over == ended_.end() || over->second > now)) return true;
    }
    return false;
  }

  void count_use(const domain::RequestDecided& d, domain::Version version, sim::VirtualTime now) {
    const auto issue = issues_.find(domain::ObjectRef::of(d.token));
    if (issue == issues_.end() || issue->second.time >= now || is_ending(issue->first, now)) return;
    const bool is_refused = d.outcome == domain::Outcome::kTokenInvalid && version < issue->second.what.version;
    const bool is_here = played_.site_of(d.node) == played_.site_of(issue->second.what.writer);
    ++(is_here ? verdicts_.asked_here : verdicts_.asked_elsewhere);
    (is_here ? verdicts_.refused_here : verdicts_.refused_elsewhere) += is_refused;
  }

  const Rehearsal& played_;
  std::size_t nodes_;
  bool has_signed_tokens_;
  std::map<std::pair<domain::LayerId, domain::ObjectRef>, std::vector<Seen>> heard_;
  std::map<domain::ObjectRef, std::set<std::pair<sim::VirtualTime, std::uint64_t>>> endings_;
  std::map<std::uint64_t, sim::VirtualTime> ended_;
  std::map<domain::ObjectRef, std::vector<Seen>> written_;
  std::map<domain::ObjectRef, Issue> issues_;
  std::map<std::pair<Token, domain::ObjectRef>, std::vector<Seen>> seen_;
  SessionVerdicts verdicts_;
};

}  // namespace parallax::test
