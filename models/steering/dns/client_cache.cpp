#include "models/steering/dns/client_cache.h"

#include <cassert>
#include <utility>

namespace parallax::steering::dns {

namespace {

// A question's number tells whose it is.
constexpr std::uint64_t numbered(std::uint32_t client, std::uint32_t serial) {
  return static_cast<std::uint64_t>(client) << 32 | serial;
}

}  // namespace

ClientCaches::ClientCaches(sim::Site& site, NameId name, std::vector<ClientCacheSpec> specs,
                           std::vector<Resolver*> resolvers, User& user)
    : site_{site}, name_{name}, specs_{std::move(specs)}, resolvers_{std::move(resolvers)}, user_{user} {
  assert(!specs_.empty() && !resolvers_.empty());
}

void ClientCaches::add(std::uint32_t spec, std::uint32_t resolver) {
  assert(spec < specs_.size() && resolver < resolvers_.size());
  clients_.push_back({sim::VirtualTime{-1}, 0, resolver * static_cast<std::uint32_t>(specs_.size()) + spec});
}

const Answer* ClientCaches::known(std::uint32_t client) const {
  const Client& one = clients_[client];
  return one.expires <= site_.now() ? nullptr : &answers_[one.answer];
}

void ClientCaches::resolve(std::uint32_t client) {
  if (const Answer* answer = known(client)) return user_.resolved(client, Answer{*answer});
  const auto [asking, is_first] = asking_.try_emplace(client);
  if (is_first) ask(client, asking->second);
}

void ClientCaches::ask(std::uint32_t client, Asking& asking) {
  ++asking.attempts;
  asking.serial = ++serials_;
  const Question question{this, site_.id(), name_, numbered(client, asking.serial)};
  Resolver& resolver = resolver_of(client);
  site_.send(resolver.site().id(), [resolver = &resolver, question] { resolver->ask(question); });
  site_.after(spec_of(client).timeout, [this, client, serial = asking.serial] { expire(client, serial); });
}

void ClientCaches::expire(std::uint32_t client, std::uint32_t serial) {
  const auto asking = asking_.find(client);
  if (asking == asking_.end() || asking->second.serial != serial) return;
  if (asking->second.attempts < spec_of(client).attempts) return ask(client, asking->second);
  finish(client, Answer{});
}

// An answer to an earlier attempt is as good; the stub resolver still listens.
void ClientCaches::answered(std::uint64_t question, const Answer& answer) {
  const auto client = static_cast<std::uint32_t>(question >> 32);
  if (asking_.contains(client)) finish(client, answer);
}

void ClientCaches::finish(std::uint32_t client, const Answer& answer) {
  asking_.erase(client);
  clients_[client].answer = kept_once(answer);
  clients_[client].expires = expiry_of(spec_of(client), answer);
  user_.resolved(client, answer);
}

std::uint32_t ClientCaches::kept_once(const Answer& answer) {
  std::array<std::uint16_t, Answer::kMost + 1> key{};
  key[0] = static_cast<std::uint16_t>(static_cast<unsigned>(answer.code) << 8 | answer.count);
  for (std::size_t i = 0; i < answer.count; ++i) key[i + 1] = static_cast<std::uint16_t>(answer.addresses[i]);
  const auto [place, is_new] = places_.try_emplace(key, static_cast<std::uint32_t>(answers_.size()));
  if (is_new) {
    answers_.push_back(answer);
    answers_.back().ttl = {};
  }
  return place->second;
}

sim::VirtualTime ClientCaches::expiry_of(const ClientCacheSpec& spec, const Answer& answer) const {
  if (!answer.has_address()) return site_.now() + spec.failures_kept;
  switch (spec.keeps) {
    case Keeps::kNothing:
      return site_.now();
    case Keeps::kForItsTtl:
      return site_.now() + answer.ttl;
    case Keeps::kFixed:
      return site_.now() + spec.kept;
    case Keeps::kForEver:
      return sim::kNever;
  }
  return site_.now();
}

void ClientCaches::clear(std::uint32_t client) {
  clients_[client].expires = sim::VirtualTime{-1};
  asking_.erase(client);
}

}  // namespace parallax::steering::dns
