// What an application keeps of the addresses that its resolver told it. Browsers and language runtimes hide the TTL
// from themselves, for the system's call does not hand it on: they keep an address for a time of their own, some for
// ever. So a client follows a change up to that long after its resolver did; one that keeps it for ever, never until it
// is started again.
//
// A question without an answer is asked again, as by the system's stub resolver (resolv.conf(5): timeout 5 s, attempts
// 2); then it has failed. A failure or an empty answer is kept for a time of its own.
//
// Stages: client_dns_cache [0, kept].
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/steering/dns/answer.h"
#include "models/steering/dns/resolver.h"
#include "models/steering/dns/spec.h"
#include "sim/site.h"

namespace parallax::steering::dns {

class ClientCache final : private Asker {
 public:
  /// Whoever wants an address.
  class User {
   public:
    /// The answer may be an empty one or a failure.
    virtual void resolved(NameId name, const Answer& answer) = 0;

   protected:
    ~User() = default;
  };

  /// `names`: of the zone. Must outlive the run.
  ClientCache(sim::Site& site, const ClientCacheSpec& spec, Resolver& resolver, std::uint32_t names, User& user);
  ClientCache(const ClientCache&) = delete;
  ClientCache& operator=(const ClientCache&) = delete;

  /// The user is told, at once if it is known. Several questions for a name that is being asked for are one, and
  /// answered once.
  void resolve(NameId name);

  /// What it would say at once; nothing if it must ask.
  std::optional<Answer> known(NameId name) const;

  /// The process is started again.
  void clear();

 private:
  struct Entry {
    Answer answer{};
    sim::VirtualTime expires{-1};  ///< kNever: never
    bool is_asked{false};
    std::uint32_t attempts{0};
    std::uint64_t question{0};  ///< of the last one asked
  };

  void ask(NameId name);
  void answered(std::uint64_t question, const Answer& answer) override;
  void finish(NameId name, const Answer& answer);
  sim::VirtualTime expiry_of(const Answer& answer) const;

  sim::Site& site_;
  ClientCacheSpec spec_;
  Resolver& resolver_;
  User& user_;
  std::vector<Entry> entries_;
  std::uint32_t questions_{0};
};

}  // namespace parallax::steering::dns
