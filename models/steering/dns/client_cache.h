// What applications keep of the addresses that their resolvers told them. Browsers and language runtimes hide the TTL
// from themselves, for the system's call does not hand it on: they keep an address for a time of their own, some for
// ever. So a client follows a change up to that long after its resolver did; one that keeps it for ever, never until it
// is started again.
//
// A question without an answer is asked again, as by the system's stub resolver (resolv.conf(5): timeout 5 s, attempts
// 2); then it has failed. A failure or an empty answer is kept for a time of its own.
//
// One object stands for all clients of a population that ask for one name, each with a cache of its own: there may be
// millions, so a client is 16 bytes, what clients have in common is kept once, and a question while it is asked.
//
// Stages: client_dns_cache [0, kept].
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "models/steering/dns/answer.h"
#include "models/steering/dns/resolver.h"
#include "models/steering/dns/spec.h"
#include "sim/site.h"

namespace parallax::steering::dns {

class ClientCaches final : private Asker {
 public:
  /// Whoever wants addresses.
  class User {
   public:
    /// The answer may be an empty one or a failure; its TTL is not told.
    virtual void resolved(std::uint32_t client, const Answer& answer) = 0;

   protected:
    ~User() = default;
  };

  /// Of `name`. Requires: at least one spec and one resolver. Must outlive the run.
  ClientCaches(sim::Site& site, NameId name, std::vector<ClientCacheSpec> specs, std::vector<Resolver*> resolvers,
               User& user);
  ClientCaches(const ClientCaches&) = delete;
  ClientCaches& operator=(const ClientCaches&) = delete;

  void reserve(std::size_t clients) { clients_.reserve(clients); }

  /// A further client, numbered from 0, that keeps addresses by the spec and asks the resolver of these places.
  void add(std::uint32_t spec, std::uint32_t resolver);

  /// The user is told, at once if it is known. Several questions of a client that is asking are one, and answered once.
  void resolve(std::uint32_t client);

  /// What it would say at once; null if it must ask. Good until another is resolved.
  const Answer* known(std::uint32_t client) const;

  /// The client's process is started again.
  void clear(std::uint32_t client);

 private:
  struct Client {
    sim::VirtualTime expires{-1};  ///< kNever: never
    std::uint32_t answer{0};       ///< of `answers_`
    std::uint32_t kind{0};         ///< its resolver's place times the number of specs, and its spec's
  };
  static_assert(sizeof(Client) == 16);
  struct Asking {
    std::uint32_t attempts{0};
    std::uint32_t serial{0};  ///< of the last question
  };

  const ClientCacheSpec& spec_of(std::uint32_t client) const { return specs_[clients_[client].kind % specs_.size()]; }
  Resolver& resolver_of(std::uint32_t client) const { return *resolvers_[clients_[client].kind / specs_.size()]; }
  void ask(std::uint32_t client, Asking& asking);
  void expire(std::uint32_t client, std::uint32_t serial);
  void answered(std::uint64_t question, const Answer& answer) override;
  void finish(std::uint32_t client, const Answer& answer);
  sim::VirtualTime expiry_of(const ClientCacheSpec& spec, const Answer& answer) const;
  std::uint32_t kept_once(const Answer& answer);

  sim::Site& site_;
  NameId name_;
  std::vector<ClientCacheSpec> specs_;
  std::vector<Resolver*> resolvers_;
  User& user_;
  std::vector<Client> clients_;
  boost::unordered_flat_map<std::uint32_t, Asking> asking_;  ///< by client; never gone through
  std::uint32_t serials_{0};
  std::vector<Answer> answers_;                                                   ///< all that differ, without TTLs
  std::map<std::array<std::uint16_t, Answer::kMost + 1>, std::uint32_t> places_;  ///< in `answers_`
};

}  // namespace parallax::steering::dns
