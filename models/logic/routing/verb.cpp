#include "models/logic/routing/verb.h"

namespace parallax::logic::routing {

namespace {

constexpr std::array<std::string_view, kVerbs.size()> kNames{"GET",   "HEAD",   "POST",   "PUT",
                                                             "PATCH", "DELETE", "OPTIONS"};

}  // namespace

std::optional<Verb> parse_verb(std::string_view text) {
  for (const Verb verb : kVerbs) {
    if (text == name_of(verb)) return verb;
  }
  return std::nullopt;
}

std::string_view name_of(Verb verb) { return kNames[static_cast<std::size_t>(verb)]; }

}  // namespace parallax::logic::routing
