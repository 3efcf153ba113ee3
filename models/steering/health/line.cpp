#include "models/steering/health/line.h"

#include <cassert>
#include <utility>

namespace parallax::steering::health {

namespace {

sim::ConnectionSpec line_connection(const BalancerSpec& spec) {
  sim::ConnectionSpec connection = spec.connection;
  connection.connect_timeout = spec.connect_timeout;
  return connection;
}

}  // namespace

Balancer::Line::Line(Balancer& balancer, std::uint32_t server, std::uint32_t number, const std::string& name)
    : balancer_{balancer}, server_{server}, number_{number}, connection_{balancer.site_,
                                                                         balancer.port(server).site(),
                                                                         name,
                                                                         line_connection(balancer.spec_),
                                                                         *this,
                                                                         at_server_} {
  balancer.port(server).join(connection_.server());
}

void Balancer::Line::carry(std::uint32_t exchange) {
  assert(state_ == State::kIdle);
  exchange_ = exchange;
  if (is_open()) return ask();
  state_ = State::kConnecting;
  connection_.client().connect();
}

void Balancer::Line::opened() { ask(); }

void Balancer::Line::ask() {
  state_ = State::kAsking;
  const Request request = balancer_.exchanges_[exchange_].request;
  connection_.client().send([this, era = era_, request] { arrive(era, request); });
  balancer_.site_.after(balancer_.spec_.answer_timeout, [this, era = era_] {
    if (era == era_) give_up();
  });
}

// At the server's site.
void Balancer::Line::arrive(std::uint32_t era, const Request& request) {
  balancer_.host_.serve(balancer_, {server_, number_, era}, request);
}

void Balancer::Line::answer(std::uint32_t era, Status status) {
  if (!connection_.server().is_open()) return;
  connection_.server().send([this, era, status] {
    if (era == era_) answered(status);
  });
}

// And back.
void Balancer::Line::answered(Status status) {
  ++era_;
  state_ = State::kIdle;
  const std::uint32_t exchange = exchange_;
  balancer_.give_back(server_, number_);
  balancer_.finish(exchange, status == Status::kGood ? Result::kAnswered : Result::kBadAnswer);
}

void Balancer::Line::give_up() {
  ++era_;
  state_ = State::kIdle;
  connection_.client().close();
  const std::uint32_t exchange = exchange_;
  balancer_.give_back(server_, number_);
  balancer_.finish(exchange, Result::kNoAnswer);
}

void Balancer::Line::closed(sim::Closed reason) {
  ++era_;
  const State was = std::exchange(state_, State::kIdle);
  const std::uint32_t exchange = exchange_;
  balancer_.give_back(server_, number_);
  if (was == State::kAsking) return balancer_.finish(exchange, Result::kBroken);
  if (was != State::kConnecting) return;
  const bool is_silent = reason == sim::Closed::kConnectTimeout;
  balancer_.connect_failed(exchange, is_silent ? Failure::kSilent : Failure::kRefused);
}

void Balancer::Line::close() { connection_.client().close(); }

std::optional<std::uint32_t> Balancer::Line::abandon() {
  ++era_;
  close();
  if (std::exchange(state_, State::kIdle) == State::kIdle) return std::nullopt;
  return exchange_;
}

void Balancer::Line::lost() {
  ++era_;
  state_ = State::kIdle;
  client = Request::kNoConnection;
  connection_.client().lose();
}

void Balancer::Line::shut() {
  if (!is_open() && state_ == State::kIdle) return;
  connection_.client().close();
  closed(sim::Closed::kByPeer);
}

}  // namespace parallax::steering::health
