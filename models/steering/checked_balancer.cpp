#include "models/steering/checked_balancer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "models/steering/clients.h"

namespace parallax::steering {

using domain::Outcome;
using health::Result;

namespace {

constexpr std::uint64_t number_of_slot(std::uint32_t slot, std::uint32_t era) {
  return static_cast<std::uint64_t>(era) << 32 | slot;
}

bool is_from_node(Result result) { return result == Result::kAnswered || result == Result::kBadAnswer; }

}  // namespace

std::uint32_t CheckedBalancer::Pool::number_of(std::uint32_t place) const {
  const auto found = std::find(places.begin(), places.end(), place);
  return found == places.end() ? health::Request::kNoCookie : static_cast<std::uint32_t>(found - places.begin());
}

CheckedBalancer::CheckedBalancer(sim::Site& site, const sim::Power& power, const std::vector<Backend*>& backends,
                                 const health::BalancerSpec& spec)
    : FrontDoor{site}, Caller{site}, power_{power}, backends_{backends}, persistence_{spec.persistence} {
  for (std::size_t place = 0; place < backends.size(); ++place) {
    ports_.emplace_back(site, "balancer/port " + std::to_string(place));
    ports_.back().belongs_to(backends[place]->standstill());
  }
  apis_ = pool_for(Service::kApi, spec, "balancer/apis");
  const bool are_same = std::all_of(backends.begin(), backends.end(), [](const Backend* backend) {
    return backend->serves(Service::kApi) == backend->serves(Service::kToken);
  });
  if (!are_same) tokens_ = pool_for(Service::kToken, spec, "balancer/tokens");
}

CheckedBalancer::~CheckedBalancer() = default;

CheckedBalancer::Pool CheckedBalancer::pool_for(Service service, const health::BalancerSpec& spec,
                                                const std::string& name) {
  Pool pool;
  std::vector<health::Port*> servers;
  for (std::uint32_t place = 0; place < backends_.size(); ++place) {
    if (!backends_[place]->serves(service)) continue;
    pool.places.push_back(place);
    servers.push_back(&ports_[place]);
  }
  if (servers.empty()) return pool;
  pool.balancer =
      std::make_unique<health::Balancer>(own_site(), name, spec, servers, static_cast<health::BalancerHost&>(*this));
  return pool;
}

void CheckedBalancer::start() {
  if (apis_.balancer) apis_.balancer->start();
  if (tokens_ && tokens_->balancer) tokens_->balancer->start();
}

std::vector<health::Checker*> CheckedBalancer::checkers_of(std::optional<std::uint32_t> place) {
  std::vector<health::Checker*> found;
  for (Pool* pool : {&apis_, tokens_ ? &*tokens_ : nullptr}) {
    if (pool == nullptr || !pool->balancer) continue;
    for (std::uint32_t server = 0; server < pool->places.size(); ++server) {
      const std::uint32_t checked = pool->places[server];
      if (checked == place.value_or(checked)) found.push_back(&pool->balancer->checker(server));
    }
  }
  return found;
}

bool CheckedBalancer::is_healthy() const {
  for (std::uint32_t server = 0; server < apis_.places.size(); ++server) {
    if (apis_.balancer->verdict(server) == health::Verdict::kUp) return true;
  }
  return false;
}

void CheckedBalancer::lost() {
  if (apis_.balancer) apis_.balancer->lost();
  if (tokens_ && tokens_->balancer) tokens_->balancer->lost();
  free_.clear();
  for (std::uint32_t slot = 0; slot < exchanges_.size(); ++slot) {
    exchanges_[slot].is_open = false;
    free_.push_back(slot);
  }
}

void CheckedBalancer::restored() {
  if (apis_.balancer) apis_.balancer->restored();
  if (tokens_ && tokens_->balancer) tokens_->balancer->restored();
}

void CheckedBalancer::drain(std::size_t node, std::uint32_t fault) {
  FrontDoor::drain(node, fault);
  order(node);
}

void CheckedBalancer::restore(std::size_t node, std::uint32_t fault) {
  FrontDoor::restore(node, fault);
  order(node);
}

void CheckedBalancer::order(std::size_t node) {
  const auto duty = drains().holds(node) ? health::Duty::kDraining : health::Duty::kReady;
  for (Pool* pool : {&apis_, tokens_ ? &*tokens_ : nullptr}) {
    if (pool == nullptr || !pool->balancer) continue;
    const std::uint32_t server = pool->number_of(static_cast<std::uint32_t>(node));
    if (server != health::Request::kNoCookie) pool->balancer->set_duty(server, duty);
  }
}

// Its host answers, and nobody listens there yet. Of a node whose process was lost the host has been up all the time.
void CheckedBalancer::node_powered(std::size_t place) {
  ports_[place].restore();
  ports_[place].stop();
}

// --- From a caller to a node

std::uint32_t CheckedBalancer::open(Service service) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(exchanges_.size()));
    exchanges_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  Exchange& exchange = exchanges_[slot];
  ++exchange.era;
  exchange.is_open = true;
  exchange.is_answered = false;
  exchange.service = service;
  return slot;
}

CheckedBalancer::Exchange* CheckedBalancer::find(std::uint64_t number) {
  const auto slot = static_cast<std::uint32_t>(number);
  Exchange& exchange = exchanges_[slot];
  return exchange.is_open && number == number_of_slot(slot, exchange.era) ? &exchange : nullptr;
}

void CheckedBalancer::call(const ApiCall& call) {
  if (!power_.is_on()) return;
  if (!apis_.balancer) {
    own_site().send(call.caller->site().id(), [call] { call.caller->answered(call, Outcome::kUnavailable); });
    return;
  }
  const std::uint32_t slot = open(Service::kApi);
  exchanges_[slot].api = call;
  submit(slot, call.user, call.cookie);
}

void CheckedBalancer::request_token(const TokenCall& call) {
  if (!power_.is_on() || !pool_of(Service::kToken).balancer) return;
  const std::uint32_t slot = open(Service::kToken);
  exchanges_[slot].token = call;
  submit(slot, call.user, call.cookie);
}

void CheckedBalancer::submit(std::uint32_t slot, domain::UserId user, Cookie cookie) {
  const Pool& pool = pool_of(exchanges_[slot].service);
  note_drains();
  health::Request request;
  request.number = number_of_slot(slot, exchanges_[slot].era);
  request.source = static_cast<std::uint32_t>(user);
  if (const auto place = server_named(cookie, FrontDoor::site())) request.cookie = pool.number_of(*place);
  pool.balancer->submit(request);
}

void CheckedBalancer::serve(health::Balancer&, const health::Ticket& ticket, const health::Request& request) {
  Exchange* exchange = find(request.number);
  if (exchange == nullptr) return;
  exchange->ticket = ticket;
  Backend& node = *backends_[pool_of(exchange->service).places[ticket.server]];
  if (exchange->service == Service::kApi) {
    ApiCall passed = exchange->api;
    passed.caller = this;
    passed.number = request.number;
    return node.call(passed);
  }
  TokenCall passed = exchange->token;
  passed.caller = this;
  passed.session = static_cast<SessionId>(request.number & 0xffff'ffff);
  passed.attempt = exchange->era;
  node.request_token(passed);
}

// --- And back

void CheckedBalancer::answered(const ApiCall& call, Outcome outcome) {
  Exchange* exchange = find(call.number);
  if (exchange == nullptr) return;
  exchange->outcome = outcome;
  answer(*exchange, outcome == Outcome::kUnavailable ? health::Status::kBad : health::Status::kGood);
}

void CheckedBalancer::token_issued(const TokenCall& call, const IssuedToken& issued) {
  Exchange* exchange = find(number_of_slot(static_cast<std::uint32_t>(call.session), call.attempt));
  if (exchange == nullptr) return;
  exchange->issued = issued;
  answer(*exchange, health::Status::kGood);
}

void CheckedBalancer::answer(Exchange& exchange, health::Status status) {
  if (!std::exchange(exchange.is_answered, true)) pool_of(exchange.service).balancer->answer(exchange.ticket, status);
}

// A client that has come with the cookie of a server that it was given gets no new one.
Cookie CheckedBalancer::new_cookie(const health::Reply& reply, Service service) {
  const bool is_due = persistence_ == health::Persistence::kCookie && reply.result == Result::kAnswered &&
                      reply.affinity != health::Affinity::kKept && (service == Service::kApi || !tokens_);
  return is_due ? cookie_of(FrontDoor::site(), pool_of(service).places[reply.server]) : Cookie::kNone;
}

// Whom a node has answered that is not the client's own.
void CheckedBalancer::note_affinity(const health::Reply& reply, Cookie cookie) {
  if (reply.result != Result::kAnswered) return;
  const bool comes_from_elsewhere =
      persistence_ == health::Persistence::kCookie && is_elsewhere(cookie, FrontDoor::site());
  affinity_lost_ += reply.affinity == health::Affinity::kLost || comes_from_elsewhere;
}

void CheckedBalancer::replied(const health::Reply& reply) {
  Exchange* exchange = find(reply.request.number);
  if (exchange == nullptr) return;
  exchange->is_open = false;
  free_.push_back(static_cast<std::uint32_t>(reply.request.number));
  if (exchange->service == Service::kApi) {
    ApiCall back = exchange->api;
    note_affinity(reply, back.cookie);
    back.cookie = new_cookie(reply, Service::kApi);
    const Outcome outcome = is_from_node(reply.result) ? exchange->outcome : Outcome::kUnavailable;
    own_site().send(back.caller->site().id(), [back, outcome] { back.caller->answered(back, outcome); });
    return;
  }
  if (!is_from_node(reply.result)) return;
  TokenCall back = exchange->token;
  if (!tokens_) note_affinity(reply, back.cookie);
  back.cookie = new_cookie(reply, Service::kToken);
  own_site().send(back.caller->site().id(),
                  [back, issued = exchange->issued] { back.caller->token_issued(back, issued); });
}

void CheckedBalancer::open_page(const PageCall& call) {
  if (!power_.is_on()) return;
  for (std::size_t tried = 0; tried < backends_.size(); ++tried) {
    Backend* backend = backends_[page_turn_++ % backends_.size()];
    if (backend->serves(call.service) && backend->is_ready()) return backend->open_page(call);
  }
  own_site().send(call.caller->site().id(),
                  [call] { call.caller->page_answered(call, domain::Outcome::kUnavailable); });
}

}  // namespace parallax::steering
