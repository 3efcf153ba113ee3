// What clients send and get back.
#pragma once

#include <cstdint>

#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "sim/time.h"

namespace parallax::steering {

class Population;

enum class SessionId : std::uint32_t {};  ///< a user of a population: holds one token at a time

constexpr std::size_t index(SessionId session) { return static_cast<std::size_t>(session); }

/// What a signed token says of itself.
struct Claims {
  domain::ApplicationId application;
  domain::Version issued;  ///< the version that it had then
  sim::VirtualTime expires;
};

struct ApiCall {
  Population* caller;
  std::uint64_t number;  ///< counted by the population
  domain::TokenId token;
  domain::ApiId api;
  Claims claims;
};

struct TokenCall {
  Population* caller;
  SessionId session;
  domain::ApplicationId application;
  domain::UserId user;
  std::uint32_t attempt{0};  ///< of the session
};

struct IssuedToken {
  domain::TokenId token;
  domain::Version version;
  sim::VirtualTime expires;     ///< by its issuer's clock, as a signed token says itself
  sim::VirtualTime good_until;  ///< by the right one: when the client asks for the next
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
  virtual bool serves(Service service) const = 0;
  virtual void call(const ApiCall& call) = 0;
  virtual void request_token(const TokenCall& call) = 0;
  virtual void open_page(const PageCall& call) = 0;
};

}  // namespace parallax::steering
