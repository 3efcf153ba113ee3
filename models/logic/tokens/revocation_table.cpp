#include "models/logic/tokens/revocation_table.h"

namespace parallax::logic::tokens {

using caches::Digest;

void RevocationTable::insert(const RevocationEvent& event) {
  if (is_rule(event.kind)) {
    const auto id = event.kind == RevocationKind::kUser ? domain::index(event.user) : domain::index(event.client);
    const auto [rule, is_new] = rules_.try_emplace({event.kind, static_cast<std::uint32_t>(id)}, event);
    if (!is_new && rule->second.revoked < event.revoked) rule->second = event;
    return;
  }
  const auto [expiry, is_new] = expiry_.try_emplace(event.token, event.expires);
  if (!is_new) {
    if (event.expires <= expiry->second) return;
    tokens_.erase({expiry->second, event.token});
    expiry->second = event.expires;
  }
  tokens_.emplace(std::pair{event.expires, event.token}, event);
}

void RevocationTable::delete_expired(sim::VirtualTime now, std::vector<Digest>& deleted) {
  while (!tokens_.empty() && tokens_.begin()->first.first < now) {
    deleted.push_back(tokens_.begin()->first.second);
    expiry_.erase(deleted.back());
    tokens_.erase(tokens_.begin());
  }
}

RevocationTable::Deletion RevocationTable::erase(Digest token) {
  const auto found = expiry_.find(token);
  if (found == expiry_.end()) return Deletion::kNoSuchRow;
  tokens_.erase({found->second, token});
  expiry_.erase(found);
  return Deletion::kDeleted;
}

std::vector<RevocationEvent> RevocationTable::list() const {
  std::vector<RevocationEvent> all;
  all.reserve(tokens_.size() + rules_.size());
  for (const auto& [key, event] : tokens_) all.push_back(event);
  for (const auto& [key, event] : rules_) all.push_back(event);
  return all;
}

}  // namespace parallax::logic::tokens
