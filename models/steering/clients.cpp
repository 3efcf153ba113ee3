#include "models/steering/clients.h"

#include <algorithm>
#include <utility>

#include "models/domain/journal.h"

namespace parallax::steering {

using domain::Standing;

Population::Population(sim::Site& site, PopulationSpec spec, const domain::Catalog& catalog, sim::SiteId target,
                       Backend& backend)
    : site_{site},
      spec_{std::move(spec)},
      catalog_{catalog},
      target_{target},
      backend_{backend},
      arrivals_{site.stream(spec_.name, "arrivals")},
      choices_{site.stream(spec_.name, "choices")},
      popularity_{sim::Discrete::zipf(static_cast<std::uint32_t>(spec_.tokens.size()), spec_.token_popularity)},
      announced_(catalog.apis.size()) {
  for (const domain::TokenId id : spec_.tokens) {
    const domain::Token& token = catalog.tokens[domain::index(id)];
    sessions_.push_back({id, token.application, token.expires});
  }
  for (std::size_t api = 0; api < catalog.apis.size(); ++api) {
    announced_[api] = catalog.apis[api].initially == Standing::kActive;
  }
}

void Population::start() { schedule_arrival(); }

void Population::schedule_arrival() {
  site_.after(spec_.gap.sample(arrivals_), [this] { arrive(); });
}

void Population::arrive() {
  schedule_arrival();
  call(SessionId{popularity_.sample(choices_)});
}

void Population::call(SessionId id) {
  Session& session = sessions_[index(id)];
  if (site_.now() < session.expires) {
    send(id);
  } else if (session.waiting++ == 0) {
    renew(id);
  }
}

void Population::send(SessionId id) {
  const Session& session = sessions_[index(id)];
  // Reservoir choice among the subscriptions that can be called: one draw per candidate after the first.
  const auto& subscriptions = catalog_.applications[domain::index(session.application)].subscriptions;
  std::uint64_t candidates = 0;
  domain::ApiId api{};
  for (const domain::SubscriptionId subscription : subscriptions) {
    const domain::ApiId candidate = catalog_.subscriptions[domain::index(subscription)].api;
    if (announced_[domain::index(candidate)] == 0) continue;
    if (++candidates == 1 || choices_.below(candidates) == 0) api = candidate;
  }
  if (candidates == 0) return;

  const ApiCall call{this, sent_++, session.token, api};
  open_.push_back({site_.now(), session.token, CallState::kOpen});
  if (open_.size() == 1) site_.after(spec_.timeout, [this] { expire_calls(); });
  site_.send(target_, [backend = &backend_, call] { backend->call(call); });
}

void Population::renew(SessionId id) {
  const TokenCall call{this, id, sessions_[index(id)].application};
  site_.send(target_, [backend = &backend_, call] { backend->request_token(call); });
  site_.after(spec_.timeout, [this, id, expires = sessions_[index(id)].expires] {
    const Session& session = sessions_[index(id)];
    if (session.waiting > 0 && session.expires == expires) renew(id);
  });
}

void Population::token_issued(SessionId id, const IssuedToken& issued) {
  Session& session = sessions_[index(id)];
  session.token = issued.token;
  session.expires = issued.expires;
  for (std::uint32_t calls = std::exchange(session.waiting, 0); calls > 0; --calls) call(id);
}

void Population::answered(std::uint64_t number, domain::TokenId token, domain::Outcome outcome) {
  if (number < first_number()) return;
  OpenCall& open = open_[number - first_number()];
  site_.record(domain::RequestFinished{spec_.id, token, open.sent, domain::Ending::kAnswered, outcome}.pack());
  open.state = CallState::kDone;
  ++answered_;
}

// One timer for all calls: time-outs are equal, so the oldest open call is the next to expire.
void Population::expire_calls() {
  while (!open_.empty() && open_.front().sent + spec_.timeout <= site_.now()) {
    const OpenCall open = open_.front();
    open_.pop_front();
    if (open.state == CallState::kDone) continue;
    ++timed_out_;
    site_.record(
        domain::RequestFinished{spec_.id, open.token, open.sent, domain::Ending::kTimedOut, domain::Outcome::kAdmitted}
            .pack());
  }
  if (!open_.empty()) site_.at(open_.front().sent + spec_.timeout, [this] { expire_calls(); });
}

void Population::close() {
  const auto in_flight =
      std::count_if(open_.begin(), open_.end(), [](const OpenCall& call) { return call.state == CallState::kOpen; });
  site_.record(
      domain::PopulationClosed{spec_.id, sent_, answered_, timed_out_, static_cast<std::uint64_t>(in_flight)}.pack());
}

}  // namespace parallax::steering
