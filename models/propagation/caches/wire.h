// The connection between two sides of a cluster, opened again some time after it was lost. What is sent while it is not
// open waits for it, until the sender gives the other side up.
#pragma once

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/connection.h"
#include "sim/site.h"

namespace parallax::propagation::caches {

class Wire {
 public:
  /// One side's end, touched at its site only.
  class End final : public sim::ConnectionListener {
   public:
    explicit End(Wire& wire) : wire_{wire} {}

    void send(const sim::Action& action) {
      if (end_->is_open()) return end_->send(action);
      waiting_.push_back(action);
    }

    /// What waits is forgotten, and what is under way does not come.
    void cut() {
      waiting_.clear();
      end_->close();
      closed(sim::Closed::kByPeer);
    }

    // What happens to the host of this end.
    void lost() {
      waiting_.clear();
      has_power_ = false;
      end_->lose();
    }
    void restored() {
      has_power_ = true;
      end_->restore();
      closed(sim::Closed::kByPeer);
    }

    /// What held back the message that is being delivered here.
    const std::optional<sim::HeldBack>& was_held_back() const { return end_->was_held_back(); }

    void opened() override {
      for (const sim::Action& action : std::exchange(waiting_, {})) end_->send(action);
    }
    void closed(sim::Closed) override {
      if (this == &wire_.client_) wire_.connect_later();
    }

   private:
    friend class Wire;
    Wire& wire_;
    sim::ConnectionEnd* end_{nullptr};
    std::vector<sim::Action> waiting_;
    bool has_power_{true};
  };

  /// `name`: of its random streams.
  Wire(sim::Site& client, sim::Site& server, std::string_view name, const sim::ConnectionSpec& spec,
       sim::Duration reconnect_interval)
      : site_{client}, reconnect_interval_{reconnect_interval}, client_{*this}, server_{*this}, connection_{client,
                                                                                                            server,
                                                                                                            name,
                                                                                                            spec,
                                                                                                            client_,
                                                                                                            server_} {
    client_.end_ = &connection_.client();
    server_.end_ = &connection_.server();
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// Before the run.
  void start() {
    site_.after({}, [this] { connect(); });
  }

  End& client() { return client_; }
  End& server() { return server_; }

 private:
  void connect_later() {
    site_.after(reconnect_interval_, [this, attempt = ++attempts_] {
      if (attempt == attempts_) connect();
    });
  }
  void connect() {
    if (!client_.has_power_) return;
    connection_.client().close();
    connection_.client().connect();
  }

  sim::Site& site_;
  sim::Duration reconnect_interval_;
  End client_;
  End server_;
  sim::Connection connection_;
  std::uint32_t attempts_{0};
};

}  // namespace parallax::propagation::caches
