#include "models/steering/dns/client_cache.h"

namespace parallax::steering::dns {

namespace {

// A question's number tells its name too.
constexpr std::uint64_t numbered(NameId name, std::uint32_t question) {
  return static_cast<std::uint64_t>(question) << 32 | static_cast<std::uint64_t>(index(name));
}

}  // namespace

ClientCache::ClientCache(sim::Site& site, const ClientCacheSpec& spec, Resolver& resolver, std::uint32_t names,
                         User& user)
    : site_{site}, spec_{spec}, resolver_{resolver}, user_{user}, entries_(names) {}

std::optional<Answer> ClientCache::known(NameId name) const {
  const Entry& entry = entries_[index(name)];
  if (entry.expires <= site_.now()) return std::nullopt;
  return entry.answer;
}

void ClientCache::resolve(NameId name) {
  if (const std::optional<Answer> answer = known(name)) return user_.resolved(name, *answer);
  Entry& entry = entries_[index(name)];
  if (entry.is_asked) return;
  entry.is_asked = true;
  entry.attempts = 0;
  ask(name);
}

void ClientCache::ask(NameId name) {
  Entry& entry = entries_[index(name)];
  ++entry.attempts;
  entry.question = numbered(name, ++questions_);
  const Question question{this, site_.id(), name, entry.question};
  site_.send(resolver_.site().id(), [resolver = &resolver_, question] { resolver->ask(question); });
  site_.after(spec_.timeout, [this, name, number = entry.question] {
    const Entry& waiting = entries_[index(name)];
    if (!waiting.is_asked || waiting.question != number) return;
    if (waiting.attempts < spec_.attempts) return ask(name);
    finish(name, Answer{});
  });
}

// An answer to an earlier attempt is as good; the stub resolver still listens.
void ClientCache::answered(std::uint64_t question, const Answer& answer) {
  const auto name = static_cast<NameId>(question & 0xffff'ffff);
  if (entries_[index(name)].is_asked) finish(name, answer);
}

void ClientCache::finish(NameId name, const Answer& answer) {
  Entry& entry = entries_[index(name)];
  entry.is_asked = false;
  entry.answer = answer;
  entry.expires = expiry_of(answer);
  user_.resolved(name, answer);
}

sim::VirtualTime ClientCache::expiry_of(const Answer& answer) const {
  if (!answer.has_address()) return site_.now() + spec_.failures_kept;
  switch (spec_.keeps) {
    case Keeps::kNothing:
      return site_.now();
    case Keeps::kForItsTtl:
      return site_.now() + answer.ttl;
    case Keeps::kFixed:
      return site_.now() + spec_.kept;
    case Keeps::kForEver:
      return sim::kNever;
  }
  return site_.now();
}

void ClientCache::clear() {
  for (Entry& entry : entries_) entry = {};
}

}  // namespace parallax::steering::dns
