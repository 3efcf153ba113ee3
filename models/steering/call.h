// What clients send and get back.
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "models/steering/cookie.h"
#include "sim/site.h"
#include "sim/standstill.h"
#include "sim/time.h"

namespace parallax::steering {

enum class SessionId : std::uint32_t {};  ///< a user of a population: holds one token at a time

constexpr std::size_t index(SessionId session) { return static_cast<std::size_t>(session); }

/// What a signed token says of itself.
struct Claims {
  domain::ApplicationId application;
  domain::Version issued;  ///< the version that it had then
  sim::VirtualTime expires;
};

class Caller;
class Population;

struct ApiCall {
  Caller* caller;
  std::uint64_t number;  ///< counted by the caller
  domain::TokenId token;
  domain::ApiId api;
  Claims claims;
  domain::UserId user;           ///< calls from an address of its own
  Cookie cookie{Cookie::kNone};  ///< in an answer: a new one
};

struct TokenCall {
  Caller* caller;
  SessionId session;
  domain::ApplicationId application;
  domain::UserId user;
  std::uint32_t attempt{0};      ///< of the session
  Cookie cookie{Cookie::kNone};  ///< in an answer: a new one
};

struct IssuedToken {
  domain::TokenId token;
  domain::Version version;
  sim::VirtualTime expires;     ///< by its issuer's clock, as a signed token says itself
  sim::VirtualTime good_until;  ///< by the right one: when the client asks for the next
};

/// Whoever calls: clients, or a balancer on their behalf. An answer gives the call back.
class Caller {
 public:
  virtual void answered(const ApiCall& call, domain::Outcome outcome) = 0;
  virtual void token_issued(const TokenCall& call, const IssuedToken& issued) = 0;

  sim::Site& site() const { return site_; }

 protected:
  explicit Caller(sim::Site& site) : site_{site} {}
  ~Caller() = default;

  sim::Site& site_;
};

enum class Service : std::uint8_t { kApi, kToken, kPortal, kPublisher };

/// A page of the developer portal or the publisher.
struct PageCall {
  Population* caller;
  std::uint64_t number;  ///< counted by the population
  Service service;
};

/// Whatever answers calls: a node. An answer goes back through the network to `caller`.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual bool is_ready() const = 0;
  virtual sim::Standstill& standstill() const = 0;
  virtual bool serves(Service service) const = 0;
  virtual void call(const ApiCall& call) = 0;
  virtual void request_token(const TokenCall& call) = 0;
  virtual void open_page(const PageCall& call) = 0;
};

}  // namespace parallax::steering
