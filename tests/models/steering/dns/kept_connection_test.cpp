// Connections that outlast a change of address, by hand.
#include <catch2/catch.hpp>

#include "models/steering/dns/kept_connection.h"

namespace parallax::test {

using sim::seconds;
using steering::dns::KeepAliveSpec;
using steering::dns::KeptConnection;

namespace {

constexpr sim::SiteId kEast{0};

constexpr sim::VirtualTime at(std::int64_t second) { return sim::VirtualTime{} + seconds(second); }

}  // namespace

TEST_CASE("a connection in use stays where it is until it is too old") {
  const KeepAliveSpec spec{seconds(75), seconds(3'600)};
  KeptConnection connection;
  CHECK_FALSE(connection.usable(spec, at(0)));
  connection.opened(kEast, at(0));
  for (int second = 60; second < 3'600; second += 60) {
    REQUIRE(connection.usable(spec, at(second)) == kEast);
    connection.used(at(second));
  }
  CHECK_FALSE(connection.usable(spec, at(3'600)));
}

TEST_CASE("an idle connection is closed, and a broken one is no more") {
  const KeepAliveSpec spec{seconds(75), {}};
  KeptConnection connection;
  connection.opened(kEast, at(0));
  CHECK(connection.usable(spec, at(74)) == kEast);
  CHECK_FALSE(connection.usable(spec, at(75)));
  connection.used(at(74));
  CHECK(connection.usable(spec, at(148)) == kEast);
  connection.broken();
  CHECK_FALSE(connection.usable(spec, at(148)));
}

}  // namespace parallax::test
