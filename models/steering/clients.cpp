#include "models/steering/clients.h"

#include <algorithm>
#include <utility>

#include "models/domain/journal.h"

namespace parallax::steering {

namespace {

Arrivals::Streams arrival_streams(const sim::Site& site, const std::string& name) {
  return {site.stream(name, "arrivals"), site.stream(name, "bursts"), site.stream(name, "day"),
          site.stream(name, "trace")};
}

}  // namespace

using domain::Ending;
using domain::Outcome;
using domain::Standing;

Population::Population(sim::Site& site, PopulationSpec spec, const domain::Catalog& catalog, Directory& apis,
                       Directory& token_endpoint)
    : Caller{site},
      spec_{std::move(spec)},
      catalog_{catalog},
      apis_{apis},
      token_endpoint_{token_endpoint},
      arrivals_{spec_.arrivals, arrival_streams(site, "population/" + spec_.name)},
      backoff_{spec_.backoff, site.stream("population/" + spec_.name, "jitter")},
      choices_{site.stream("population/" + spec_.name, "choices")},
      pauses_{site.stream("population/" + spec_.name, "think")},
      popularity_{sim::Discrete::zipf(static_cast<std::uint32_t>(spec_.tokens.size()), spec_.token_popularity)},
      roaming_threshold_{sim::chance_threshold(spec_.roaming)},
      announced_apis_(catalog.apis.size()),
      announced_subscriptions_(catalog.subscriptions.size()),
      tries_{site, spec_.timeout, [this](const Try& expired) { expire(expired); }} {
  sessions_.reserve(spec_.tokens.size());
  for (const domain::TokenId id : spec_.tokens) {
    const domain::Token& token = catalog.tokens[domain::index(id)];
    sessions_.push_back({token.expires, token.expires, id, token.application,
                         domain::initial_version(Standing::kActive), 0, Cookie::kNone, kNowhere, 0, 0});
  }
  choose_who_drops_cookies();
  for (std::size_t api = 0; api < catalog.apis.size(); ++api) {
    announced_apis_[api] = catalog.apis[api].initially == Standing::kActive;
  }
  for (std::size_t id = 0; id < catalog.subscriptions.size(); ++id) {
    announced_subscriptions_[id] = catalog.subscriptions[id].initially == Standing::kActive;
  }
}

void Population::choose_who_drops_cookies() {
  if (spec_.drops_cookies <= 0) return;
  sim::Stream stream = site_.stream("population/" + spec_.name, "cookies");
  const std::uint64_t threshold = sim::chance_threshold(spec_.drops_cookies);
  for (Session& session : sessions_) {
    if (stream.chance(threshold)) session.cookie = Cookie::kDropped;
  }
}

void Population::start() { spec_.think ? start_thinking() : schedule_next(); }

void Population::start_thinking() {
  sim::Stream stream = site_.stream("population/" + spec_.name, "start");
  const auto first = sim::Distribution::uniform({}, spec_.think->mean());
  for (std::uint32_t session = 0; session < sessions_.size(); ++session) {
    site_.after(first.sample(stream), [this, session] { call(SessionId{session}); });
  }
}

void Population::schedule_next() {
  if (const auto pause = arrivals_.next(site_.now())) site_.wake_after(*pause, *this);
}

void Population::on_event() {
  const bool somebody_calls = arrivals_.calls(site_.now());
  schedule_next();
  if (somebody_calls) call(SessionId{popularity_.sample(choices_)});
}

void Population::call(SessionId id) {
  if (spec_.asks_for != Service::kApi) return begin(id, {}, spec_.retries);
  if (const auto api = choose_api(sessions_[index(id)])) return begin(id, *api, spec_.retries);
  ended(id);
}

// A call with its last try, or one that nothing could be made of.
void Population::ended(SessionId id) {
  if (!spec_.think) return;
  site_.after(spec_.think->sample(pauses_), [this, id] { call(id); });
}

// With a token, or first for one. The time-out counts from here.
void Population::begin(SessionId id, domain::ApiId api, std::uint32_t retries_left) {
  const Session& session = sessions_[index(id)];
  const bool needs_token =
      spec_.asks_for == Service::kToken || (spec_.asks_for == Service::kApi && session.good_until <= site_.now());
  const Phase phase = needs_token ? Phase::kWaitsForToken : Phase::kOnItsWay;
  const Try call{site_.now(), id, session.token, api, kNowhere, retries_left, phase};
  const std::uint64_t number = tries_.begin(call);
  if (phase == Phase::kOnItsWay) return send(number, call);
  const auto [waiting, is_first] = waiting_.try_emplace(id);
  waiting->second.push_back(number);
  if (is_first) renew(id);
}

// Reservoir choice among the subscriptions that can be called: one draw per candidate after the first.
std::optional<domain::ApiId> Population::choose_api(const Session& session) {
  std::optional<domain::ApiId> chosen;
  std::uint64_t candidates = 0;
  for (const domain::SubscriptionId id : catalog_.applications[domain::index(session.application)].subscriptions) {
    const domain::ApiId api = catalog_.subscriptions[domain::index(id)].api;
    if (announced_apis_[domain::index(api)] == 0 || announced_subscriptions_[domain::index(id)] == 0) continue;
    if (++candidates == 1 || choices_.below(candidates) == 0) chosen = api;
  }
  return chosen;
}

void Population::send(std::uint64_t number, const Try& call) {
  const bool roams = roaming_threshold_ > 0 && choices_.chance(roaming_threshold_);
  apis_.find(*this, call.session, number, roams ? Way::kElsewhere : Way::kAsTold);
}

void Population::found(SessionId id, std::uint64_t number, FrontDoor* door) {
  Try* looking = tries_.find(number);
  if (looking == nullptr) return;  // it has taken longer than the call may
  if (door == nullptr) {
    const Try lost = *looking;
    tries_.end(number);
    ++timed_out_;
    ++unresolved_;
    record(lost, Ending::kNoAddress, Outcome::kUnavailable);
    return retry(lost);
  }
  Session& session = sessions_[index(id)];
  looking->called = door->site();
  goes_to(session, door->site());
  if (spec_.asks_for != Service::kApi) {
    const PageCall page{this, number, spec_.asks_for};
    site_.send(door->site(), [door, page] { door->open_page(page); });
    return;
  }
  const ApiCall call{this, number, looking->token, looking->api, session.claims(), user_of(id), session.cookie};
  site_.send(door->site(), [door, call] { door->call(call); });
}

// The handshake takes as long as a call without its decision: the certificate comes back in place of an answer. Where
// nobody answers it is a call without one.
template <typename Alert>
void Population::shake_hands(FrontDoor& door, Alert alert) {
  if (const auto fault = site_.refusal_by(door.site())) site_.touched_by(*fault);
  site_.send(door.site(), [door = &door, to = site_.id(), alert] {
    if (door->answers()) door->reply(to, alert);
  });
}

void Population::refused(SessionId id, std::uint64_t number, FrontDoor& door) {
  Try* looking = tries_.find(number);
  if (looking == nullptr) return;
  looking->called = door.site();
  goes_to(sessions_[index(id)], door.site());
  shake_hands(door, [this, number] { finish(number, Outcome::kUnavailable); });
}

// A new attempt, so that the time-out of this one finds nobody.
void Population::refused_token_endpoint(SessionId id, std::uint64_t question, FrontDoor& door) {
  const auto attempt = static_cast<std::uint32_t>(question);
  if (!waits_for(id, attempt)) return;
  shake_hands(door, [this, id, attempt] {
    if (waits_for(id, attempt)) renew_again(id, ++sessions_[index(id)].attempt);
  });
}

void Population::goes_to(Session& session, sim::SiteId data_center) {
  if (session.last != kNowhere && session.last != data_center) {
    session.has_moved = 1;
    ++moves_;
  }
  session.last = data_center;
}

void Population::retry(const Try& failed) {
  if (failed.retries_left == 0) return ended(failed.session);
  const sim::Duration pause = backoff_.pause(spec_.retries - failed.retries_left + 1);
  site_.after(pause,
              [this, id = failed.session, api = failed.api, left = failed.retries_left - 1] { begin(id, api, left); });
}

void Population::renew(SessionId id) {
  const std::uint32_t attempt = ++sessions_[index(id)].attempt;
  token_endpoint_.find(token_seeker_, id, attempt, Way::kAsTold);
  site_.after(spec_.timeout, [this, id, attempt] {
    if (!waits_for(id, attempt)) return;
    token_endpoint_.failed(id, kNowhere);
    renew_again(id, attempt);
  });
}

// Without an address it is as if nobody answered.
void Population::found_token_endpoint(SessionId id, std::uint64_t question, FrontDoor* door) {
  const auto attempt = static_cast<std::uint32_t>(question);
  if (door == nullptr || !waits_for(id, attempt)) return;
  if (spec_.asks_for == Service::kToken) {
    goes_to(sessions_[index(id)], door->site());
    for (const std::uint64_t number : waiting_.at(id)) {
      if (Try* call = tries_.find(number)) call->called = door->site();
    }
  }
  const Session& session = sessions_[index(id)];
  const TokenCall call{this, id, session.application, user_of(id), attempt, session.cookie};
  site_.send(door->site(), [door, call] { door->request_token(call); });
}

// An answer may still come in the pause.
void Population::renew_again(SessionId id, std::uint32_t attempt) {
  Session& session = sessions_[index(id)];
  const std::uint32_t failures = std::min(session.failures + std::uint32_t{1}, kMostFailures);
  session.failures = failures & kMostFailures;
  site_.after(backoff_.pause(failures), [this, id, attempt] {
    if (waits_for(id, attempt)) renew(id);
  });
}

bool Population::waits_for(SessionId id, std::uint32_t attempt) const {
  const Session& session = sessions_[index(id)];
  return session.attempt == attempt && waiting_.contains(id);
}

void Population::token_issued(const TokenCall& answered, const IssuedToken& issued) {
  const SessionId id = answered.session;
  Session& session = sessions_[index(id)];
  if (answered.attempt != session.attempt && issued.good_until <= site_.now()) return;
  session.token = issued.token;
  session.issued = issued.version;
  session.expires = issued.expires;
  session.good_until = issued.good_until;
  session.failures = 0;
  session.cookie = kept_cookie(session.cookie, answered.cookie);
  const auto waiting = waiting_.extract(id);
  if (waiting.empty()) return;
  for (const std::uint64_t number : waiting.mapped()) {
    Try* call = tries_.find(number);
    if (call == nullptr) continue;  // it has waited for too long
    if (spec_.asks_for == Service::kToken) {
      finish(number, Outcome::kAdmitted);
      continue;
    }
    call->token = session.token;
    call->phase = Phase::kOnItsWay;
    send(number, *call);
  }
}

void Population::answered(const ApiCall& call, Outcome outcome) {
  if (const Try* waiting = tries_.find(call.number)) {
    Cookie& cookie = sessions_[index(waiting->session)].cookie;
    cookie = kept_cookie(cookie, call.cookie);
  }
  finish(call.number, outcome);
}

void Population::finish(std::uint64_t number, Outcome outcome) {
  const Try* waiting = tries_.find(number);
  if (waiting == nullptr) return;
  const Try answered = *waiting;
  tries_.end(number);
  ++answered_;
  record(answered, Ending::kAnswered, outcome);
  if (outcome == Outcome::kUnavailable) return retry(answered);
  ended(answered.session);
}

void Population::expire(const Try& expired) {
  ++timed_out_;
  if (expired.phase == Phase::kWaitsForToken) {
    ++tokenless_;
  } else if (expired.called != kNowhere) {
    apis_.failed(expired.session, expired.called);
  }
  record(expired, Ending::kTimedOut, Outcome::kUnavailable);
  retry(expired);
}

void Population::record(const Try& finished, Ending ending, Outcome outcome) {
  site_.record(
      domain::RequestFinished{spec_.id, finished.token, finished.sent, ending, outcome, finished.called}.pack());
}

void Population::close() {
  site_.record(domain::PopulationClosed{spec_.id, tries_.begun(), answered_, timed_out_, tries_.open()}.pack());
  domain::UsersClosed users{spec_.id, 0, 0, moves_, unresolved_, tokenless_};
  for (const Session& session : sessions_) {
    users.users += session.last != kNowhere;
    users.moved += session.has_moved;
  }
  site_.record(users.pack());
}

}  // namespace parallax::steering
