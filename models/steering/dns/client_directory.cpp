#include "models/steering/dns/client_directory.h"

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

template <typename Shares>
auto without_shares(const Shares& shares) {
  std::vector<decltype(shares.front().one)> all;
  for (const auto& one : shares) all.push_back(one.one);
  return all;
}

}  // namespace

ClientDirectory::ClientDirectory(sim::Site& site, const std::string& label, ClientDirectorySpec spec)
    : site_{site},
      spec_{std::move(spec)},
      caches_{site, spec_.name, without_shares(spec_.caches), without_shares(spec_.resolvers), *this},
      clients_(spec_.sessions) {
  if (spec_.keep_alive) kept_.resize(spec_.sessions);
  const sim::Discrete resolvers = by_share(spec_.resolvers);
  const sim::Discrete caches = by_share(spec_.caches);
  sim::Stream which_resolver = site.stream(label, "resolver");
  sim::Stream which_cache = site.stream(label, "cache");
  caches_.reserve(spec_.sessions);
  for (std::uint32_t session = 0; session < spec_.sessions; ++session) {
    caches_.add(caches.sample(which_cache), resolvers.sample(which_resolver));
  }
}

void ClientDirectory::find(Seeker& seeker, SessionId session, std::uint64_t question, Way way) {
  const std::size_t client = steering::index(session);
  if (!kept_.empty() && way == Way::kAsTold) {
    if (const std::optional<sim::SiteId> site = kept_[client].usable(*spec_.keep_alive, site_.now())) {
      kept_[client].used(site_.now());
      clients_[client].led_to = *site;
      return seeker.found(session, question, spec_.doors[sim::index(*site)]);
    }
  }
  const auto number = static_cast<std::uint32_t>(client);
  if (const Answer* known = caches_.known(number)) return lead(number, Answer{*known}, {&seeker, question, way});
  clients_[client].broken = 0;
  waiting_[number].push_back({&seeker, question, way});
  caches_.resolve(number);
}

// Of several calls to one address the first that fails counts.
void ClientDirectory::failed(SessionId session, sim::SiteId called) {
  Client& client = clients_[steering::index(session)];
  if (client.led_to == kNowhere || (called != kNowhere && called != client.led_to)) return;
  client.led_to = kNowhere;
  ++client.broken;
  if (!kept_.empty()) kept_[steering::index(session)].broken();
}

void ClientDirectory::resolved(std::uint32_t client, const Answer& answer) {
  const auto found = waiting_.find(client);
  if (found == waiting_.end()) return;
  const std::vector<Waiting> waiting = std::move(found->second);
  waiting_.erase(found);
  for (const Waiting& one : waiting) {
    lead(client, answer, one);
  }
}

void ClientDirectory::lead(std::uint32_t client, const Answer& answer, const Waiting& one) {
  FrontDoor* door = door_for(clients_[client], answer, one.way);
  const bool is_refused = door != nullptr && site_.refusal_by(door->site());
  if (door != nullptr && one.way == Way::kAsTold) {
    clients_[client].led_to = door->site();
    if (!kept_.empty() && !is_refused) kept_[client].opened(door->site(), site_.now());
  }
  const auto session = static_cast<SessionId>(client);
  if (is_refused) return one.seeker->refused(session, one.question, *door);
  one.seeker->found(session, one.question, door);
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
