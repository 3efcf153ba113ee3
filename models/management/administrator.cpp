#include "models/management/administrator.h"

#include <utility>

namespace parallax::management {

namespace {

// A live token is found within a few draws unless hardly any is left; then this revocation is skipped.
constexpr int kDraws = 64;

}  // namespace

Administrator::Administrator(sim::Site& site, const std::string& name, const RevocationSpec& spec,
                             propagation::Database& database, std::vector<runtime::Node*> nodes)
    : site_{site},
      spec_{spec},
      database_{database},
      nodes_{std::move(nodes)},
      gaps_{site.stream(name, "gaps")},
      choices_{site.stream(name, "choices")} {}

void Administrator::start() { schedule_next(spec_.from); }

void Administrator::schedule_next(sim::VirtualTime from) {
  const sim::VirtualTime next = from + spec_.gap.sample(gaps_);
  if (next < spec_.until) site_.at(next, [this] { revoke_one(); });
}

void Administrator::revoke_one() {
  schedule_next(site_.now());
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto token = static_cast<domain::TokenId>(choices_.below(database_.token_count()));
    if (!logic::is_valid(database_.token(token), site_.now())) continue;
    nodes_[turn_++ % nodes_.size()]->key_manager().revoke(token);
    return;
  }
}

}  // namespace parallax::management
