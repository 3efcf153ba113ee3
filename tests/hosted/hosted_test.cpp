#include <boost/asio/connect.hpp>
#include <boost/beast/core.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "gateway_server.h"

namespace parallax::hosted {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

// The server on a thread of its own, and one connection to it.
class Running {
 public:
  Running() : serving_{[this] { server.serve_one_connection(); }} {
    socket_.connect({boost::asio::ip::address_v4::loopback(), server.port()});
  }
  ~Running() {
    socket_.close();
    serving_.join();
  }

  HttpResponse send(http::verb verb, const std::string& target, const std::string& authorization = {}) {
    HttpRequest request{verb, target, 11};
    request.set(http::field::host, "localhost");
    if (!authorization.empty()) request.set(http::field::authorization, authorization);
    if (verb == http::verb::options) {
      request.set(http::field::origin, "https://shop.example");
      request.set(http::field::access_control_request_method, "GET");
    }
    http::write(socket_, request);
    HttpResponse response;
    http::read(socket_, buffer_, response);
    return response;
  }

  GatewayServer server;

 private:
  std::thread serving_;
  boost::asio::io_context io_;
  tcp::socket socket_{io_};
  boost::beast::flat_buffer buffer_;
};

std::string outcome(const HttpResponse& response) {
  return std::to_string(response.result_int()) + " " + response.body();
}

TEST_CASE("the logic decides behind a socket and the machine's clock as it does in virtual time") {
  Running gateway;
  const std::string menu = "/pizza/1.0.0/menu";
  const std::string bearer = "Bearer " + gateway.server.issue("first");
  CHECK(outcome(gateway.send(http::verb::get, menu, bearer)) == "200 0");
  CHECK(outcome(gateway.send(http::verb::get, menu)) == "401 900902");
  CHECK(outcome(gateway.send(http::verb::get, "/pasta/1.0.0/menu", bearer)) == "404 404");
  CHECK(outcome(gateway.send(http::verb::get, "/pizza/1.0.0/drinks", bearer)) == "404 404");
  CHECK(outcome(gateway.send(http::verb::delete_, menu, bearer)) == "405 405");
  CHECK(outcome(gateway.send(http::verb::get, menu, bearer + "x")) == "401 900901");
  CHECK(outcome(gateway.send(http::verb::get, menu, "Bearer opaque")) == "500 900900");
  CHECK(outcome(gateway.send(http::verb::options, menu)) == "200 0");
}

TEST_CASE("a revoked JWT is refused from the moment its id is in the map") {
  Running gateway;
  const std::string bearer = "Bearer " + gateway.server.issue("second");
  CHECK(outcome(gateway.send(http::verb::get, "/pizza/1.0.0/menu", bearer)) == "200 0");
  gateway.server.revoke("second");
  CHECK(outcome(gateway.send(http::verb::get, "/pizza/1.0.0/menu", bearer)) == "401 900901");
}

// 5 calls in a second pass. A machine so slow that 20 calls take longer than a second would begin another window: then
// some of the later ones pass, never fewer than 5 in all and never all 20 within one second.
TEST_CASE("a burst is stopped and told when to come back") {
  Running gateway;
  const std::string bearer = "Bearer " + gateway.server.issue("third");
  const auto start = std::chrono::steady_clock::now();
  int admitted = 0;
  for (int i = 0; i < 20; ++i) {
    const HttpResponse response = gateway.send(http::verb::get, "/pizza/1.0.0/menu", bearer);
    admitted += response.result_int() == 200;
    if (response.result_int() == 200) continue;
    CHECK(outcome(response) == "429 900807");
    CHECK(response[http::field::retry_after] == "1");
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
  CHECK(admitted >= 5);
  CHECK(admitted <= 5 * (2 + seconds.count()));
}

}  // namespace
}  // namespace parallax::hosted
