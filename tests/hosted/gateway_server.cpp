#include "gateway_server.h"

#include <sodium/randombytes.h>

#include <boost/beast/core.hpp>
#include <chrono>

#include "models/logic/jwt/encode.h"

namespace parallax::hosted {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using domain::Standing;

namespace {

constexpr domain::ApiId kPizza{0};
constexpr domain::ResourceId kMenu{0};
constexpr domain::ClientId kClient{0};
constexpr domain::ApplicationId kApplication{0};
constexpr domain::TierId kBurstOf5{0};
constexpr domain::Version kVersion = domain::Version::of(1, sim::SiteId{0});

sim::VirtualTime wall_clock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count()};
}

logic::caches::DigestSecret draw_secret() {
  logic::caches::DigestSecret secret;
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

logic::jwt::Policy trusting(const std::string& issuer) {
  logic::jwt::Policy policy;
  policy.issuers = {issuer};
  return policy;
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

GatewayServer::GatewayServer()
    : acceptor_{io_, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}},
      key_{"key-1", logic::jwt::Algorithm::kRs256, signatures_.generate(logic::jwt::Algorithm::kRs256)},
      secret_{draw_secret()},
      verifier_{trusting("https://issuer.example"), signatures_},
      keys_{1, {}, secret_},
      verified_{verifier_, {}, secret_},
      pipeline_{{}, scope_sets_} {
  routes_.add({kPizza, "/pizza", "1.0.0", {}, {{"/menu", logic::routing::Verb::kGet, kMenu}}});
  pipeline_.deploy(kPizza, {kVersion, Standing::kActive});
  pipeline_.deploy(kMenu, logic::gateway::ResourceFacts{kVersion, Standing::kActive});
  logic::gateway::Configuration& known = pipeline_.configuration();
  known.tell(kPizza, {kVersion, Standing::kActive});
  known.tell(kClient, {kVersion, Standing::kActive, kApplication});
  known.tell(kApplication, {kVersion, Standing::kActive});
  known.tell(kApplication, kPizza, {domain::SubscriptionId{0}, {kVersion, Standing::kActive, kBurstOf5}});
  logic::throttling::Policy policy;
  policy.burst = {5, sim::seconds(1)};
  pipeline_.limits().policies.set(kBurstOf5, policy);
}

std::string GatewayServer::issue(const std::string& id) const {
  logic::jwt::Claims claims;
  claims.issuer = verifier_.policy().issuers.front();
  claims.id = id;
  claims.issued = wall_clock();
  claims.expires = wall_clock() + sim::seconds(3'600);
  return logic::jwt::encode(claims, key_, signatures_);
}

void GatewayServer::revoke(const std::string& id) {
  pipeline_.revoked().add_token(verified_.digest_of(id), wall_clock() + sim::seconds(3'600));
}

// Every token of this issuer is the one application's.
logic::gateway::Credential GatewayServer::verify(std::string_view jwt, sim::VirtualTime now) {
  const auto resolve = [](const auto&, auto) { return logic::jwt::Principal{kClient}; };
  const auto verified = verified_.verify(jwt, workspace_, keys_, now, resolve, [](const auto&) {});
  if (verified.verdict.fetch == logic::jwt::KeyLookUp::Fetch::kBegin) {
    keys_.fetched(logic::jwt::IssuerId{0}, {kVersion, {key_}}, now);
    return verify(jwt, now);
  }
  return logic::gateway::credential_of(verified);
}

// Nobody can be asked about opaque tokens, or for more configuration.
logic::gateway::Decision GatewayServer::decide(const logic::gateway::Request& request, sim::VirtualTime now) {
  using logic::gateway::Step;
  logic::gateway::Reading reading = logic::gateway::read(request, routes_, cors_, secret_);
  Step step = pipeline_.decide(reading.call, now);
  if (step.next == Step::Next::kVerifyToken) {
    reading.call.credential = verify(reading.jwt, now);
    step = pipeline_.decide(reading.call, now);
  }
  return step.next == Step::Next::kDecided ? step.decision : pipeline_.resume_without_answer(reading.call);
}

void GatewayServer::keep_house(sim::VirtualTime now) {
  if (now < next_housekeeping_) return;
  next_housekeeping_ = now + pipeline_.options().cache.sweep_interval;
  pipeline_.keep_house(now);
  pipeline_.revoked().clean(now);
  verified_.sweep(now, [](const auto&) {});
}

HttpResponse GatewayServer::answer(const HttpRequest& request) {
  const sim::VirtualTime now = wall_clock();
  keep_house(now);
  logic::gateway::Request seen;
  seen.head = {view(request.method_string()),
               view(request.target()),
               view(request[http::field::origin]),
               view(request[http::field::access_control_request_method]),
               {}};
  seen.authorization = view(request[http::field::authorization]);
  const logic::gateway::Decision decision = decide(seen, now);
  HttpResponse response{static_cast<http::status>(decision.answer.http), request.version()};
  response.body() = std::to_string(decision.answer.code);
  if (decision.next_access != sim::kNever) {
    const std::int64_t wait_ns = (decision.next_access - now).ns;
    response.set(http::field::retry_after, std::to_string((wait_ns + 999'999'999) / 1'000'000'000));
  }
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  return response;
}

void GatewayServer::serve_one_connection() {
  tcp::socket socket{io_};
  acceptor_.accept(socket);
  boost::beast::flat_buffer buffer;
  boost::system::error_code error;
  while (!error) {
    HttpRequest request;
    http::read(socket, buffer, request, error);
    if (!error) http::write(socket, answer(request), error);
  }
}

}  // namespace parallax::hosted
