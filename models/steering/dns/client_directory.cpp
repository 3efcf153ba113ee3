#include "models/steering/dns/client_directory.h"

#include <cassert>
#include <utility>

#include "sim/discrete.h"

namespace parallax::steering::dns {

namespace {

template <typename Shares>
sim::Discrete by_share(const Shares& shares) {
  std::vector<double> weights;
  for (const auto& one : shares) weights.push_back(one.share);
  return sim::Discrete{weights};
}

}  // namespace

ClientDirectory::Client::Client(ClientDirectory& owner, SessionId id, const ClientCacheSpec& cache_spec,
                                Resolver& resolver)
    : directory{owner}, session{id}, cache{owner.site_, cache_spec, resolver, owner.spec_.names, *this} {
  if (owner.spec_.keep_alive) kept.emplace(*owner.spec_.keep_alive);
}

ClientDirectory::ClientDirectory(sim::Site& site, const std::string& label, ClientDirectorySpec spec)
    : site_{site}, spec_{std::move(spec)} {
  assert(!spec_.resolvers.empty() && !spec_.caches.empty());
  const sim::Discrete resolvers = by_share(spec_.resolvers);
  const sim::Discrete caches = by_share(spec_.caches);
  sim::Stream which_resolver = site.stream(label, "resolver");
  sim::Stream which_cache = site.stream(label, "cache");
  for (std::uint32_t session = 0; session < spec_.sessions; ++session) {
    clients_.emplace_back(*this, SessionId{session}, spec_.caches[caches.sample(which_cache)].one,
                          *spec_.resolvers[resolvers.sample(which_resolver)].one);
  }
}

void ClientDirectory::find(Seeker& seeker, SessionId session, std::uint64_t question, Way way) {
  Client& client = clients_[steering::index(session)];
  if (client.kept && way == Way::kAsTold) {
    if (const std::optional<sim::SiteId> site = client.kept->usable(site_.now())) {
      client.kept->used(site_.now());
      client.led_to = *site;
      return seeker.found(session, question, spec_.doors[sim::index(*site)]);
    }
  }
  if (!client.cache.known(spec_.name)) client.broken = 0;
  client.waiting.push_back({&seeker, question, way});
  client.cache.resolve(spec_.name);
}

// Of several calls to one address the first that fails counts.
void ClientDirectory::failed(SessionId session, sim::SiteId called) {
  Client& client = clients_[steering::index(session)];
  if (client.led_to == kNowhere || (called != kNowhere && called != client.led_to)) return;
  client.led_to = kNowhere;
  ++client.broken;
  if (client.kept) client.kept->broken();
}

void ClientDirectory::Client::resolved(NameId /*name*/, const Answer& answer) {
  for (const Waiting& one : std::exchange(waiting, {})) {
    FrontDoor* door = directory.door_for(*this, answer, one.way);
    const bool is_refused = door != nullptr && directory.site_.refusal_by(door->site());
    if (door != nullptr && one.way == Way::kAsTold) {
      led_to = door->site();
      if (kept && !is_refused) kept->opened(led_to, directory.site_.now());
    }
    if (is_refused) {
      one.seeker->refused(session, one.question, *door);
    } else {
      one.seeker->found(session, one.question, door);
    }
  }
}

FrontDoor* ClientDirectory::door_for(const Client& client, const Answer& answer, Way way) const {
  if (!answer.has_address()) return nullptr;
  FrontDoor* told = spec_.doors[sim::index(answer.addresses[client.broken % answer.count])];
  if (way == Way::kAsTold) return told;
  for (FrontDoor* other : spec_.doors) {
    if (other != nullptr && other != told) return other;
  }
  return told;
}

}  // namespace parallax::steering::dns
