// The decision logic behind a socket and the machine's clock: an HTTP gateway in a few screens. It runs
// what the simulator runs, unchanged; it links neither the engine nor any format.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>
#include <string>

#include "models/logic/gateway/edge.h"
#include "models/logic/gateway/pipeline.h"
#include "tests/models/logic/jwt/openssl_signatures.h"

namespace parallax::hosted {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

class GatewayServer {
 public:
  /// Listens on a free port of the loopback interface. One API, "/pizza" 1.0.0: GET /menu, at most 5 calls in a second.
  GatewayServer();
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  /// Answers one connection's requests until the other side closes it.
  void serve_one_connection();

  /// A JWT of the server's own issuer, good for an hour; `id` is its jti.
  std::string issue(const std::string& id) const;
  void revoke(const std::string& id);

 private:
  HttpResponse answer(const HttpRequest& request);
  logic::gateway::Credential verify(std::string_view jwt, sim::VirtualTime now);
  void keep_house(sim::VirtualTime now);
  logic::gateway::Decision decide(const logic::gateway::Request& request, sim::VirtualTime now);

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  testing::OpenSslSignatures signatures_;
  logic::jwt::SigningKey key_;
  logic::caches::DigestSecret secret_{};
  logic::jwt::Verifier verifier_;
  logic::jwt::KeyCache keys_;
  logic::jwt::VerificationCache verified_;
  logic::jwt::Workspace workspace_;
  logic::tokens::ScopeSets scope_sets_;
  logic::routing::RouteTable routes_;
  logic::routing::Cors cors_;
  logic::gateway::Pipeline pipeline_;
  sim::VirtualTime next_housekeeping_;
};

}  // namespace parallax::hosted
