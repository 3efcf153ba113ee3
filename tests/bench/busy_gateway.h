// A gateway with a catalogue of any size that reads requests as text: path, verb, opaque token. Every level of limits
// has a policy and a burst, and what passes is published and counted, so that a decision is all that a real one is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/logic/gateway/edge.h"
#include "models/logic/gateway/pipeline.h"
#include "models/logic/throttling/counter_store.h"
#include "models/logic/throttling/event_publisher.h"

namespace parallax::bench {

struct GatewaySize {
  std::uint32_t apis{200};
  std::uint32_t applications{500};
  std::uint32_t subscriptions_each{20};  ///< of an application; at most `apis`
  std::uint32_t tokens{20'000};
};

class BusyGateway {
 public:
  explicit BusyGateway(const GatewaySize& size);

  /// As it comes off the wire.
  struct TextRequest {
    std::string_view method;
    std::string_view target;
    std::string_view authorization;
    std::uint32_t token;  ///< what a key manager would find behind the authorization
  };

  /// Requests that leave most of the memory cold between two uses of a token, if there is so much: several for each
  /// token, at most 2^22.
  static std::size_t enough_requests(const GatewaySize& size);

  /// Requests of tokens drawn uniformly, each for the resource that its token was cached for.
  void draw_requests(std::size_t count, std::uint64_t seed);
  void request_each_token_once();
  const std::vector<TextRequest>& requests() const { return requests_; }

  /// Caches every token's validation, as if each had been used.
  void warm_up();

  /// As after a restart.
  void forget_tokens() {
    pipeline_.token_caches().clear([](const auto&) {});
  }

  /// Reads, decides, publishes. A token that is not cached is validated here, from the configuration, and cached.
  domain::Outcome handle(const TextRequest& request);

  std::uint64_t admitted() const { return admitted_; }
  std::uint64_t misses() const { return misses_; }

 private:
  struct Use {
    domain::ApiId api;
    domain::ResourceId resource;
  };
  void add_apis();
  void add_subscriptions();
  void set_policies();
  void write_requests(const std::vector<std::uint32_t>& tokens);
  Use use_of(std::uint32_t token) const;
  domain::ApiId subscribed(std::uint32_t application, std::uint32_t nth) const;
  logic::gateway::Validation validate(domain::ApiId api, std::uint32_t token) const;
  logic::gateway::Decision validate_and_resume(const logic::gateway::Call& call, std::uint32_t token);
  void publish();

  GatewaySize size_;
  logic::caches::DigestSecret secret_{1, 2, 3};
  logic::tokens::ScopeSets scope_sets_;
  logic::routing::RouteTable routes_;
  logic::routing::Cors cors_;
  logic::gateway::Pipeline pipeline_;
  logic::throttling::EventPublisher publisher_;
  std::uint32_t unsent_{0};
  std::vector<char> text_;
  std::vector<TextRequest> requests_;
  sim::VirtualTime now_;
  std::uint64_t admitted_{0};
  std::uint64_t misses_{0};
};

/// Mean over `decisions` of them, after as many to warm up.
double cached_decision_ns(const GatewaySize& size, std::size_t decisions);

}  // namespace parallax::bench
