// Which node a balancer that sees all gives a call to, by turns and with affinity: nodes that only take notes.
#include "models/steering/load_balancer.h"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "sim/simulation.h"

namespace parallax::test {

namespace health = steering::health;

namespace {

using health::Algorithm;
using health::Persistence;
using steering::AllSeeingBalancer;
using steering::ApiCall;
using steering::Backend;
using steering::Cookie;
using steering::Service;
using steering::TokenCall;

struct Noted {
  std::size_t node;
  Cookie answered;  ///< what the answer bears
};

class Notepad final : public Backend {
 public:
  Notepad(std::size_t number, std::vector<Noted>& notes) : number_{number}, notes_{notes} {}

  bool is_ready() const override { return is_ready_; }
  sim::Standstill& standstill() const override { return standstill_; }
  bool serves(Service service) const override { return service == Service::kApi ? is_gateway_ : is_key_manager_; }
  void call(const ApiCall& call) override { notes_.push_back({number_, call.cookie}); }
  void request_token(const TokenCall& call) override { notes_.push_back({number_, call.cookie}); }
  void open_page(const steering::PageCall& /*call*/) override {}

  bool is_ready_{true};
  bool is_gateway_{true};
  bool is_key_manager_{true};

 private:
  mutable sim::Standstill standstill_{};
  std::size_t number_;
  std::vector<Noted>& notes_;
};

class Client final : public steering::Caller {
 public:
  explicit Client(sim::Site& site) : Caller{site} {}
  void answered(const ApiCall&, domain::Outcome outcome) override { outcomes.push_back(outcome); }
  void token_issued(const TokenCall&, const steering::IssuedToken&) override {}

  std::vector<domain::Outcome> outcomes{};
};

class Door {
 public:
  explicit Door(const AllSeeingBalancer::Spec& spec, std::size_t nodes = 3) : simulation_{one_site()} {
    for (std::size_t i = 0; i < nodes; ++i) nodes_.push_back(std::make_unique<Notepad>(i, notes_));
    std::vector<Backend*> backends;
    for (const auto& node : nodes_) backends.push_back(node.get());
    client_ = std::make_unique<Client>(simulation_.site({}));
    balancer_ = std::make_unique<AllSeeingBalancer>(simulation_.site({}), power, backends, spec);
  }

  Notepad& node(std::size_t i) { return *nodes_[i]; }
  const Client& client() const { return *client_; }

  /// The node that gets the call, and the cookie that comes back. Requires: one is ready.
  Noted call(std::uint32_t user, Cookie cookie = Cookie::kNone) {
    balancer_->call({client_.get(), 0, {}, {}, {}, domain::UserId{user}, cookie});
    return notes_.back();
  }
  Noted request_token(std::uint32_t user, Cookie cookie = Cookie::kNone) {
    balancer_->request_token({client_.get(), {}, {}, domain::UserId{user}, 0, cookie});
    return notes_.back();
  }
  void drain(std::size_t i, std::uint32_t fault = 0) { balancer_->drain(i, fault); }
  void restore(std::size_t i, std::uint32_t fault = 0) { balancer_->restore(i, fault); }
  std::size_t calls() const { return notes_.size(); }
  void run() { simulation_.run(sim::VirtualTime{} + sim::seconds(1)); }

  sim::Power power{};

 private:
  static sim::SimulationSpec one_site() {
    sim::SimulationSpec spec;
    spec.sites = {"dc"};
    spec.faults = 2;
    return spec;
  }

  sim::Simulation simulation_;
  std::vector<Noted> notes_{};
  std::vector<std::unique_ptr<Notepad>> nodes_{};
  std::unique_ptr<Client> client_{};
  std::unique_ptr<AllSeeingBalancer> balancer_{};
};

constexpr AllSeeingBalancer::Spec kCookies{Algorithm::kRoundRobin, Persistence::kCookie};
constexpr AllSeeingBalancer::Spec kAddresses{Algorithm::kRoundRobin, Persistence::kSourceTable};

TEST_CASE("without affinity ready nodes are taken in turn, whoever calls") {
  Door door{{}};
  CHECK(door.call(7).node == 0);
  CHECK(door.call(7).node == 1);
  door.node(2).is_ready_ = false;
  CHECK(door.request_token(7).node == 0);
  CHECK(door.call(7).node == 1);
  CHECK(door.call(7).answered == Cookie::kNone);
}

TEST_CASE("with none ready a call is refused, and without power nobody answers") {
  Door door{{}, 1};
  door.call(7);
  door.node(0).is_ready_ = false;
  door.call(7);
  door.run();
  CHECK(door.calls() == 1);
  CHECK(door.client().outcomes == std::vector{domain::Outcome::kUnavailable});
  door.power.fail({});
  door.call(7);
  CHECK(door.client().outcomes.size() == 1);
}

TEST_CASE("a cookie comes with the first answer and leads back to its node") {
  Door door{kCookies};
  const Noted first = door.call(7);
  CHECK(first.node == 0);
  CHECK(first.answered == steering::cookie_of({}, 0));
  CHECK(door.call(8).node == 1);
  for (int i = 0; i < 3; ++i) {
    const Noted again = door.call(7, first.answered);
    CHECK(again.node == 0);
    CHECK(again.answered == Cookie::kNone);  // no new one: what the client has stays
  }
  CHECK(door.request_token(7, first.answered).node == 0);
}

TEST_CASE("a client that drops its cookies, or has another data center's, is balanced anew") {
  Door door{kCookies};
  CHECK(door.call(7, Cookie::kDropped).node == 0);
  CHECK(door.call(7, Cookie::kDropped).node == 1);
  CHECK(door.call(7, steering::cookie_of(sim::SiteId{1}, 1)).node == 2);
  CHECK(steering::kept_cookie(Cookie::kDropped, steering::cookie_of({}, 0)) == Cookie::kDropped);
  CHECK(steering::kept_cookie(steering::cookie_of({}, 0), Cookie::kNone) == steering::cookie_of({}, 0));
}

TEST_CASE("a client whose node is not ready gets another and stays there") {
  Door door{kCookies};
  const Cookie first = door.call(7).answered;
  door.node(0).is_ready_ = false;
  const Noted moved = door.call(7, first);
  CHECK(moved.node == 1);
  CHECK(moved.answered == steering::cookie_of({}, 1));
  door.node(0).is_ready_ = true;
  CHECK(door.call(7, moved.answered).node == 1);
}

TEST_CASE("addresses are remembered until the balancer loses its power") {
  Door door{kAddresses};
  CHECK(door.call(7).node == 0);
  CHECK(door.call(8).node == 1);
  for (int i = 0; i < 3; ++i) CHECK(door.call(7).node == 0);
  door.power.fail({});
  const std::size_t before = door.calls();
  door.call(7);
  CHECK(door.calls() == before);
  door.power.restore();
  CHECK(door.call(7).node == 2);
}

// Where key managers are apart a request for a token goes to one of them in turn, and the client stays where it is.
TEST_CASE("a token from a node without gateway moves no client") {
  Door door{kAddresses};
  for (const std::size_t gateway : {0U, 1U}) door.node(gateway).is_key_manager_ = false;
  door.node(2).is_gateway_ = false;
  CHECK(door.request_token(7).node == 2);
  const std::size_t home = door.call(7).node;
  CHECK(door.request_token(7).node == 2);
  CHECK(door.call(7).node == home);
}

TEST_CASE("by source a client keeps its node while the same nodes are ready") {
  Door door{{Algorithm::kSource, Persistence::kNone}};
  std::vector<std::size_t> homes;
  for (std::uint32_t user = 0; user < 20; ++user) homes.push_back(door.call(user).node);
  for (std::uint32_t user = 0; user < 20; ++user) CHECK(door.call(user).node == homes[user]);
}

}  // namespace
TEST_CASE("a drained node gets no new clients, keeps those that it has, and is better than none") {
  Door door{{Algorithm::kRoundRobin, Persistence::kCookie}};
  const Cookie own = door.call(1).answered;  // at node 0
  door.drain(0);
  for (std::uint32_t user = 2; user < 20; ++user) CHECK(door.call(user).node != 0);
  CHECK(door.call(1, own).node == 0);
  door.node(1).is_ready_ = false;
  door.node(2).is_ready_ = false;
  CHECK(door.call(20).node == 0);
  door.node(1).is_ready_ = true;
  CHECK(door.call(21).node == 1);
  door.drain(0, 1);
  door.restore(0, 0);
  CHECK(door.call(22).node == 1);  // the other order holds
  door.restore(0, 1);
  door.node(1).is_ready_ = false;
  CHECK(door.call(23).node == 0);
}

}  // namespace parallax::test
