#include "models/steering/health/balancer.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "models/steering/health/line.h"

namespace parallax::steering::health {

void BalancerHost::serve(Balancer& balancer, const Ticket& ticket, const Request&) {
  Port& port = balancer.port(ticket.server);
  port.site().after(port.draw_service_time(), [&balancer, &port, ticket] { balancer.answer(ticket, port.status()); });
}

Balancer::Balancer(sim::Site& site, const std::string& name, const BalancerSpec& spec,
                   const std::vector<Port*>& servers, BalancerHost& host)
    : site_{site}, spec_{spec}, host_{host}, selection_{spec.algorithm} {
  assert(!servers.empty() && spec.connections > 0);
  spec_.turn_around = std::min(spec.turn_around, spec.connect_timeout);
  for (Port* port : servers) servers_.push_back({port});
  for (std::uint32_t server = 0; server < servers_.size(); ++server) {
    const std::string path = name + " server " + std::to_string(server);
    checkers_.emplace_back(site, *servers[server], path + " check", spec.check, server,
                           static_cast<CheckListener&>(*this));
    for (std::uint32_t line = spec.connections; line-- > 0;) servers_[server].closed.push_back(line);
    for (std::uint32_t line = 0; line < spec.connections; ++line) {
      servers_[server].lines.push_back(
          std::make_unique<Line>(*this, server, line, path + " line " + std::to_string(line)));
    }
  }
}

Balancer::~Balancer() = default;

void Balancer::start() {
  for (Checker& checker : checkers_) checker.start();
}

void Balancer::lost() {
  ++life_;
  for (Server& server : servers_) {
    server.in_hand = 0;
    server.queue.clear();
    server.idle.clear();
    server.closed.clear();
    for (auto line = static_cast<std::uint32_t>(server.lines.size()); line-- > 0;) server.closed.push_back(line);
    for (const auto& line : server.lines) line->lost();
  }
  free_exchanges_.clear();
  for (std::uint32_t index = 0; index < exchanges_.size(); ++index) {
    Exchange& exchange = exchanges_[index];
    exchange.is_open = exchange.is_queued = exchange.is_abandoned = exchange.is_counted = false;
    free_exchanges_.push_back(index);
  }
  source_table_.clear();
  bound_.clear();
  for (Checker& checker : checkers_) checker.lost();
}

void Balancer::restored() {
  for (Server& server : servers_) {
    for (const auto& line : server.lines) line->restored();
  }
  for (Checker& checker : checkers_) checker.restored();
}

void Balancer::judged(std::uint32_t index, Verdict verdict) {
  Server& server = servers_[index];
  server.verdict = verdict;
  host_.judged(index, verdict);
  if (verdict == Verdict::kUp) return;
  if (spec_.when_marked_down == WhenMarkedDown::kIsShut) {
    for (const auto& line : server.lines) line->shut();
  }
  for (const std::uint32_t exchange : std::exchange(server.queue, {})) move_on(exchange);
}

// --- Choosing

std::uint32_t Balancer::usable() const {
  std::uint32_t count = 0;
  for (std::uint32_t server = 0; server < servers_.size(); ++server) {
    if (takes_new(server)) ++count;
  }
  return count;
}

std::optional<std::uint32_t> Balancer::belongs_to(const Request& request) const {
  if (spec_.persistence == Persistence::kCookie && request.cookie < servers_.size()) return request.cookie;
  if (spec_.persistence != Persistence::kSourceTable) return std::nullopt;
  const auto known = source_table_.find(request.source);
  return known == source_table_.end() ? std::nullopt : std::optional{known->second};
}

std::optional<std::uint32_t> Balancer::choose_freely(const Request& request, std::optional<std::uint32_t> avoided) {
  return selection_.choose(
      static_cast<std::uint32_t>(servers_.size()), request.source,
      [&](std::uint32_t server) { return takes_new(server) && server != avoided; },
      [this](std::uint32_t server) { return servers_[server].in_hand; });
}

bool Balancer::assign(Exchange& exchange) {
  std::optional<std::uint32_t> server = belongs_to(exchange.request);
  if (server) exchange.affinity = takes_its_own(*server) ? Affinity::kKept : Affinity::kLost;
  if (exchange.affinity != Affinity::kKept) server = choose_freely(exchange.request);
  if (!server) return false;
  exchange.server = *server;
  if (spec_.persistence == Persistence::kSourceTable) source_table_[exchange.request.source] = *server;
  return true;
}

// --- Exchanges

std::uint32_t Balancer::open_exchange(const Request& request) {
  if (free_exchanges_.empty()) {
    free_exchanges_.push_back(static_cast<std::uint32_t>(exchanges_.size()));
    exchanges_.emplace_back();
  }
  const std::uint32_t index = free_exchanges_.back();
  free_exchanges_.pop_back();
  const std::uint32_t wait = exchanges_[index].wait;
  exchanges_[index] = {request, Affinity::kNone, 0, 0, wait, true};
  return index;
}

void Balancer::submit(const Request& request) {
  const std::uint32_t index = open_exchange(request);
  Exchange& exchange = exchanges_[index];
  if (const auto bound = bound_.find(request.connection); bound != bound_.end()) {
    exchange.server = bound->second->server();
    exchange.affinity = Affinity::kKept;
    return bound->second->carry(index);
  }
  if (!assign(exchange)) return finish(index, Result::kNoServer);
  begin(index);
}

void Balancer::begin(std::uint32_t index) {
  Exchange& exchange = exchanges_[index];
  if (exchange.is_abandoned) return forget(index);
  if (!std::exchange(exchange.is_counted, true)) ++servers_[exchange.server].in_hand;
  const std::optional<std::uint32_t> line = take_line(exchange.server);
  if (!line) return enqueue(index);
  Line& chosen = *servers_[exchange.server].lines[*line];
  if (spec_.unit == Unit::kConnection && exchange.request.connection != Request::kNoConnection) {
    chosen.client = exchange.request.connection;
    bound_[chosen.client] = &chosen;
    exchange.is_counted = false;  // the binding is, until it is undone
  }
  chosen.carry(index);
}

void Balancer::enqueue(std::uint32_t index) {
  Exchange& exchange = exchanges_[index];
  exchange.is_queued = true;
  servers_[exchange.server].queue.push_back(index);
  site_.after(spec_.connect_timeout, [this, index, wait = ++exchange.wait] {
    if (!exchanges_[index].is_queued || exchanges_[index].wait != wait) return;
    std::erase(servers_[exchanges_[index].server].queue, index);
    finish(index, Result::kQueueFull);
  });
}

// With round robin, no affinity and another server the balancer does not care about this one: it goes on at once. In
// the other cases redispatch, too, waits for the turn-around of a server that refuses [sess_update_st_cer].
bool Balancer::redispatches(const Exchange& exchange) const {
  if (spec_.redispatch == Redispatch::kNever) return false;
  if (spec_.redispatch == Redispatch::kEveryRetry || exchange.retries == spec_.retries) return true;
  return spec_.algorithm == Algorithm::kRoundRobin && exchange.affinity != Affinity::kKept && usable() > 1;
}

void Balancer::connect_failed(std::uint32_t index, Failure failure) {
  Exchange& exchange = exchanges_[index];
  if (exchange.retries == spec_.retries) return finish(index, Result::kNotConnected);
  ++exchange.retries;
  if (!redispatches(exchange)) return retry_here(index, failure);
  const bool at_once = spec_.algorithm == Algorithm::kRoundRobin && usable() > 1;
  if (!reassign(exchange)) return finish(index, Result::kNoServer);
  if (at_once) return begin(index);
  retry_here(index, failure);
}

bool Balancer::reassign(Exchange& exchange) {
  leave(exchange);
  const std::uint32_t left = exchange.server;
  // But for a hash, which gives what it gives, it avoids the one that has just failed [fwrr_get_next_server].
  std::optional<std::uint32_t> other;
  if (spec_.algorithm != Algorithm::kSource) other = choose_freely(exchange.request, left);
  if (!other) other = choose_freely(exchange.request);
  if (!other) return false;
  if (exchange.affinity == Affinity::kKept && *other != left) exchange.affinity = Affinity::kLost;
  exchange.server = *other;
  if (spec_.persistence == Persistence::kSourceTable) source_table_[exchange.request.source] = *other;
  return true;
}

// What waited for a server that is down now.
void Balancer::move_on(std::uint32_t index) {
  exchanges_[index].is_queued = false;
  if (!reassign(exchanges_[index])) return finish(index, Result::kNoServer);
  begin(index);
}

// A server that was silent for the whole connect time-out is tried again at once.
void Balancer::retry_here(std::uint32_t index, Failure failure) {
  if (failure == Failure::kSilent) return begin(index);
  site_.after(spec_.turn_around, [this, index, life = life_] {
    if (life == life_) begin(index);
  });
}

void Balancer::leave(Exchange& exchange) {
  if (std::exchange(exchange.is_counted, false)) --servers_[exchange.server].in_hand;
}

void Balancer::finish(std::uint32_t index, Result result) {
  const Exchange& exchange = exchanges_[index];
  const Reply reply{exchange.request, result, exchange.affinity, exchange.server, exchange.retries};
  const bool is_wanted = !exchange.is_abandoned;
  forget(index);
  if (is_wanted) host_.replied(reply);
}

void Balancer::forget(std::uint32_t index) {
  Exchange& exchange = exchanges_[index];
  leave(exchange);
  exchange.is_open = exchange.is_queued = exchange.is_abandoned = false;
  free_exchanges_.push_back(index);
}

// --- Lines

std::optional<std::uint32_t> Balancer::take_line(std::uint32_t index) {
  Server& server = servers_[index];
  std::vector<std::uint32_t>& from = server.idle.empty() ? server.closed : server.idle;
  if (from.empty()) return std::nullopt;
  const std::uint32_t line = from.back();
  from.pop_back();
  return line;
}

void Balancer::give_back(std::uint32_t index, std::uint32_t number) {
  Server& server = servers_[index];
  Line& line = *server.lines[number];
  if (line.client != Request::kNoConnection) {
    if (line.is_open()) return;
    unbind(line);
  }
  std::erase(server.idle, number);  // an idle one that the server has closed
  if (line.is_open() && server.idle.size() < spec_.idle_connections) {
    server.idle.push_back(number);
  } else {
    line.close();
    server.closed.push_back(number);
  }
  serve_next(index);
}

void Balancer::unbind(Line& line) {
  bound_.erase(line.client);
  line.client = Request::kNoConnection;
  --servers_[line.server()].in_hand;
}

void Balancer::client_closed(std::uint64_t connection) {
  const auto bound = bound_.find(connection);
  if (bound == bound_.end()) {
    for (Exchange& exchange : exchanges_) {
      if (exchange.is_open && exchange.request.connection == connection) exchange.is_abandoned = true;
    }
    return;
  }
  Line& line = *bound->second;
  if (const auto exchange = line.abandon()) forget(*exchange);
  give_back(line.server(), line.number());
}

void Balancer::serve_next(std::uint32_t index) {
  Server& server = servers_[index];
  while (!server.queue.empty()) {
    const std::uint32_t exchange = server.queue.front();
    server.queue.pop_front();
    exchanges_[exchange].is_queued = false;
    const bool takes_the_line = !exchanges_[exchange].is_abandoned;
    begin(exchange);
    if (takes_the_line) return;
  }
}

void Balancer::answer(const Ticket& ticket, Status status) {
  servers_[ticket.server].lines[ticket.line]->answer(ticket.era, status);
}

}  // namespace parallax::steering::health
