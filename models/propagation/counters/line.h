// A connection between two nodes that its client opens again some time after it was lost, with what waits for it to be
// open. Nothing that was under way when it broke comes back: counters of seconds are not worth it, and none of the
// products does.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "sim/connection.h"
#include "sim/site.h"

namespace parallax::propagation::counters {

class Line {
 public:
  /// What its owner at one end does when it opens and when it closes.
  struct Owner {
    std::function<void()> opened;
    std::function<void()> closed;
  };

  /// `name`: of its random streams.
  Line(sim::Site& client, sim::Site& server, std::string_view name, const sim::ConnectionSpec& spec,
       sim::Duration reconnect_interval, Owner at_client, Owner at_server)
      : site_{client},
        reconnect_interval_{reconnect_interval},
        at_client_{*this, std::move(at_client)},
        at_server_{std::move(at_server)},
        connection_{client, server, name, spec, at_client_, at_server_} {}
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// Before the run.
  void start() {
    site_.after({}, [this] { connection_.client().connect(); });
  }

  sim::ConnectionEnd& client() { return connection_.client(); }
  sim::ConnectionEnd& server() { return connection_.server(); }

 private:
  class AtClient final : public sim::ConnectionListener {
   public:
    AtClient(Line& line, Owner owner) : line_{line}, owner_{std::move(owner)} {}
    void opened() override { owner_.opened(); }
    void closed(sim::Closed) override {
      owner_.closed();
      line_.site_.after(line_.reconnect_interval_, [line = &line_] { line->connection_.client().connect(); });
    }

   private:
    Line& line_;
    Owner owner_;
  };
  class AtServer final : public sim::ConnectionListener {
   public:
    explicit AtServer(Owner owner) : owner_{std::move(owner)} {}
    void opened() override { owner_.opened(); }
    void closed(sim::Closed) override { owner_.closed(); }

   private:
    Owner owner_;
  };

  sim::Site& site_;
  sim::Duration reconnect_interval_;
  AtClient at_client_;
  AtServer at_server_;
  sim::Connection connection_;
};

}  // namespace parallax::propagation::counters
