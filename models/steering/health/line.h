// A balancer's connection to one of its servers, which carries one request at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/steering/health/balancer.h"

namespace parallax::steering::health {

class Balancer::Line final : private sim::ConnectionListener {
 public:
  Line(Balancer& balancer, std::uint32_t server, std::uint32_t number, const std::string& name);

  std::uint32_t server() const { return server_; }
  std::uint32_t number() const { return number_; }
  bool is_open() { return connection_.client().is_open(); }

  /// Requires: no request on it.
  void carry(std::uint32_t exchange);

  /// Without telling anybody.
  void close();

  /// The same; returns what was on it.
  std::optional<std::uint32_t> abandon();

  /// Whatever is on it is broken.
  void shut();

  // What happens to the balancer's own host.
  void lost();
  void restored() { connection_.client().restore(); }

  /// The client's connection that it belongs to, in a balancer of connections.
  std::uint64_t client{Request::kNoConnection};

  // At the server's site.
  void answer(std::uint32_t era, Status status);

 private:
  enum class State : std::uint8_t { kIdle, kConnecting, kAsking };
  struct AtServer final : sim::ConnectionListener {
    void opened() override {}
    void closed(sim::Closed) override {}
  };

  void opened() override;
  void closed(sim::Closed reason) override;
  void ask();
  void arrive(std::uint32_t era, const Request& request);
  void answered(Status status);
  void give_up();

  Balancer& balancer_;
  std::uint32_t server_;
  std::uint32_t number_;
  AtServer at_server_;
  sim::Connection connection_;
  State state_{State::kIdle};
  std::uint32_t exchange_{0};
  std::uint32_t era_{0};  ///< counted up when a request is over; what belongs to an earlier one is void
};

}  // namespace parallax::steering::health
