// What stands between a population's clients and the data center that a name leads to: each client's own cache, the
// resolver that it asks, and a connection that it keeps. While a connection lives nothing is looked up; when it breaks
// the client tries the answer's next address.
//
// A client is a session. Which resolver is its own and how it keeps addresses are drawn for each, by the shares of each
// class. There may be millions: see client_cache.h.
//
// Stages: client_dns_cache and dns_ttl as their rooms say; a connection that is kept adds up to its greatest age.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/steering/directory.h"
#include "models/steering/dns/client_cache.h"
#include "models/steering/dns/kept_connection.h"
#include "models/steering/dns/resolver.h"
#include "models/steering/dns/spec.h"
#include "sim/site.h"

namespace parallax::steering::dns {

struct ClientDirectorySpec {
  template <typename T>
  struct Shared {
    T one;
    double share;  ///< >= 0, of their sum
  };
  NameId name{};
  std::uint32_t sessions{0};
  std::vector<Shared<Resolver*>> resolvers;     ///< at least one
  std::vector<Shared<ClientCacheSpec>> caches;  ///< at least one
  std::optional<KeepAliveSpec> keep_alive;      ///< nothing: each call opens a connection
  std::vector<FrontDoor*> doors;                ///< by site; null: none is there
};

class ClientDirectory final : public Directory, private ClientCaches::User {
 public:
  /// `site`: the clients'. `label` tells its random streams apart.
  ClientDirectory(sim::Site& site, const std::string& label, ClientDirectorySpec spec);

  void find(Seeker& seeker, SessionId session, std::uint64_t question, Way way) override;
  void failed(SessionId session, sim::SiteId called) override;

 private:
  struct Waiting {
    Seeker* seeker;
    std::uint64_t question;
    Way way;
  };
  struct Client {
    std::uint32_t broken{0};       ///< connections since the last answer: which of its addresses is next
    sim::SiteId led_to{kNowhere};  ///< last, unless that has failed
  };

  void resolved(std::uint32_t client, const Answer& answer) override;
  void lead(std::uint32_t client, const Answer& answer, const Waiting& one);
  FrontDoor* door_for(const Client& client, const Answer& answer, Way way) const;

  sim::Site& site_;
  ClientDirectorySpec spec_;
  ClientCaches caches_;
  std::vector<Client> clients_;                                             ///< by SessionId
  std::vector<KeptConnection> kept_;                                        ///< by SessionId, where clients keep them
  boost::unordered_flat_map<std::uint32_t, std::vector<Waiting>> waiting_;  ///< by client; never gone through
};

}  // namespace parallax::steering::dns
